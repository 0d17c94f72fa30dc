"""Peering connections: one of two VPCs, found by filters."""

from __future__ import annotations

import re
from typing import Any, Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.listings import Listed, listing_of
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.readiness_table import SECOND_PEERING

_ENDED: Final = frozenset({"deleted", "deleting", "expired", "failed", "rejected"})
_FILTER: Final = re.compile(r"Filter\.(\d+)\.Name$")


class Peerings:
    """Asked for again, a connection that is there is the answer, with the tags that it has; one in the other direction
    is made, and can't be accepted (hashicorp/terraform-provider-aws#27750 and #44315). A filter by tag or by one of the
    two networks finds those that fit (DescribeVpcPeeringConnections in EC2's API reference). moto makes another each
    time, passes over all filters of this call, and lists every connection."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The one that is there, or the refusal of a second one."""
        if request.operation == "CreateVpcPeeringConnection":
            wanted = (request.get("VpcId"), request.get("PeerVpcId"))
            there = [each for each in _live(aws.ec2(request)) if (each.vpc.id, each.peer_vpc.id) == wanted]
            return _described(request, aws, there[0].id) if there else None
        if request.operation == "AcceptVpcPeeringConnection":
            return _second(request, aws.ec2(request))
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


def _live(backend: Any) -> list[Any]:
    return [each for each in backend.vpc_pcxs.values() if each._status.code not in _ENDED]


def _second(request: Request, backend: Any) -> Answer | None:
    id = request.get("VpcPeeringConnectionId")
    accepted = backend.vpc_pcxs.get(id)
    for each in _live(backend) if accepted is not None else ():
        same = {each.vpc.id, each.peer_vpc.id} == {accepted.vpc.id, accepted.peer_vpc.id}
        if each is not accepted and same and each._status.code == "active":
            row = SECOND_PEERING
            return error(request, row.code, row.sentence.format(connection=id), row.status)
    return None


def _described(request: Request, aws: Aws, id: str) -> Answer:
    """What is there, in the shape of an answer to the create call."""
    asked = request.with_form({"Action": "DescribeVpcPeeringConnections", "VpcPeeringConnectionId.1": id})
    answer = aws.execute(asked)
    body = answer.body.replace(b"DescribeVpcPeeringConnectionsResponse", b"CreateVpcPeeringConnectionResponse")
    body = body.replace(b"<vpcPeeringConnectionSet><item>", b"<vpcPeeringConnection>")
    body = body.replace(b"</item></vpcPeeringConnectionSet>", b"</vpcPeeringConnection>")
    headers = tuple(header for header in answer.headers if header[0].lower() != "content-length")
    return Answer(answer.status, body, headers)


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
