"""A network from what a plan would have made."""

from __future__ import annotations

from typing import Final

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.reachability.endpoints import Endpoint
from ocpprov.reachability.from_resources import (
    DEFAULT_ACL,
    DEFAULT_GROUP,
    MAIN_TABLE,
    endpoints_from,
    id_of,
    ids_of,
    planned_network,
)
from ocpprov.reachability.network import (
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
from ocpprov.reachability.placeholder_addresses import SERVICE
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, addresses

FIRST, SECOND = addresses("10.0.0.0/16"), addresses("10.1.0.0/16")


def resource(id: str, type: str, **properties: Value) -> Resource:
    return Resource(id, f"AWS::EC2::{type}", properties)


def rule(id: str, type: str = "SecurityGroupIngress", **properties: Value) -> Resource:
    return resource(id, type, GroupId=GetAtt("Group", "GroupId"), **properties)


def entry(id: str, **properties: Value) -> Resource:
    return resource(
        id, "NetworkAclEntry", NetworkAclId=Ref("Acl"), RuleAction="allow", CidrBlock="10.0.0.0/8", **properties
    )


def entry_of_ipv6(id: str, **properties: Value) -> Resource:
    known: dict[str, Value] = {"NetworkAclId": Ref("Acl"), "RuleAction": "allow", "Protocol": -1}
    return resource(id, "NetworkAclEntry", Ipv6CidrBlock="::/0", **known, **properties)


def route(id: str, block: str, **target: Value) -> Resource:
    return resource(id, "Route", RouteTableId=Ref("Table"), DestinationCidrBlock=block, **target)


RESOURCES: Final = [
    resource("Vpc", "VPC", CidrBlock="10.0.0.0/16"),
    resource("More", "VPCCidrBlock", VpcId=Ref("Vpc"), CidrBlock="10.1.0.0/16"),
    resource("Own", "Subnet", CidrBlock="10.0.0.0/20", AvailabilityZone="eu-west-1a"),
    resource("Plain", "Subnet", CidrBlock="10.1.0.0/20"),
    resource("Table", "RouteTable"),
    resource("TableOf", "SubnetRouteTableAssociation", SubnetId=Ref("Own"), RouteTableId=Ref("Table")),
    resource("Acl", "NetworkAcl"),
    resource("AclOf", "SubnetNetworkAclAssociation", SubnetId=Ref("Own"), NetworkAclId=Ref("Acl")),
    resource("Internet", "InternetGateway"),
    resource("Nat", "NatGateway", SubnetId=Ref("Own")),
    resource("Inner", "NatGateway", SubnetId=Ref("Own"), ConnectivityType="private"),
    route("ToNat", "0.0.0.0/0", NatGatewayId=Ref("Nat")),
    route("ToInternet", "203.0.113.0/24", GatewayId=Ref("Internet")),
    route("ToGiven", "198.51.100.0/24", GatewayId="igw-0abc"),
    route("ToVpn", "192.168.0.0/16", GatewayId="vgw-0abc"),
    route("ToHub", "172.16.0.0/12", TransitGatewayId="tgw-0abc"),
    resource("Group", "SecurityGroup"),
    resource("Quiet", "SecurityGroup"),
    rule("Block", IpProtocol="tcp", FromPort=443, ToPort=443, CidrIp="10.0.0.0/16"),
    rule("Members", IpProtocol=50, SourceSecurityGroupId=Ref("Quiet")),
    rule("Listed", IpProtocol="icmp", FromPort=3, ToPort=4, SourcePrefixListId="pl-0abc"),
    rule("Six", IpProtocol="-1", CidrIpv6="::/0"),
    rule("Out", "SecurityGroupEgress", IpProtocol="-1", DestinationSecurityGroupId=Ref("Quiet")),
    entry("In", RuleNumber=10, Protocol=6, PortRange={"From": 443, "To": 444}),
    entry("Ping", RuleNumber=20, Protocol=1, Icmp={"Type": 8, "Code": -1}),
    entry("OneCode", RuleNumber=21, Protocol=1, Icmp={"Type": 3, "Code": 4}),
    entry("AllOut", RuleNumber=10, Protocol=-1, Egress=True),
    entry_of_ipv6("SixIn", RuleNumber=40),
    entry_of_ipv6("SixOut", RuleNumber=41, Egress=True),
    resource("S3", "VPCEndpoint", ServiceName="com.amazonaws.eu-west-1.s3", RouteTableIds=[Ref("Table")]),
    resource(
        "Ec2",
        "VPCEndpoint",
        ServiceName="com.amazonaws.eu-west-1.ec2",
        VpcEndpointType="Interface",
        SubnetIds=[Ref("Own"), "subnet-0abc"],
        SecurityGroupIds=[GetAtt("Group", "GroupId")],
    ),
]  # fmt: skip
NETWORK: Final = planned_network(RESOURCES)
TEN = addresses("10.0.0.0/8")


def test_subnets_have_what_they_are_associated_with_or_what_aws_makes_with_a_vpc() -> None:
    assert (NETWORK.vpc_id, NETWORK.blocks) == ("Vpc", (FIRST, SECOND))
    assert NETWORK.subnets == {
        "Own": Subnet("Own", addresses("10.0.0.0/20"), "eu-west-1a", "Table", "Acl"),
        "Plain": Subnet("Plain", addresses("10.1.0.0/20"), "", MAIN_TABLE, DEFAULT_ACL),
    }
    every = (AclEntry(100, True, "-1", EVERYWHERE),)
    assert NETWORK.network_acls[DEFAULT_ACL] == NetworkAcl(DEFAULT_ACL, every, every)


def test_routes_lead_to_what_the_plan_makes_or_names() -> None:
    local = (Route("local", Via.LOCAL, FIRST), Route("local", Via.LOCAL, SECOND))
    assert NETWORK.route_tables == {
        MAIN_TABLE: RouteTable(MAIN_TABLE, local),
        "Table": RouteTable(
            "Table",
            (
                *local,
                Route("Nat", Via.NAT_GATEWAY, EVERYWHERE),
                Route("Internet", Via.INTERNET_GATEWAY, addresses("203.0.113.0/24")),
                Route("igw-0abc", Via.INTERNET_GATEWAY, addresses("198.51.100.0/24")),
                Route("vgw-0abc", Via.OTHER, addresses("192.168.0.0/16")),
                Route("tgw-0abc", Via.OTHER, addresses("172.16.0.0/12")),
                Route("S3", Via.GATEWAY_ENDPOINT, prefix_list="prefix list of S3"),
            ),
        ),
    }
    assert NETWORK.prefix_lists == {"prefix list of S3": (SERVICE,)}
    assert NETWORK.nat_gateways == {"Nat": NatGateway("Nat", "Own"), "Inner": NatGateway("Inner", "Own", public=False)}


def test_groups_have_their_rules_and_a_default_where_nothing_is_said_of_what_goes_out() -> None:
    assert NETWORK.security_groups == {
        "Group": SecurityGroup(
            "Group",
            (
                GroupRule("Block", "tcp", Span(443, 443), FIRST),
                GroupRule("Members", "50", ALL_PORTS, group="Quiet"),
                GroupRule("Listed", "icmp", Span(3, 3), prefix_list="pl-0abc", whole=False),
            ),
            (GroupRule("Out", "-1", ALL_PORTS, group="Quiet"),),
        ),
        "Quiet": SecurityGroup("Quiet", (), (GroupRule("default rule", "-1", ALL_PORTS, EVERYWHERE),)),
        DEFAULT_GROUP: SecurityGroup(
            DEFAULT_GROUP,
            (GroupRule("default rule", "-1", ALL_PORTS, group=DEFAULT_GROUP),),
            (GroupRule("default rule", "-1", ALL_PORTS, EVERYWHERE),),
        ),
    }


def test_entries_of_an_acl_go_one_way_each() -> None:
    assert NETWORK.network_acls["Acl"] == NetworkAcl(
        "Acl",
        (
            AclEntry(10, True, "tcp", TEN, Span(443, 444)),
            AclEntry(20, True, "icmp", TEN, Span(8, 8)),
            AclEntry(21, True, "icmp", TEN, Span(3, 3), whole=False),
        ),
        (AclEntry(10, True, "-1", TEN),),
        frozenset({40}),
        frozenset({41}),
    )


def test_endpoints_are_known_by_their_services() -> None:
    assert endpoints_from(RESOURCES) == {
        "S3": ("com.amazonaws.eu-west-1.s3", Endpoint("S3", "Gateway", prefix_list="prefix list of S3")),
        "Ec2": (
            "com.amazonaws.eu-west-1.ec2",
            Endpoint("Ec2", "Interface", subnets=("Own", "subnet-0abc"), groups=("Group",), private_dns=True),
        ),
    }


def test_without_a_vpc_there_is_no_network() -> None:
    with pytest.raises(ValueError, match="make no VPC"):
        planned_network(RESOURCES[1:])


@pytest.mark.parametrize(
    ("value", "id"),
    [("sg-1", "sg-1"), (Ref("A"), "A"), (GetAtt("A", "GroupId"), "A"), (Join("", ("a",)), ""), (None, ""), (7, "")],
)
def test_what_a_value_stands_for(value: Value, id: str) -> None:
    assert id_of(value) == id
    assert ids_of([value]) == (id,)


def test_what_is_no_list_has_no_ids() -> None:
    assert (ids_of(None), ids_of("sg-1")) == ((), ())
