"""GuardDuty's runtime monitoring, as in accounts whose organisation has turned it on: where machines run, it puts an
endpoint of its own into their VPC, with a group, and leaves both there.

From the GuardDuty User Guide (automated agent configuration, and cleaning up afterwards) and
hashicorp/terraform-provider-aws#46953, which names endpoint, group and tag. That users may delete both is what the same
thread says.
"""

from __future__ import annotations

import re
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_INSTANCE = re.compile(rb"<instanceId>(i-\w+)<")
_TAG = {"GuardDutyManaged": "true"}


class GuardDuty:
    """Off, unless the conditions have it."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Lets everything pass."""
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """What runs gets watched."""
        if answer.ok and request.operation == "RunInstances" and aws.conditions.guard_duty:
            backend = aws.ec2(request)
            for match in _INSTANCE.finditer(answer.body):
                _watch(backend, backend.get_instance(match[1].decode()), request.region)
        return answer


def _watch(backend: Any, instance: Any, region: str) -> None:
    vpc, service = instance.vpc_id, f"com.amazonaws.{region}.guardduty-data"
    if any(each.vpc_id == vpc and each.service_name == service for each in backend.vpc_end_points.values()):
        return
    name = f"GuardDutyManagedSecurityGroup-{vpc}"
    group = backend.create_security_group(name, "Associated with VPC-vpce by GuardDuty", vpc_id=vpc, tags=_TAG)
    endpoint = backend.create_vpc_endpoint(
        vpc_id=vpc,
        service_name=service,
        endpoint_type="Interface",
        policy_document=None,
        route_table_ids=[],
        subnet_ids=[instance.subnet_id],
        dns_entries=[],
        client_token="",
        security_group_ids=[group.id],
        tags=_TAG,
        private_dns_enabled="true",
    )
    for each in endpoint.network_interface_ids or ():
        interface = backend.enis[each]
        interface.interface_type, interface.requester_managed = "vpc_endpoint", True
        interface.description = f"VPC Endpoint Interface {endpoint.id}"
        interface._group_set = [group]
