"""What moto forgets of tags that a create call brings."""

from __future__ import annotations

import re
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_MADE: Final = {
    "CreateDhcpOptions": re.compile(rb"<dhcpOptionsId>(dopt-\w+)<"),
    "CreateTransitGatewayVpcAttachment": re.compile(rb"<transitGatewayAttachmentId>(tgw-attach-\w+)<"),
}
_KEY: Final = re.compile(r"(TagSpecifications?\.1\.Tag\.\d+)\.Key$")


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
