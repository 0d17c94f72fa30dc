"""DHCP options carry the tags that they were created with."""

from __future__ import annotations

import re

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.manners.manner import Aws

_OPTIONS = re.compile(rb"<dhcpOptionsId>(dopt-\w+)<")
_TAG = re.compile(r"TagSpecification\.1\.Tag\.(\d+)\.Key$")


class DhcpOptions:
    """CreateDhcpOptions takes tags (API reference); moto forgets them."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass."""
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged; the tags are put on the options."""
        if answer.ok and request.service == "ec2" and request.operation == "CreateDhcpOptions":
            match = _OPTIONS.search(answer.body)
            numbers = (found[1] for key in request.parameters if (found := _TAG.match(key)))
            names = [f"TagSpecification.1.Tag.{number}" for number in numbers]
            tags = {request.get(f"{name}.Key"): request.get(f"{name}.Value") for name in names}
            if match and tags:
                aws.ec2(request).create_tags([match[1].decode()], tags)
        return answer
