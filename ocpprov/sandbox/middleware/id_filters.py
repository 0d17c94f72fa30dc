"""Filters by id that moto doesn't have: those of network ACLs and of endpoints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.listings import Listed, listing_of
from ocpprov.sandbox.middleware.contract import Aws

_FILTER_NAME: Final = re.compile(r"Filter\.(\d+)\.Name$")
_BY_ID: Final[Mapping[str, str]] = {
    "DescribeNetworkAcls": "network-acl-id",
    "DescribeVpcEndpoints": "vpc-endpoint-id",
}


class IdFilters:
    """moto says of them that they aren't implemented. It is asked without, and what doesn't fit is left out."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The answer, where the call has such a filter."""
        filter_name, listing = _BY_ID.get(request.operation), listing_of(request)
        found = (_FILTER_NAME.match(key) for key, name in request.parameters.items() if name == filter_name)
        number = next((match[1] for match in found if match), "")
        if not number or listing is None:
            return None
        wanted = set(request.values(f"Filter.{number}.Value"))
        rest = {key: value for key, value in request.parameters.items() if not key.startswith(f"Filter.{number}.")}
        answer = aws.execute(request.with_form({"Action": request.operation, **rest}))
        if not answer.ok:
            return answer
        listed = Listed(answer, listing)
        return listed.keep([entry for id, entry in listed.entries() if id in wanted])

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
