"""Tags that a create call brings: kept where moto forgets them, refused where a partition is some years behind."""

from __future__ import annotations

import re
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_MADE: Final = {
    "CreateDhcpOptions": re.compile(rb"<dhcpOptionsId>(dopt-\w+)<"),
    "CreateTransitGatewayVpcAttachment": re.compile(rb"<transitGatewayAttachmentId>(tgw-attach-\w+)<"),
}
_KEY: Final = re.compile(r"(TagSpecifications?\.1\.Tag\.\d+)\.Key$")
_TAGS: Final = re.compile(r"(TagSpecifications?|Tags?)\.")


class TagsAtCreation:
    """Every create call of EC2 that takes tags makes the resource with them (API reference)."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass."""
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged; the tags are put on what was made."""
        made = _MADE.get(request.operation)
        if answer.ok and request.service == "ec2" and made:
            match = made.search(answer.body)
            places = [found[1] for key in request.parameters if (found := _KEY.match(key))]
            tags = {request.get(f"{place}.Key"): request.get(f"{place}.Value") for place in places}
            if match and tags:
                aws.ec2(request).create_tags([match[1].decode()], tags)
        return answer


class UntaggedCreations:
    """Refuses tags in the operations that the conditions name."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, as a service tells of a parameter that it doesn't know."""
        if request.operation in aws.conditions.untagged and any(map(_TAGS.match, request.parameters)):
            code = "UnknownParameter" if request.service == "ec2" else "ValidationError"
            return error(request, code, f"{request.operation} does not take tags.", 400)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
