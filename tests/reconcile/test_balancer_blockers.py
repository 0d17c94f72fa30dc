"""Listeners, rules and endpoint services of others in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live
from ocpprov.reconcile.balancer_blockers import balancer_blockers
from ocpprov.reconcile.blocker import Blocker
from tests.reconcile.world import World

ARN = "arn:aws:elasticloadbalancing:eu-west-1:1:"
NET, APP = f"{ARN}loadbalancer/net/theirs/1", f"{ARN}loadbalancer/app/theirs/2"
LISTENER, WEB = f"{ARN}listener/net/theirs/1/3", f"{ARN}listener/app/theirs/2/4"
GROUP = Live("AWS::ElasticLoadBalancingV2::TargetGroup", f"{ARN}targetgroup/api/5", {}, tags={PLAN: "lab"})
BALANCER = Live("AWS::ElasticLoadBalancingV2::LoadBalancer", NET, {}, tags={PLAN: "lab"})
STEP = "have it forward elsewhere"
DENIED = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no"))

FORWARD = [{"Type": "forward", "TargetGroupArn": GROUP.id}]
SHARED = [
    {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "x"}, {"TargetGroupArn": GROUP.id}]}}
]
ELSEWHERE: Sequence[Mapping[str, Any]] = [{"Type": "forward", "TargetGroupArn": "x"}, {"Type": "fixed-response"}]


def world_with(tmp_path: Path, **pages: Any) -> World:
    world = World(tmp_path)
    world.cloud.pages["describe_target_groups"] = {
        "TargetGroups": [{"TargetGroupArn": GROUP.id, "LoadBalancerArns": [NET]}]
    }
    world.cloud.pages.update(pages)
    return world


def listening(arn: str, actions: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {"Listeners": [{"ListenerArn": arn, "DefaultActions": actions}]}


def rule(actions: Sequence[Mapping[str, Any]], *, default: bool = False) -> Mapping[str, Any]:
    return {"Rules": [{"RuleArn": "rule-1", "IsDefault": default, "Actions": actions}]}


def held_by(one: Live, world: World) -> list[Blocker]:
    return list(balancer_blockers(one, world.context))


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ({"describe_listeners": listening(LISTENER, FORWARD)}, [f"listener {LISTENER}"]),
        ({"describe_listeners": listening(LISTENER, SHARED)}, [f"listener {LISTENER}"]),
        ({"describe_listeners": listening(LISTENER, ELSEWHERE)}, []),
        ({"describe_listeners": {"Listeners": [{"ListenerArn": LISTENER}]}}, []),
        ({"describe_listeners": listening(WEB, ELSEWHERE), "describe_rules": rule(FORWARD)}, ["rule rule-1"]),
        ({"describe_listeners": listening(WEB, ELSEWHERE), "describe_rules": rule(SHARED)}, ["rule rule-1"]),
        ({"describe_listeners": listening(WEB, ELSEWHERE), "describe_rules": rule(ELSEWHERE)}, []),
        (
            {"describe_listeners": listening(WEB, FORWARD), "describe_rules": rule(FORWARD, default=True)},
            [f"listener {WEB}"],
        ),
        ({"describe_listeners": listening(WEB, FORWARD), "describe_rules": DENIED}, [f"listener {WEB}"]),
        # Of network balancers there are none.
        ({"describe_listeners": listening(LISTENER, ELSEWHERE), "describe_rules": rule(FORWARD)}, []),
        ({"describe_target_groups": {"TargetGroups": [{"TargetGroupArn": GROUP.id}]}}, []),
    ],
)
def test_who_forwards_to_a_target_group(pages: Mapping[str, Any], said: Sequence[str], tmp_path: Path) -> None:
    world = world_with(tmp_path, **pages)
    assert held_by(GROUP, world) == [Blocker(f"{each}, which forwards to it,", STEP) for each in said]


def test_what_is_asked_for(tmp_path: Path) -> None:
    pages = {"describe_listeners": listening(WEB, FORWARD)}
    world = world_with(tmp_path, **pages)
    asked: list[tuple[str, Any]] = []

    class Told:
        """Keeps what is asked for."""

        def read(self, wanted: Sequence[Any]) -> Any:
            asked.extend((each.operation, each.arguments()) for each in wanted)
            return world.context.reader.read(wanted)

        def attempt(self, wanted: Sequence[Any]) -> Any:
            asked.extend((each.operation, each.arguments()) for each in wanted)
            return world.context.reader.attempt(wanted)

    told: Any = Told()
    context = replace(world.context, reader=told)
    list(balancer_blockers(GROUP, context))
    list(balancer_blockers(BALANCER, context))
    assert asked == [
        ("describe_target_groups", {"TargetGroupArns": [GROUP.id]}),
        ("describe_listeners", {"LoadBalancerArn": NET}),
        ("describe_rules", {"ListenerArn": WEB}),
        ("describe_vpc_endpoint_service_configurations", {}),
    ]


def test_what_was_ours_goes_by_itself(tmp_path: Path) -> None:
    world = world_with(tmp_path, describe_listeners=listening(LISTENER, FORWARD))
    world.live_state.add("Listener", Live("AWS::ElasticLoadBalancingV2::Listener", LISTENER, {}, tags={PLAN: "lab"}))
    assert held_by(GROUP, world) == []


def test_a_rule_that_was_added_to_a_listener_of_ours_is_named(tmp_path: Path) -> None:
    world = world_with(tmp_path, describe_listeners=listening(WEB, FORWARD), describe_rules=rule(FORWARD))
    world.live_state.add("Listener", Live("AWS::ElasticLoadBalancingV2::Listener", WEB, {}, tags={PLAN: "lab"}))
    assert held_by(GROUP, world) == [Blocker("rule rule-1, which forwards to it,", STEP)]


def test_a_balancer_that_this_run_deleted_is_not_asked_about(tmp_path: Path) -> None:
    world = world_with(tmp_path, describe_listeners=listening(LISTENER, FORWARD))
    gone = Live("AWS::ElasticLoadBalancingV2::LoadBalancer", NET, {})
    world.live_state.add("Balancer", gone)
    world.live_state.remove(gone)
    assert held_by(GROUP, world) == []
    assert world.cloud.looks == ["describe_target_groups"]


def test_an_endpoint_service_of_a_balancer(tmp_path: Path) -> None:
    services = {
        "ServiceConfigurations": [
            {"ServiceId": "vpce-svc-1", "NetworkLoadBalancerArns": ["x", NET]},
            {"ServiceId": "vpce-svc-2", "NetworkLoadBalancerArns": ["x"]},
            {"ServiceId": "vpce-svc-3"},
        ]
    }
    pages = {"describe_vpc_endpoint_service_configurations": services}
    world = world_with(tmp_path, **pages)
    assert held_by(BALANCER, world) == [Blocker("endpoint service vpce-svc-1, which it stands behind,")]
    assert held_by(BALANCER, world_with(tmp_path, describe_vpc_endpoint_service_configurations=DENIED)) == []
    assert held_by(Live("AWS::ElasticLoadBalancing::LoadBalancer", "classic", {}), world) == []
