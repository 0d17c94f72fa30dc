"""What EC2's actions are about: the type that an action makes, what it makes it in, and the type that it deletes.

From the service authorization reference of EC2 (resource types of each action; `aws:RequestTag` is in the request for
what is made, `aws:ResourceTag` for what is there). Types as they stand in ARNs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Made:
    """The type that an action makes, and the types that it makes it in or of."""

    type: str
    parents: Sequence[str] = ()


MADE: Final[Mapping[str, Made]] = {
    "ec2:AllocateAddress": Made("elastic-ip"),
    "ec2:CreateDhcpOptions": Made("dhcp-options"),
    "ec2:CreateInternetGateway": Made("internet-gateway"),
    "ec2:CreateNatGateway": Made("natgateway", ("elastic-ip", "subnet")),
    "ec2:CreateNetworkAcl": Made("network-acl", ("vpc",)),
    "ec2:CreateRouteTable": Made("route-table", ("vpc",)),
    "ec2:CreateSecurityGroup": Made("security-group", ("vpc",)),
    "ec2:CreateSubnet": Made("subnet", ("vpc",)),
    "ec2:CreateTransitGatewayVpcAttachment": Made("transit-gateway-attachment", ("subnet", "transit-gateway", "vpc")),
    "ec2:CreateVpc": Made("vpc"),
    "ec2:CreateVpcEndpoint": Made("vpc-endpoint", ("route-table", "security-group", "subnet", "vpc")),
    "ec2:CreateVpcPeeringConnection": Made("vpc-peering-connection", ("vpc",)),
}

TAGGED_TOO: Final = ("ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress")
"""Make something that may be tagged at once, in something that has tags already."""

DELETED: Final[Mapping[str, str]] = {
    "ec2:DeleteDhcpOptions": "dhcp-options",
    "ec2:DeleteInternetGateway": "internet-gateway",
    "ec2:DeleteNatGateway": "natgateway",
    "ec2:DeleteNetworkAcl": "network-acl",
    "ec2:DeleteRouteTable": "route-table",
    "ec2:DeleteSecurityGroup": "security-group",
    "ec2:DeleteSubnet": "subnet",
    "ec2:DeleteTransitGatewayVpcAttachment": "transit-gateway-attachment",
    "ec2:DeleteVpc": "vpc",
    "ec2:DeleteVpcEndpoints": "vpc-endpoint",
    "ec2:DeleteVpcPeeringConnection": "vpc-peering-connection",
    "ec2:ReleaseAddress": "elastic-ip",
}
