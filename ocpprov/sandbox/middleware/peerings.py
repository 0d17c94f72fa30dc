"""Peering connections, found by filters."""

from __future__ import annotations

import re
from typing import Any, Final

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.listings import Listed, listing_of
from ocpprov.sandbox.middleware.contract import Aws

_FILTER: Final = re.compile(r"Filter\.(\d+)\.Name$")


class Peerings:
    """A filter by tag or by one of the two networks finds those that fit (DescribeVpcPeeringConnections in EC2's API
    reference). moto passes over all filters of this call, and lists every connection."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass."""
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """The answer, with what the filters let through."""
        listing = listing_of(request)
        if request.operation != "DescribeVpcPeeringConnections" or listing is None or not answer.ok:
            return answer
        filters = {
            name: set(request.values(f"Filter.{found[1]}.Value"))
            for key, name in request.parameters.items()
            if (found := _FILTER.match(key))
        }
        backend = aws.ec2(request)
        listed = Listed(answer, listing)
        fitting = [entry for id, entry in listed.entries() if _fits(backend, id, filters)]
        return listed.keep(fitting)


def _fits(backend: Any, id: str, filters: dict[str, set[str]]) -> bool:
    connection = backend.vpc_pcxs[id]
    tags = {tag["key"]: tag["value"] for tag in backend.describe_tags(filters={"resource-id": [id]})}
    known = {
        "requester-vpc-info.vpc-id": connection.vpc.id,
        "accepter-vpc-info.vpc-id": connection.peer_vpc.id,
        "status-code": connection.status["Code"],
        "vpc-peering-connection-id": id,
    }
    return all(
        tags.get(name.removeprefix("tag:")) in values if name.startswith("tag:") else known.get(name) in values
        for name, values in filters.items()
    )
