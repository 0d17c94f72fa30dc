"""How targets fare over time, where a test has said it. States, reasons and descriptions: API reference of TargetHealth
and of a classic balancer's InstanceState."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.clocks import VirtualClock
from ocpprov.sandbox.target_states import Course, parse_target_states
from tests.sandbox.world import InThisProcess, World, in_this_process


@pytest.fixture(scope="module")
def clock() -> VirtualClock:
    """A clock that only tests move."""
    return VirtualClock()


@pytest.fixture(scope="module")
def sandbox(clock: VirtualClock) -> Iterator[InThisProcess]:
    """A sandbox in this process."""
    with in_this_process(clock) as running:
        yield running


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(0, "initial"), (19.9, "initial"), (20, "healthy"), (39.9, "healthy"), (40, "initial"), (65, "healthy")],
)
def test_a_course_that_begins_anew(seconds: float, state: str) -> None:
    assert Course([(0, "initial"), (20, "healthy")], every=40).at(seconds) == state


def test_a_course_that_ends() -> None:
    assert Course([(0, "initial"), (20, "unhealthy")]).at(1e6) == "unhealthy"


def test_a_script_as_it_is_written() -> None:
    written = {
        "10.0.0.5": {"states": [[0, "initial"], [60, "healthy"]], "every": 90},
        "i-1": {"states": [[0, "unused"]]},
    }
    assert parse_target_states(written) == {
        "10.0.0.5": Course([(0.0, "initial"), (60.0, "healthy")], 90.0),
        "i-1": Course([(0.0, "unused")]),
    }


def test_targets_become_healthy_in_their_time(world: World, admin: SandboxAdmin, clock: VirtualClock) -> None:
    api, vpc = world.other("elbv2"), world.vpc()
    clock.advance(2)
    group = api.create_target_group(
        Name="api", Protocol="TCP", Port=6443, VpcId=vpc, TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]  # fmt: skip
    clock.advance(2)
    targets = [{"Id": "10.0.0.4", "Port": 6443}, {"Id": "10.0.0.5", "Port": 6443}, {"Id": "10.0.0.6", "Port": 6443}]
    api.register_targets(TargetGroupArn=group, Targets=targets)
    admin.targets(
        {
            "10.0.0.4": {"states": [[0, "initial"], [60, "healthy"]]},
            "10.0.0.5:6443": {"states": [[0, "unhealthy"]]},
            "10.0.0.6:22623": {"states": [[0, "unhealthy"]]},
        }
    )

    def health() -> list[tuple[str, str]]:
        described = api.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return [(each["TargetHealth"]["State"], each["TargetHealth"].get("Reason", "")) for each in described]

    assert health() == [
        ("initial", "Elb.InitialHealthChecking"),
        ("unhealthy", "Target.FailedHealthChecks"),
        ("healthy", ""),
    ]
    clock.advance(60)
    assert health()[0] == ("healthy", "")
    admin.reset()


def test_a_classic_balancer_has_two_states(world: World, admin: SandboxAdmin, clock: VirtualClock) -> None:
    api, subnet = world.other("elb"), world.subnet(world.vpc())
    machine = world.machine(subnet)
    listeners = [{"Protocol": "TCP", "LoadBalancerPort": 6443, "InstancePort": 6443}]
    api.create_load_balancer(LoadBalancerName="int", Listeners=listeners, Subnets=[subnet])
    api.register_instances_with_load_balancer(LoadBalancerName="int", Instances=[{"InstanceId": machine}])

    def health() -> tuple[str, str]:
        (found,) = api.describe_instance_health(LoadBalancerName="int")["InstanceStates"]
        return found["State"], found["ReasonCode"]

    assert health() == ("InService", "N/A")
    admin.targets({machine: {"states": [[0, "unhealthy"], [30, "healthy"]]}})
    assert health() == ("OutOfService", "Instance")
    clock.advance(30)
    assert health() == ("InService", "N/A")


@pytest.mark.parametrize(
    "course",
    [
        {},
        {"states": []},
        {"states": [[1, "healthy"]]},
        {"states": [[0, "well"]]},
        {"states": [[0, "healthy"], [-1, "initial"]]},
        {"states": [[0, "healthy"]], "every": "often"},
        {"states": [[0, "healthy"]], "often": 1},
        [],
    ],
)
def test_a_course_that_is_none_is_refused(admin: SandboxAdmin, course: Any) -> None:
    with pytest.raises(HTTPError) as caught:
        admin.targets({"10.0.0.4": course})
    assert caught.value.code == 400
