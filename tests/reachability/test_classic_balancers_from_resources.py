"""Classic load balancers from what a plan would have made, and from what AWS answers in the same words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref
from ocpprov.reachability.balancers import Balancer, Listener, TargetGroup, behind_listener, from_place
from ocpprov.reachability.classic_balancers_from_resources import classic_balancers_from
from ocpprov.reachability.network import SecurityGroup
from tests.reachability.test_balancers import ALL_OUT, NETWORK, NODE, VPC, admits, found, machine

TARGETS = (machine("a"), machine("b"))
PROPERTIES: dict[str, Any] = {
    "Scheme": "internal",
    "Subnets": [Ref("private-a"), "private-b"],
    "SecurityGroups": [GetAtt("sg-elb", "GroupId")],
    "CrossZone": True,
    "HealthCheck": {"Target": "HTTPS:6443/readyz", "Interval": "10"},
    "Listeners": [
        {"LoadBalancerPort": "6443", "InstancePort": "6443", "Protocol": "TCP"},
        {"LoadBalancerPort": "22623", "InstancePort": "22624", "Protocol": "TCP"},
    ],
}
EXPECTED = Balancer(
    "Elb",
    subnets=("private-a", "private-b"),
    groups=("sg-elb",),
    listeners=(
        Listener(6443, (TargetGroup("Elb", 6443, 6443, targets=TARGETS),), "Elb's listener 6443"),
        Listener(22623, (TargetGroup("Elb", 22624, 6443, targets=TARGETS),), "Elb's listener 22623"),
    ),
    classic=True,
)


def planned(**properties: Any) -> Balancer:
    resource = Resource("Elb", "AWS::ElasticLoadBalancing::LoadBalancer", {**PROPERTIES, **properties})
    return classic_balancers_from([resource, Resource("VPC", "AWS::EC2::VPC")], TARGETS)["Elb"]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, EXPECTED),
        ({"Scheme": "internet-facing"}, replace(EXPECTED, internal=False)),
        ({"CrossZone": "false"}, replace(EXPECTED, cross_zone=False)),
        ({"CrossZone": "true"}, EXPECTED),
        ({"SecurityGroups": []}, replace(EXPECTED, groups=("default security group",))),
    ],
)
def test_what_a_classic_balancer_is(properties: dict[str, Any], expected: Balancer) -> None:
    assert planned(**properties) == expected


@pytest.mark.parametrize("check", [None, {}, {"Target": "?"}])
def test_without_a_health_check_each_port_is_asked(check: Any) -> None:
    groups = [group for listener in planned(HealthCheck=check).listeners for group in listener.target_groups]
    assert [group.health_port for group in groups] == [6443, 22624]


BETWEEN = {
    "sg-elb": SecurityGroup("sg-elb", (admits(6443),), (ALL_OUT,)),
    "sg-masters": SecurityGroup("sg-masters", (admits(6443),), (ALL_OUT,)),
}


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({}, ["yes"]),
        ({"sg-elb": SecurityGroup("sg-elb", (), (ALL_OUT,))}, ["no", "SG_HAS_NO_RULES sg-elb"]),
        ({"sg-elb": SecurityGroup("sg-elb", (admits(6443),))}, ["no", "SG_HAS_NO_RULES sg-elb"]),
        (
            {"sg-masters": SecurityGroup("sg-masters", (admits(22623),), (ALL_OUT,))},
            ["no", "ENI_SG_RULES_MISMATCH sg-masters"],
        ),
    ],
)
def test_its_own_group_admits_clients_and_its_targets_admit_it(
    groups: dict[str, SecurityGroup], expected: list[str]
) -> None:
    network = replace(NETWORK, security_groups={**BETWEEN, **groups})
    assert list(dict.fromkeys(found(from_place(network, NODE, planned(), 6443)))) == expected


def test_targets_see_the_balancer_and_never_its_clients() -> None:
    only_the_balancer = SecurityGroup("sg-masters", (admits(6443, "10.0.48.0/19"), admits(6443, "10.0.64.0/20")))
    network = replace(NETWORK, security_groups={**BETWEEN, "sg-masters": only_the_balancer})
    assert found(behind_listener(network, planned(), 6443, VPC)) == ["yes"]
