"""What Elastic Load Balancing says of the API's targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.checks.target_health import (
    GroupHealth,
    TargetGroup,
    TargetHealth,
    api_target_groups,
    health_of,
    unhealthy,
)
from ocpprov.engine.resources import Live
from ocpprov.kinds.reads import Read
from ocpprov.openshift.machines import Machine

AINT = TargetGroup("InternalApiTargetGroup", "arn:aint", (6443,))
CLASSIC = TargetGroup("IntApiClassicElb", "prod-int", (6443, 22623), classic=True)
DENIED = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "DescribeTargetHealth"))


class Asked:
    """AWS with these answers, by operation."""

    def __init__(self, **answers: Mapping[str, Any] | AwsError) -> None:
        self._answers = answers

    def attempt(self, wanted: Sequence[Read], /) -> Mapping[Read, Sequence[Mapping[str, Any]] | AwsError]:
        found: dict[Read, Sequence[Mapping[str, Any]] | AwsError] = {}
        for one in wanted:
            answer = self._answers[one.operation]
            found[one] = answer if isinstance(answer, AwsError) else [answer]
        return found


def item(address: str, state: str, **told: str) -> dict[str, Any]:
    return {"Target": {"Id": address, "Port": 6443}, "TargetHealth": {"State": state, **told}}


def test_a_groups_targets_with_aws_reason() -> None:
    asked = Asked(
        describe_target_health={
            "TargetHealthDescriptions": [
                item("10.0.0.4", "healthy"),
                item("10.0.0.5", "unhealthy", Reason="Target.FailedHealthChecks", Description="Health checks failed"),
            ]
        }
    )
    (health,) = health_of([AINT], asked)
    assert health == GroupHealth(
        AINT,
        [
            TargetHealth("10.0.0.4", "healthy"),
            TargetHealth("10.0.0.5", "unhealthy", "Target.FailedHealthChecks", "Health checks failed"),
        ],
    )
    assert [each.healthy for each in health.targets] == [True, False]
    assert str(health.targets[1]) == "unhealthy (Target.FailedHealthChecks, Health checks failed)"


def test_a_classic_balancer_knows_instances_and_one_state_for_all_ports() -> None:
    states = [
        {"InstanceId": "i-1", "State": "InService", "ReasonCode": "N/A", "Description": "N/A"},
        {"InstanceId": "i-2", "State": "OutOfService", "ReasonCode": "ELB", "Description": "Registration in progress"},
    ]
    (health,) = health_of([CLASSIC], Asked(describe_instance_health={"InstanceStates": states}))
    assert health.targets == [
        TargetHealth("i-1", "InService"),
        TargetHealth("i-2", "OutOfService", "ELB", "Registration in progress"),
    ]
    assert [each.healthy for each in health.targets] == [True, False]
    assert health.of(Machine("10.0.0.5", "i-2")) is health.targets[1]
    assert health.of(Machine("10.0.0.6")) is None


def test_what_aws_doesnt_tell_is_no_empty_group() -> None:
    (health,) = health_of([AINT], Asked(describe_target_health=DENIED))
    assert health == GroupHealth(AINT, trouble=DENIED)
    assert list(unhealthy([health], [Machine("10.0.0.4")])) == [f"InternalApiTargetGroup (6443): {DENIED}"]


def test_a_machine_has_to_be_healthy_in_every_group() -> None:
    sint = TargetGroup("InternalServiceTargetGroup", "arn:sint", (22623,))
    health = [
        GroupHealth(AINT, [TargetHealth("10.0.0.4", "healthy"), TargetHealth("10.0.0.5", "healthy")]),
        GroupHealth(sint, [TargetHealth("10.0.0.4", "initial", "Elb.InitialHealthChecking")]),
    ]
    assert list(unhealthy(health, [Machine("10.0.0.4"), Machine("10.0.0.5")])) == [
        "InternalServiceTargetGroup (22623): 10.0.0.4 is initial (Elb.InitialHealthChecking)",
        "InternalServiceTargetGroup (22623): 10.0.0.5 isn't registered",
    ]
    assert list(unhealthy(health[:1], [Machine("10.0.0.4"), Machine("10.0.0.5")])) == []


def test_one_that_drains_is_no_target() -> None:
    health = GroupHealth(AINT, [TargetHealth("10.0.0.4", "draining", "Target.DeregistrationInProgress")])
    assert list(unhealthy([health], [Machine("10.0.0.4")])) == [
        "InternalApiTargetGroup (6443): 10.0.0.4 isn't registered"
    ]


def test_the_groups_behind_the_api() -> None:
    network = {
        name: Live("AWS::ElasticLoadBalancingV2::TargetGroup", f"arn:{name}", {})
        for name in ("InternalServiceTargetGroup", "ExternalApiTargetGroup")
    }
    assert [(each.logical_id, each.id, each.ports, each.classic) for each in api_target_groups(network)] == [
        ("ExternalApiTargetGroup", "arn:ExternalApiTargetGroup", (6443,), False),
        ("InternalServiceTargetGroup", "arn:InternalServiceTargetGroup", (22623,), False),
    ]
    old = {name: Live("AWS::ElasticLoadBalancing::LoadBalancer", name, {}) for name in ("ExtApiClassicElb",)}
    old["IntApiClassicElb"] = Live("AWS::ElasticLoadBalancing::LoadBalancer", "prod-int", {})
    assert [(each.logical_id, each.id, each.ports, each.classic) for each in api_target_groups(old)] == [
        ("ExtApiClassicElb", "ExtApiClassicElb", (6443,), True),
        ("IntApiClassicElb", "prod-int", (6443, 22623), True),
    ]


def test_the_calls() -> None:
    assert (AINT.read.service, AINT.read.operation, AINT.read.arguments()) == (
        "elbv2", "describe_target_health", {"TargetGroupArn": "arn:aint"},
    )  # fmt: skip
    assert (CLASSIC.read.service, CLASSIC.read.operation, CLASSIC.read.arguments()) == (
        "elb", "describe_instance_health", {"LoadBalancerName": "prod-int"},
    )  # fmt: skip
