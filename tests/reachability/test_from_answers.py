"""A network from EC2's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import botocore.session
import pytest
from botocore.model import ListShape, Shape, StructureShape

from ocpprov.reachability.from_answers import Answers, network_of
from ocpprov.reachability.network import (
    EVERY_TYPE,
    AclEntry,
    GroupRule,
    NatGateway,
    NetworkAcl,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Via,
)
from ocpprov.reachability.spans import ALL_PORTS, Span, addresses

ANYWHERE = addresses("0.0.0.0/0")

VPC: Final = {
    "VpcId": "vpc-1",
    "CidrBlock": "10.0.0.0/16",
    "CidrBlockAssociationSet": [
        {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
        {"CidrBlock": "10.1.0.0/16", "CidrBlockState": {"State": "associating"}},
    ],
}
SUBNETS: Final[Sequence[Mapping[str, Any]]] = [
    {"SubnetId": "subnet-own", "CidrBlock": "10.0.0.0/20", "AvailabilityZone": "eu-west-1a"},
    {"SubnetId": "subnet-plain", "CidrBlock": "10.0.16.0/20", "AvailabilityZone": "eu-west-1b"},
    {"SubnetId": "subnet-six", "Ipv6Native": True},
]
TABLES: Final[Sequence[Mapping[str, Any]]] = [
    {
        "RouteTableId": "rtb-main",
        "Associations": [{"Main": True, "RouteTableId": "rtb-main"}],
        "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable"}],
    },
    {
        "RouteTableId": "rtb-own",
        "Associations": [
            {"Main": False, "RouteTableId": "rtb-own", "SubnetId": "subnet-own"},
            {"Main": False, "RouteTableId": "rtb-own", "GatewayId": "igw-1"},
        ],
        "Routes": [
            {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "blackhole"},
            {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1", "State": "active"},
            {"DestinationCidrBlock": "192.168.0.0/16", "GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"},
            {"DestinationCidrBlock": "172.16.0.9/32", "InstanceId": "i-1", "NetworkInterfaceId": "eni-1"},
            {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"},
        ],
    },
]
ACLS: Final[Sequence[Mapping[str, Any]]] = [
    {
        "NetworkAclId": "acl-default",
        "IsDefault": True,
        "Associations": [{"SubnetId": "subnet-plain", "NetworkAclId": "acl-default"}],
        "Entries": [
            {"RuleNumber": 100, "Egress": False, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"},
            {"RuleNumber": 32767, "Egress": False, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"},
        ],
    },
    {
        "NetworkAclId": "acl-own",
        "Associations": [{"SubnetId": "subnet-own", "NetworkAclId": "acl-own"}],
        "Entries": [
            {
                "RuleNumber": 10,
                "Egress": True,
                "Protocol": "6",
                "RuleAction": "deny",
                "CidrBlock": "10.0.0.0/8",
                "PortRange": {"From": 1024, "To": 65535},
            },
            {
                "RuleNumber": 20,
                "Egress": False,
                "Protocol": "1",
                "RuleAction": "allow",
                "CidrBlock": "10.0.0.0/8",
                "IcmpTypeCode": {"Type": 8, "Code": -1},
            },
            {
                "RuleNumber": 21,
                "Egress": False,
                "Protocol": "1",
                "RuleAction": "allow",
                "CidrBlock": "10.0.0.0/8",
                "IcmpTypeCode": {"Type": 3, "Code": 4},
            },
            {"RuleNumber": 30, "Egress": False, "Protocol": "50", "RuleAction": "allow", "CidrBlock": "10.0.0.0/8"},
            {"RuleNumber": 40, "Egress": False, "Protocol": "-1", "RuleAction": "deny", "Ipv6CidrBlock": "::/0"},
            {"RuleNumber": 41, "Egress": True, "Protocol": "-1", "RuleAction": "deny", "Ipv6CidrBlock": "::/0"},
            {"RuleNumber": 32768, "Egress": True, "Protocol": "-1", "RuleAction": "deny", "Ipv6CidrBlock": "::/0"},
        ],
    },
]
RULES: Final = [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": False, "IpProtocol": "tcp", "FromPort": 443,
     "ToPort": 443, "CidrIpv4": "10.0.0.0/16"},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": False, "IpProtocol": "icmp", "FromPort": -1,
     "ToPort": -1, "ReferencedGroupInfo": {"GroupId": "sg-2"}},
    {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "IsEgress": False, "IpProtocol": "icmp", "FromPort": 3,
     "ToPort": 4, "PrefixListId": "pl-1"},
    {"SecurityGroupRuleId": "sgr-4", "GroupId": "sg-1", "IsEgress": True, "IpProtocol": "-1", "FromPort": -1,
     "ToPort": -1, "CidrIpv4": "0.0.0.0/0"},
    {"SecurityGroupRuleId": "sgr-5", "GroupId": "sg-1", "IsEgress": True, "IpProtocol": "-1", "CidrIpv6": "::/0"},
    {"SecurityGroupRuleId": "sgr-6", "GroupId": "sg-2", "IsEgress": False, "IpProtocol": "udp", "FromPort": 53,
     "ToPort": 53, "CidrIpv4": "10.0.0.0/16"},
]  # fmt: skip
GATEWAYS: Final = [
    {"NatGatewayId": "nat-1", "SubnetId": "subnet-own", "State": "available"},
    {"NatGatewayId": "nat-2", "SubnetId": "subnet-own", "State": "failed", "ConnectivityType": "private"},
    {"NatGatewayId": "nat-3", "SubnetId": "subnet-own", "State": "pending"},
]
NETWORK: Final = network_of(
    Answers(
        VPC,
        SUBNETS,
        TABLES,
        ACLS,
        [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}],
        RULES,
        GATEWAYS,
        {"pl-1": ["52.218.0.0/17", "2001:db8::/32"]},
    )
)


def test_a_block_counts_once_it_is_associated() -> None:
    assert (NETWORK.vpc_id, NETWORK.blocks) == ("vpc-1", (addresses("10.0.0.0/16"),))
    assert network_of(Answers({"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"})).blocks == (addresses("10.0.0.0/16"),)


def test_a_subnet_has_its_own_table_and_acl_or_the_vpcs() -> None:
    assert NETWORK.subnets == {
        "subnet-own": Subnet("subnet-own", addresses("10.0.0.0/20"), "eu-west-1a", "rtb-own", "acl-own"),
        "subnet-plain": Subnet("subnet-plain", addresses("10.0.16.0/20"), "eu-west-1b", "rtb-main", "acl-default"),
    }


def test_routes_have_targets_and_states() -> None:
    assert NETWORK.route_tables == {
        "rtb-main": RouteTable("rtb-main", (Route("local", Via.LOCAL, addresses("10.0.0.0/16")),)),
        "rtb-own": RouteTable(
            "rtb-own",
            (
                Route("nat-1", Via.NAT_GATEWAY, ANYWHERE, active=False),
                Route("vpce-1", Via.GATEWAY_ENDPOINT, prefix_list="pl-1"),
                Route("vgw-1", Via.OTHER, addresses("192.168.0.0/16"), propagated=True),
                Route("eni-1", Via.OTHER, addresses("172.16.0.9/32")),
            ),
        ),
    }


def test_entries_of_acls_have_protocols_by_name_and_the_last_one_is_left_out() -> None:
    ten = addresses("10.0.0.0/8")
    assert NETWORK.network_acls == {
        "acl-default": NetworkAcl("acl-default", (AclEntry(100, True, "-1", ANYWHERE),)),
        "acl-own": NetworkAcl(
            "acl-own",
            (
                AclEntry(20, True, "icmp", ten, Span(8, 8)),
                AclEntry(21, True, "icmp", ten, Span(3, 3), whole=False),
                AclEntry(30, True, "50", ten, ALL_PORTS),
            ),
            (AclEntry(10, False, "tcp", ten, Span(1024, 65535)),),
            frozenset({40}),
            frozenset({41}),
        ),
    }


def test_rules_of_groups_have_one_other_side() -> None:
    assert NETWORK.security_groups == {
        "sg-1": SecurityGroup(
            "sg-1",
            (
                GroupRule("sgr-1", "tcp", Span(443, 443), addresses("10.0.0.0/16")),
                GroupRule("sgr-2", "icmp", EVERY_TYPE, group="sg-2"),
                GroupRule("sgr-3", "icmp", Span(3, 3), prefix_list="pl-1", whole=False),
            ),
            (GroupRule("sgr-4", "-1", ALL_PORTS, ANYWHERE),),
        ),
        "sg-2": SecurityGroup("sg-2", (GroupRule("sgr-6", "udp", Span(53, 53), addresses("10.0.0.0/16")),)),
    }


def test_nat_gateways_and_prefix_lists() -> None:
    assert NETWORK.nat_gateways == {
        "nat-1": NatGateway("nat-1", "subnet-own"),
        "nat-2": NatGateway("nat-2", "subnet-own", available=False, public=False),
        "nat-3": NatGateway("nat-3", "subnet-own", available=False, pending=True),
    }
    assert NETWORK.prefix_lists == {"pl-1": (addresses("52.218.0.0/17"),)}


@pytest.mark.parametrize(
    ("operation", "member", "items"),
    [
        ("DescribeVpcs", "Vpcs", [VPC]),
        ("DescribeSubnets", "Subnets", SUBNETS),
        ("DescribeRouteTables", "RouteTables", TABLES),
        ("DescribeNetworkAcls", "NetworkAcls", ACLS),
        ("DescribeSecurityGroupRules", "SecurityGroupRules", RULES),
        ("DescribeNatGateways", "NatGateways", GATEWAYS),
    ],
)
def test_the_answers_of_these_tests_are_as_botocore_describes_them(
    operation: str, member: str, items: Sequence[Any]
) -> None:
    model = botocore.session.get_session().get_service_model("ec2")
    output = model.operation_model(operation).output_shape
    assert output is not None
    assert list(unknown_members(output.members[member], items)) == []


def unknown_members(shape: Shape, value: Any) -> list[str]:
    """Members that the shape doesn't have, anywhere in it."""
    if isinstance(shape, ListShape):
        return [name for each in value for name in unknown_members(shape.member, each)]
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        inside = [
            n
            for name, each in value.items()
            if name in shape.members
            for n in unknown_members(shape.members[name], each)
        ]
        return [*(set(value) - set(shape.members)), *inside]
    return []
