"""What is asked for by an id that isn't there: an error of AWS, where moto answers with an empty list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

# The codes are those of the EC2 API's error code list.
_CODES: Final[Mapping[str, tuple[str, str]]] = {
    "DescribeTransitGatewayVpcAttachments": (
        "TransitGatewayAttachmentIds?",
        "InvalidTransitGatewayAttachmentID.NotFound",
    ),
    "DescribeVpcPeeringConnections": ("VpcPeeringConnectionIds?", "InvalidVpcPeeringConnectionID.NotFound"),
}


class MissingIds:
    """Refuses to know ids that aren't there."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Nothing."""
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """The list, or an error that names what is missing in it."""
        if not answer.ok or request.operation not in _CODES:
            return answer
        argument, code = _CODES[request.operation]
        named = re.compile(rf"{argument}\.\d+")
        for name, id in request.parameters.items():
            if named.fullmatch(name) and f">{id}<".encode() not in answer.body:
                return error(request, code, f"The ID '{id}' does not exist")
        return answer
