"""Subnets that nobody has changed yet."""

from __future__ import annotations

import re
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_MADE: Final = re.compile(rb"<subnetId>(subnet-\w+)<")
_GIVES_ADDRESSES: Final = re.compile(rb"(<mapPublicIpOnLaunch>)true(<)")


class NewSubnets:
    """A new subnet gives its machines no public addresses (CreateSubnet in EC2's API reference). moto takes the first
    one of a zone for a default subnet, which does."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass."""
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """The answer, with what is true of the subnet now."""
        made = _MADE.search(answer.body) if answer.ok and request.operation == "CreateSubnet" else None
        if made is None:
            return answer
        subnet = aws.ec2(request).get_subnet(made[1].decode())
        subnet.default_for_az = False
        subnet.map_public_ip_on_launch = False
        return Answer(answer.status, _GIVES_ADDRESSES.sub(rb"\1false\2", answer.body), answer.headers)
