"""What has to be ready before something else is sent, and what of a batch waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from ocpprov.engine.kind_facts import ReadyFor
from ocpprov.engine.readiness import demanded_by_aws
from ocpprov.engine.resources import Resource, State
from ocpprov.engine.values import GetAtt, Join, Ref
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.ec2.vpc import Vpc
from ocpprov.kinds.registry import KINDS
from tests.engine.planning import live, made, planned, together, wanted

BALANCER, GATEWAY = KINDS["AWS::ElasticLoadBalancingV2::LoadBalancer"], KINDS["AWS::EC2::NatGateway"]
ATTACHMENT, VPC = KINDS["AWS::EC2::TransitGatewayAttachment"], KINDS["AWS::EC2::VPC"]
RECORD, ROUTE = "AWS::Route53::RecordSet", "AWS::EC2::Route"
NAME: Final = GetAtt("It", "DNSName")


@pytest.mark.parametrize(
    ("kind", "type", "properties", "demanded"),
    [
        (BALANCER, RECORD, {"AliasTarget": {"DNSName": NAME}}, True),
        (BALANCER, RECORD, {"AliasTarget": {"DNSName": Join("", ("dualstack.", NAME))}}, True),
        (BALANCER, RECORD, {"ResourceRecords": [NAME]}, False),
        (BALANCER, RECORD, {"AliasTarget": {"DNSName": GetAtt("Other", "DNSName")}}, False),
        (BALANCER, "AWS::ElasticLoadBalancingV2::Listener", {"LoadBalancerArn": Ref("It")}, False),
        (GATEWAY, ROUTE, {"NatGatewayId": Ref("It")}, True),
        (GATEWAY, ROUTE, {"GatewayId": Ref("Other")}, False),
        (ATTACHMENT, ROUTE, {"TransitGatewayId": "tgw-1"}, True),
        (VPC, "AWS::EC2::Subnet", {"VpcId": Ref("It")}, False),
    ],
)
def test_ready_is_demanded_where_aws_demands_it(
    kind: Kind, type: str, properties: Mapping[str, Any], demanded: bool
) -> None:
    assert demanded_by_aws(kind, "It", Resource("User", type, properties)) is demanded


class Several(Vpc):
    """One that two types have to wait for, one of them with one property only."""

    ready_for = (ReadyFor("A", "no", "here", through="X"), ReadyFor("B", "no", "here"))


def test_each_demand_is_one_of_its_own() -> None:
    several = Several()
    rows = {(type, name): Resource("User", type, {name: Ref("It")}) for type in "ABC" for name in "XY"}
    demanded = {place for place, resource in rows.items() if demanded_by_aws(several, "It", resource)}
    assert demanded == {("A", "X"), ("B", "X"), ("B", "Y")}


def test_records_that_wait_for_a_balancer_hold_up_no_others() -> None:
    balancer = {"Name": "lab", "Type": "network", "Scheme": "internal", "Subnets": ["subnet-1"]}
    attributes = {"DNSName": "lab.elb.example.com", "CanonicalHostedZoneID": "Z1"}
    alias = {"AliasTarget": {"DNSName": NAME, "HostedZoneId": GetAtt("It", "CanonicalHostedZoneID")}}
    given = {"TTL": "60", "ResourceRecords": ["10.0.0.1"]}
    rows: Mapping[str, Mapping[str, Any]] = {"Api": alias, "Int": alias, "One": given, "Two": given}
    resources = wanted(
        It=(BALANCER.type, balancer),
        **{
            name: (RECORD, {"HostedZoneId": "Z2", "Name": f"{name.lower()}.example.com", "Type": "A", **row})
            for name, row in rows.items()
        },
    )
    actions = planned(resources, [])
    assert together(actions, made("Api"), made("Int"))
    assert together(actions, made("One"), made("Two"))
    assert not together(actions, made("Api"), made("One"))
    for state, is_one in ((State.READY, True), (State.PENDING, False)):
        there = live(BALANCER.type, "arn:1", "It", balancer, attributes=attributes, state=state)
        assert together(planned(resources, [there]), made("Api"), made("One")) is is_one


def test_a_step_takes_as_long_as_one_like_it() -> None:
    """A gateway is there within seconds, an interface in a minute: that is what puts the slow ones first."""
    endpoints = {
        name: ("AWS::EC2::VPCEndpoint", {"VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.s3", **more})
        for name, more in {"Gateway": {}, "Interface": {"VpcEndpointType": "Interface"}}.items()
    }
    steps = {step.logical_id: step.seconds for step in planned(wanted(**endpoints), []).steps}
    assert steps == {"Gateway": 3, "Interface": 60}
