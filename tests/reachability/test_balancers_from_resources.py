"""Network load balancers from what a plan would have made."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref
from ocpprov.reachability.balancers import Balancer, Listener, TargetGroup
from ocpprov.reachability.balancers_from_resources import balancers_from
from ocpprov.reachability.network import Place, Subnet
from ocpprov.reachability.spans import addresses

TARGETS = (Place(Subnet("Net", addresses("10.0.0.0/20")), ("Group",)),)


def resource(id: str, type: str, **properties: Any) -> Resource:
    return Resource(id, f"AWS::ElasticLoadBalancingV2::{type}", properties)


def group(**properties: Any) -> Resource:
    return resource("Api", "TargetGroup", **{"Port": 6443, "TargetType": "ip", **properties})


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Scheme": "internal", "Subnets": [Ref("Net")]}, Balancer("Elb", subnets=("Net",), cross_zone=False)),
        (
            {"SubnetMappings": [{"SubnetId": Ref("Net"), "AllocationId": "eipalloc-1"}]},
            Balancer("Elb", internal=False, subnets=("Net",), cross_zone=False),
        ),
        (
            {
                "Scheme": "internal",
                "SecurityGroups": [GetAtt("Group", "GroupId")],
                "LoadBalancerAttributes": [
                    {"Key": "deletion_protection.enabled", "Value": "false"},
                    {"Key": "load_balancing.cross_zone.enabled", "Value": "true"},
                ],
            },
            Balancer("Elb", groups=("Group",)),
        ),
    ],
)
def test_where_a_balancer_stands(properties: dict[str, Any], expected: Balancer) -> None:
    assert balancers_from([resource("Elb", "LoadBalancer", **properties)], ()) == {"Elb": expected}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, TargetGroup("Api", 6443, 6443, targets=TARGETS)),
        ({"HealthCheckPort": "traffic-port"}, TargetGroup("Api", 6443, 6443, targets=TARGETS)),
        ({"HealthCheckPort": "6080"}, TargetGroup("Api", 6443, 6080, targets=TARGETS)),
        ({"TargetType": "instance"}, TargetGroup("Api", 6443, 6443, True, TARGETS)),
        ({"Protocol": "TLS"}, TargetGroup("Api", 6443, 6443, False, TARGETS)),
        ({"Protocol": "TCP_UDP"}, TargetGroup("Api", 6443, 6443, True, TARGETS)),
        (
            {
                "TargetType": "instance",
                "TargetGroupAttributes": [{"Key": "preserve_client_ip.enabled", "Value": "false"}],
            },
            TargetGroup("Api", 6443, 6443, False, TARGETS),
        ),
        (
            {"TargetGroupAttributes": [{"Key": "preserve_client_ip.enabled", "Value": "true"}]},
            TargetGroup("Api", 6443, 6443, True, TARGETS),
        ),
    ],
)
def test_what_a_target_group_asks_and_shows(properties: dict[str, Any], expected: TargetGroup) -> None:
    balancers = balancers_from(
        [
            resource("Elb", "LoadBalancer", Scheme="internal"),
            group(**properties),
            resource(
                "Listener",
                "Listener",
                LoadBalancerArn=Ref("Elb"),
                Port=443,
                DefaultActions=[{"Type": "forward", "TargetGroupArn": Ref("Api")}],
            ),
        ],
        TARGETS,
    )
    assert balancers["Elb"].listeners == (Listener(443, (expected,), "Listener"),)


def test_a_listener_may_forward_to_several_and_to_what_nobody_knows() -> None:
    action = {
        "Type": "forward",
        "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": Ref("Api")}, {"TargetGroupArn": "arn:x"}]},
    }
    balancers = balancers_from(
        [
            resource("Elb", "LoadBalancer", Scheme="internal"),
            group(),
            resource("Listener", "Listener", LoadBalancerArn=Ref("Elb"), Port="6443", DefaultActions=[action]),
        ],
        (),
    )
    unknown = TargetGroup("arn:x", 6443, 6443, targets=None)
    assert balancers["Elb"].listeners == (Listener(6443, (TargetGroup("Api", 6443, 6443), unknown), "Listener"),)


def test_nobody_knows_who_is_behind_a_group_of_somebody_elses() -> None:
    action = {"Type": "forward", "TargetGroupArn": "arn:theirs"}
    balancers = balancers_from(
        [
            resource("Elb", "LoadBalancer", Scheme="internal"),
            resource("arn:theirs", "TargetGroup", Port=80, HealthCheckPort="81", TargetType="ip"),
            resource("Listener", "Listener", LoadBalancerArn=Ref("Elb"), Port=6443, DefaultActions=[action]),
        ],
        TARGETS,
        {"arn:theirs"},
    )
    assert balancers["Elb"].listeners[0].target_groups == (TargetGroup("arn:theirs", 80, 81, targets=None),)
