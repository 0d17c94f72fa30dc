"""Elastic IPs, and the pools that they are taken from."""

from __future__ import annotations

import re
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_ALLOCATED: Final = re.compile(rb"<allocationId>(eipalloc-\w+)<")
_AMAZONS: Final = "amazon"


class AddressPools:
    """An address tells of which pool it is (AllocateAddress and DescribeAddresses in EC2's API reference). moto passes
    over the pool, and lists what its own object has. Here there is every pool that somebody asks for."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass."""
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """The answer as it is; the address that was made knows its pool."""
        made = _ALLOCATED.search(answer.body) if answer.ok and request.operation == "AllocateAddress" else None
        if made:
            backend = aws.ec2(request)
            address = next(each for each in backend.addresses if each.allocation_id == made[1].decode())
            address.public_ipv4_pool = request.get("PublicIpv4Pool") or _AMAZONS
        return answer
