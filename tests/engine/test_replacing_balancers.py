"""Balancers, and what forwards to what is replaced: moved, or made anew where AWS lets nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.engine.resources import Resource
from tests.engine.examples import BALANCER, NET
from tests.engine.planning import (
    SUBNET,
    action_on,
    done,
    gone,
    live,
    made,
    one_after_another,
    planned,
    reasons,
    ref,
    wanted,
)
from tests.engine.test_replacing import LISTENER, NETWORK, TARGETS, network_of


def test_who_may_not_let_go_of_all_is_made_anew() -> None:
    """A listener forwards to some group at any time."""

    def plan(port: int) -> dict[str, Resource]:
        return wanted(
            Balancer=(BALANCER, {"Name": "b", "Type": "network", "Subnets": ["subnet-7"]}),
            Targets=(TARGETS, {"Name": "t", "Protocol": "TCP", "Port": port, "VpcId": "vpc-7"}),
            Listener=(
                LISTENER,
                {
                    "LoadBalancerArn": ref("Balancer"),
                    "Protocol": "TCP",
                    "Port": 6443,
                    "DefaultActions": [{"Type": "forward", "TargetGroupArn": ref("Targets")}],
                },
            ),
        )

    lives = [
        live(BALANCER, "arn:b", "Balancer", {"Name": "b", "Type": "network", "Subnets": ["subnet-7"]}),
        live(TARGETS, "arn:t", "Targets", {"Name": "t", "Protocol": "TCP", "Port": 6443, "VpcId": "vpc-7"}),
        live(
            LISTENER,
            "arn:l",
            "Listener",
            {
                "LoadBalancerArn": "arn:b",
                "Protocol": "TCP",
                "Port": 6443,
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:t"}],
            },
        ),
    ]
    assert done(planned(plan(6443), lives)) == {}
    actions = planned(plan(8443), lives)
    assert done(actions) == {"arn:t": "replace", "arn:l": "replace"}
    assert reasons(actions) == {
        "arn:t": "Port can't be changed in place",
        "arn:l": "can't let go of all that goes before its successor is there",
    }
    assert [action.interrupts for action in actions.changes] == [True, True]
    assert one_after_another(actions, gone("arn:l"), gone("arn:t"), made("Targets"), made("Listener"))


@pytest.mark.parametrize(("vpc", "verbs"), [("vpc-7", {"arn:b": "update"}), ("vpc-9", {"arn:b": "replace"})])
def test_a_balancer_moves_within_its_vpc_only(vpc: str, verbs: dict[str, str]) -> None:
    properties = {"Name": "b", "Type": "network", "Scheme": "internal"}
    plan = wanted(Balancer=(BALANCER, {**properties, "Subnets": ["subnet-9"]}))
    subnets = [
        live(SUBNET, "subnet-7", "", {**NET, "VpcId": "vpc-7"}),
        live(SUBNET, "subnet-9", "", {**NET, "VpcId": vpc}),
    ]
    there = live(BALANCER, "arn:b", "Balancer", {**properties, "Subnets": ["subnet-7"]})
    there = replace(there, properties={**there.properties, "VpcId": "vpc-7"})
    actions = planned(plan, [*subnets, there])
    assert done(actions) == verbs
    assert reasons(actions)["arn:b"] == ("" if vpc == "vpc-7" else "can't move to another VPC")
    assert action_on(actions, "arn:b").guarded is (vpc == "vpc-9")
    assert action_on(actions, "arn:b").interrupts is (vpc == "vpc-9")
    unsaid = replace(there, properties={**there.properties, "VpcId": None})
    assert done(planned(plan, [*subnets, unsaid])) == {"arn:b": "update"}


def test_a_balancer_whose_vpc_is_replaced_is_made_anew() -> None:
    properties = {"Name": "b", "Type": "network", "Scheme": "internal"}
    plan = {
        **network_of("10.60.1.0/24", "10.60.0.0/16"),
        **wanted(Balancer=(BALANCER, {**properties, "Subnets": [ref("Net")]})),
    }
    there = live(BALANCER, "arn:b", "Balancer", {**properties, "Subnets": ["subnet-1"], "VpcId": "vpc-1"})
    actions = planned(plan, [*NETWORK, there])
    assert reasons(actions)["arn:b"] == "can't move to another VPC"
    assert one_after_another(actions, gone("arn:b"), made("Balancer"))
    assert one_after_another(actions, gone("arn:b"), gone("subnet-1"))
    # Where only its subnet is, it moves.
    moved = {**network_of("10.50.2.0/24"), "Balancer": plan["Balancer"]}
    actions = planned(moved, [*NETWORK, there])
    assert done(actions)["arn:b"] == "update"
    assert one_after_another(actions, made("Net"), made("Balancer"), gone("subnet-1"))
