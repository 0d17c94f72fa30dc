"""What is left of a deleted load balancer for a while: its interfaces. No plan has them; they are waited for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ocpprov.engine.resources import Created, Live
from ocpprov.kinds.contract import CreateRequest, Kind, Lingering
from ocpprov.kinds.ec2.common import describe_all
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_OF_BALANCER: Final = re.compile(r"ELB (\S+)")
"""How Elastic Load Balancing describes them: `ELB net/<name>/<id>`, or `ELB <name>` of a classic one."""


class LingeringInterface(Kind):
    """The interfaces of one balancer, by its name as they have it (`net/api/0123`)."""

    type = "Ocpprov::EC2::LingeringInterface"
    service = "ec2"
    properties = ()
    # hashicorp/terraform-provider-aws waits for them, for ten minutes at most; about a minute is what is reported.
    typical_seconds = 60
    typical_deletion_seconds = 60.0
    settles = True

    def reads(self, found: Found) -> Sequence[Read]:
        return list(describe_all("describe_network_interfaces", "vpc-id", found.vpc_ids()))

    def parse(self, pages: Pages) -> Sequence[Live]:
        described = [
            _OF_BALANCER.match(str(item.get("Description") or ""))
            for item in pages.items("ec2", "describe_network_interfaces", "NetworkInterfaces")
        ]
        return [Live(self.type, name, {}) for name in dict.fromkeys(each[1] for each in described if each)]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        raise NotImplementedError("a load balancer makes them")

    def delete(self, clients: Clients, live: Live) -> None:
        raise NotImplementedError("they go by themselves")


def name_on_interfaces(balancer: Live) -> str:
    """A balancer's name as its interfaces have it."""
    return balancer.id.partition(":loadbalancer/")[2] or balancer.id


INTERFACES_OF_BALANCER: Final = Lingering(
    types=(
        "AWS::EC2::Subnet",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::EIP",
        "AWS::EC2::VPCGatewayAttachment",
    ),
    shown_by=LingeringInterface(),
    shown_as=name_on_interfaces,
)
"""They keep their subnet and groups, their address, and by that the gateway of their VPC (EC2 API reference, error code
DependencyViolation)."""
