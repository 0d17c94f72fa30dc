"""A machine takes along the interfaces that were made for it."""

from __future__ import annotations

import re
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_INSTANCE = re.compile(rb"<instanceId>(i-\w+)<")
_OWN_CHOICE = re.compile(r"(NetworkInterface\.\d+\.)(NetworkInterfaceId|DeleteOnTermination)$")


class Instances:
    """moto keeps the interface of a terminated machine, and with it the subnet, for ever."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass."""
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Marks the interfaces that go when the machine goes."""
        if answer.ok and request.service == "ec2" and request.operation == "RunInstances":
            for match in _INSTANCE.finditer(answer.body):
                _mark(request, aws.ec2(request).get_instance(match[1].decode()))
        return answer


def _mark(request: Request, instance: Any) -> None:
    """DeleteOnTermination is true by default, except for interfaces that were there before."""
    matches = (_OWN_CHOICE.match(key) for key in request.parameters)
    chosen = {request.get(f"{match[1]}DeviceIndex") for match in matches if match}
    for index, interface in instance.nics.items():
        if str(index) not in chosen:
            interface.delete_on_termination = True
