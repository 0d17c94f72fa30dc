"""What actions of EC2 and of load balancing are about: the type that one makes, and the types that it touches.

From the service authorization reference (resource types of each action; `aws:RequestTag` is in the request for what is
made, `aws:ResourceTag` for what is there). Types as they stand in ARNs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

MADE: Final[Mapping[str, str]] = {
    "ec2:AllocateAddress": "elastic-ip",
    "ec2:AuthorizeSecurityGroupEgress": "security-group-rule",
    "ec2:AuthorizeSecurityGroupIngress": "security-group-rule",
    "ec2:CreateDhcpOptions": "dhcp-options",
    "ec2:CreateInternetGateway": "internet-gateway",
    "ec2:CreateNatGateway": "natgateway",
    "ec2:CreateNetworkAcl": "network-acl",
    "ec2:CreateRouteTable": "route-table",
    "ec2:CreateSecurityGroup": "security-group",
    "ec2:CreateSubnet": "subnet",
    "ec2:CreateTransitGatewayVpcAttachment": "transit-gateway-attachment",
    "ec2:CreateVpc": "vpc",
    "ec2:CreateVpcEndpoint": "vpc-endpoint",
    "ec2:CreateVpcPeeringConnection": "vpc-peering-connection",
}

_GROUP: Final = {"GroupId": "security-group"}
_TABLE_OF_SUBNET: Final = {"RouteTableId": "route-table", "SubnetId": "subnet"}
_GATEWAY_OF_VPC: Final = {"InternetGatewayId": "internet-gateway", "VpcId": "vpc"}
_IN_VPC: Final = {"VpcId": "vpc"}
_OF_ENDPOINT: Final = {"RouteTableIds": "route-table", "SecurityGroupIds": "security-group", "SubnetIds": "subnet"}

NAMED: Final[Mapping[str, Mapping[str, str]]] = {
    "ec2:AcceptVpcPeeringConnection": {"PeerVpcId": "vpc"},
    "ec2:AllocateAddress": {"PublicIpv4Pool": "ipv4pool-ec2"},
    "ec2:AssociateDhcpOptions": _IN_VPC,
    "ec2:AssociateRouteTable": _TABLE_OF_SUBNET,
    "ec2:AssociateVpcCidrBlock": _IN_VPC,
    "ec2:AttachInternetGateway": _GATEWAY_OF_VPC,
    "ec2:AuthorizeSecurityGroupEgress": _GROUP,
    "ec2:AuthorizeSecurityGroupIngress": _GROUP,
    "ec2:CreateNatGateway": {"AllocationId": "elastic-ip", "SubnetId": "subnet"},
    "ec2:CreateNetworkAcl": _IN_VPC,
    "ec2:CreateNetworkAclEntry": {"NetworkAclId": "network-acl"},
    "ec2:CreateRoute": {"RouteTableId": "route-table"},
    "ec2:CreateRouteTable": _IN_VPC,
    "ec2:CreateSecurityGroup": _IN_VPC,
    "ec2:CreateSubnet": _IN_VPC,
    "ec2:CreateTransitGatewayVpcAttachment": {
        "SubnetIds": "subnet",
        "TransitGatewayId": "transit-gateway",
        "VpcId": "vpc",
    },
    "ec2:CreateVpcEndpoint": {**_OF_ENDPOINT, **_IN_VPC},
    "ec2:CreateVpcPeeringConnection": _IN_VPC,
    "ec2:DeleteNetworkAclEntry": {"NetworkAclId": "network-acl"},
    "ec2:DeleteRoute": {"RouteTableId": "route-table"},
    "ec2:DetachInternetGateway": _GATEWAY_OF_VPC,
    "ec2:DisassociateRouteTable": _TABLE_OF_SUBNET,
    "ec2:DisassociateVpcCidrBlock": _IN_VPC,
    "ec2:ModifyTransitGatewayVpcAttachment": {"SubnetIds": "subnet"},
    "ec2:ModifyVpcEndpoint": _OF_ENDPOINT,
    "ec2:ReplaceNetworkAclAssociation": {"SubnetId": "subnet"},
    "ec2:ReplaceNetworkAclEntry": {"NetworkAclId": "network-acl"},
    "ec2:ReplaceRoute": {"RouteTableId": "route-table"},
    "ec2:ReplaceRouteTableAssociation": _TABLE_OF_SUBNET,
    "ec2:RevokeSecurityGroupEgress": _GROUP,
    "ec2:RevokeSecurityGroupIngress": _GROUP,
    "ec2:UpdateSecurityGroupRuleDescriptionsEgress": _GROUP,
    "ec2:UpdateSecurityGroupRuleDescriptionsIngress": _GROUP,
    "elasticloadbalancing:CreateListener": {"LoadBalancerArn": "loadbalancer"},
    "elasticloadbalancing:DeregisterInstancesFromLoadBalancer": {"LoadBalancerName": "loadbalancer"},
    "elasticloadbalancing:DeregisterTargets": {"TargetGroupArn": "targetgroup"},
    "elasticloadbalancing:RegisterInstancesWithLoadBalancer": {"LoadBalancerName": "loadbalancer"},
    "elasticloadbalancing:RegisterTargets": {"TargetGroupArn": "targetgroup"},
}
"""The properties of a resource that name what an action touches beside the resource itself, and the types of that. A
rule's peer group, a route's target and a balancer's subnets are not asked about."""

BACK_TO_DEFAULT: Final[Mapping[str, str]] = {
    "ec2:AssociateDhcpOptions": "dhcp-options",
    "ec2:ReplaceNetworkAclAssociation": "network-acl",
}
"""Actions by which a subnet or a VPC, which has to be ours or given, gets something that may be AWS's own, without
tags: the VPC's default ACL, no DHCP options."""

_ITSELF: Final[Mapping[str, str]] = {
    "ec2:AcceptVpcPeeringConnection": "vpc-peering-connection",
    "ec2:AssociateDhcpOptions": "dhcp-options",
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
    "ec2:ModifySubnetAttribute": "subnet",
    "ec2:ModifyTransitGatewayVpcAttachment": "transit-gateway-attachment",
    "ec2:ModifyVpcAttribute": "vpc",
    "ec2:ModifyVpcEndpoint": "vpc-endpoint",
    "ec2:ReleaseAddress": "elastic-ip",
    "ec2:ReplaceNetworkAclAssociation": "network-acl",
}


def types_of(action: str) -> Sequence[str]:
    """The types of what an action touches that is there already, sorted; none where it isn't known."""
    itself = {_ITSELF[action]} if action in _ITSELF else set()
    return sorted({*itself, *NAMED.get(action, {}).values()})
