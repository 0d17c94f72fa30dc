"""What AWS wants there first is ordered so, though a template forgets to say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from ocpprov.engine.graph import build
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref
from ocpprov.kinds.registry import KINDS

_V2: Final = "ElasticLoadBalancingV2::LoadBalancer"
_CLASSIC: Final = "ElasticLoadBalancing::LoadBalancer"


def _of(type: str, *after: str, **properties: Any) -> tuple[str, Mapping[str, Any], tuple[str, ...]]:
    return f"AWS::{type}", properties, after


_COMMON: Final = {
    "Vpc": _of("EC2::VPC", CidrBlock="10.0.0.0/16"),
    "Block": _of("EC2::VPCCidrBlock", VpcId=Ref("Vpc"), CidrBlock="100.64.0.0/16"),
    "Elsewhere": _of("EC2::VPCCidrBlock", VpcId="vpc-1", CidrBlock="100.64.0.0/16"),
    "Net": _of("EC2::Subnet", VpcId=Ref("Vpc"), CidrBlock="10.0.1.0/24"),
    "Table": _of("EC2::RouteTable", VpcId=Ref("Vpc")),
    "Gate": _of("EC2::InternetGateway"),
    "Attached": _of("EC2::VPCGatewayAttachment", VpcId=Ref("Vpc"), InternetGatewayId=Ref("Gate")),
    "Away": _of("EC2::VPCGatewayAttachment", VpcId="vpc-1", InternetGatewayId="igw-1"),
    "Transit": _of("EC2::TransitGatewayAttachment", VpcId=Ref("Vpc"), TransitGatewayId="tgw-1", SubnetIds=[Ref("Net")]),
    "Beside": _of("EC2::TransitGatewayAttachment", VpcId="vpc-1", TransitGatewayId="tgw-1", SubnetIds=["subnet-1"]),
}


def needs(type: str, *after: str, **properties: Any) -> set[str]:
    """What one more resource needs, beside what it refers to."""
    rows = {**_COMMON, "It": _of(type, *after, **properties)}
    plan = {name: Resource(name, type, given, depends_on=first) for name, (type, given, first) in rows.items()}
    return set(build(plan, KINDS).needs["It"]) - {"Vpc", "Net", "Table", "Gate"}


@pytest.mark.parametrize(
    ("type", "properties", "needed"),
    [
        ("EC2::Subnet", {"VpcId": Ref("Vpc"), "CidrBlock": "100.64.1.0/24"}, {"Block"}),
        ("EC2::Subnet", {"VpcId": Ref("Vpc"), "CidrBlock": "10.0.2.0/24"}, set()),
        ("EC2::Subnet", {"VpcId": "vpc-1", "CidrBlock": "100.64.1.0/24"}, {"Elsewhere"}),
        ("EC2::Subnet", {"VpcId": "vpc-2", "CidrBlock": "100.64.1.0/24"}, set()),
        ("EC2::Route", {"RouteTableId": Ref("Table"), "GatewayId": Ref("Gate")}, {"Attached"}),
        ("EC2::Route", {"RouteTableId": "rtb-1", "GatewayId": "igw-1"}, {"Away"}),
        ("EC2::Route", {"RouteTableId": Ref("Table"), "GatewayId": "igw-2"}, set()),
        ("EC2::Route", {"RouteTableId": Ref("Table"), "TransitGatewayId": "tgw-1"}, {"Transit"}),
        ("EC2::Route", {"RouteTableId": "rtb-1", "TransitGatewayId": "tgw-1"}, {"Transit", "Beside"}),
        ("EC2::Route", {"RouteTableId": Ref("Table"), "TransitGatewayId": "tgw-2"}, set()),
        ("EC2::NatGateway", {"SubnetId": Ref("Net")}, {"Attached"}),
        ("EC2::NatGateway", {"SubnetId": "subnet-1"}, set()),
        ("EC2::NatGateway", {"SubnetId": Ref("Net"), "ConnectivityType": "private"}, set()),
        (_V2, {"Subnets": [Ref("Net")]}, {"Attached"}),
        (_V2, {"SubnetMappings": [{"SubnetId": Ref("Net")}], "Scheme": "internet-facing"}, {"Attached"}),
        (_V2, {"Subnets": [Ref("Net")], "Scheme": "internal"}, set()),
        (_CLASSIC, {"Subnets": [Ref("Net")]}, {"Attached"}),
        (_CLASSIC, {"Subnets": [Ref("Net")], "Scheme": "internal"}, set()),
    ],
)
def test_it_needs_what_aws_wants_there(type: str, properties: dict[str, Any], needed: set[str]) -> None:
    assert needs(type, **properties) == needed


def test_an_order_that_the_plan_gives_the_other_way_round_holds() -> None:
    rows = {
        **_COMMON,
        "Attached": _of("EC2::VPCGatewayAttachment", "It", VpcId=Ref("Vpc"), InternetGatewayId=Ref("Gate")),
        "It": _of("EC2::Route", RouteTableId=Ref("Table"), GatewayId=Ref("Gate")),
    }
    plan = {name: Resource(name, type, given, depends_on=first) for name, (type, given, first) in rows.items()}
    graph = build(plan, KINDS)
    assert graph.needs["It"] == {"Table", "Gate"}
    assert "It" in graph.needs["Attached"]


def test_only_what_cant_be_used_in_the_making_is_waited_for() -> None:
    rows = [(type, each) for type, kind in KINDS.items() for each in kind.ready_for]
    assert {(type, each.type, each.through) for type, each in rows} == {
        ("AWS::EC2::VPCCidrBlock", "AWS::EC2::Subnet", ""),
        ("AWS::EC2::NatGateway", "AWS::EC2::Route", "NatGatewayId"),
        ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::Route", ""),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::Route53::RecordSet", "AliasTarget"),
    }
    for type, each in rows:
        assert KINDS[type].settles
        assert each.refusal
        assert each.source
        assert not each.through or each.through in {row.name for row in KINDS[each.type].properties}
