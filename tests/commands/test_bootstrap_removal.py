"""What stands against taking the bootstrap away, and what of it there may be, on values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.commands.bootstrap_removal import (
    bootstrap_rows,
    machines_left,
    removal_warnings,
    what_fails,
)
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Actions
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Owner
from ocpprov.engine.steps import DeleteStep
from ocpprov.kinds.reads import Found, Read
from ocpprov.openshift.aws_facts import Facts, bootstrap_machine, control_plane_machines
from ocpprov.openshift.machines import Machine, Machines
from ocpprov.plan.model import OpenShift
from tests.openshift.plans import SECTION_3AZ, plan_of

OWNER: Final = Owner("network-3az", "eu-west-1", "123456789012", "run")
SECTION: Final = replace(SECTION_3AZ, control_plane_addresses=("10.0.48.10", "10.0.64.10"))
GROUPS: Final = {
    name: Live("AWS::ElasticLoadBalancingV2::TargetGroup", f"arn:{name}", {})
    for name in ("ExternalApiTargetGroup", "InternalApiTargetGroup", "InternalServiceTargetGroup")
}
DENIED: Final = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "DescribeInstances"))
GROUP: Final = "AWS::EC2::SecurityGroup"
BOOTSTRAPS: Final = Live(
    GROUP,
    "sg-1",
    {},
    tags={
        "ocpprov:plan": OWNER.plan,
        "ocpprov:resource": "BootstrapSecurityGroup",
        "ocpprov:region": OWNER.region,
        "ocpprov:revision": "2-0",
        "ocpprov:run": "run",
        "ocpprov:cluster": "prod.example.com",
    },
)


class Asked:
    """AWS, in which targets are healthy but for these addresses, with these instances."""

    def __init__(self, *unhealthy: str, instances: Sequence[str] = (), error: AwsError | None = None) -> None:
        self._unhealthy, self._instances, self._error = unhealthy, instances, error
        self.reads: list[Read] = []

    def attempt(self, wanted: Sequence[Read], /) -> Mapping[Read, Sequence[Mapping[str, Any]] | AwsError]:
        self.reads += wanted
        return {one: self._error or [self._answer(one)] for one in wanted}

    def _answer(self, wanted: Read) -> Mapping[str, Any]:
        if wanted.operation == "describe_instances":
            return {"Reservations": [{"Instances": [{"InstanceId": each}]} for each in self._instances]}
        return {
            "TargetHealthDescriptions": [
                {
                    "Target": {"Id": each, "Port": 1},
                    "TargetHealth": {"State": "unhealthy" if each in self._unhealthy else "healthy"},
                }
                for each in ("10.0.48.10", "10.0.64.10", "10.0.48.20")
            ]
        }


def result(current: Mapping[str, Live], *going: Live, lives: Sequence[Live] = ()) -> PlanResult:
    steps = [DeleteStep(name=f"delete {each.id}", type=each.type, logical_id="", live=each) for each in going]
    actions = Actions(OWNER, Graph({}, {}), [], steps, current)
    by_type = {each.type: [one for one in lives if one.type == each.type] for each in lives}
    return PlanResult(Inventory(by_type), actions, Found(OWNER))


def test_each_machine_of_the_control_plane_is_healthy_in_each_group() -> None:
    plan = plan_of(SECTION)
    assert what_fails(result(GROUPS), plan, Asked()) == []
    assert what_fails(result(GROUPS), plan, Asked("10.0.48.20")) == []
    assert what_fails(result(GROUPS), plan, Asked("10.0.64.10")) == [
        "ExternalApiTargetGroup (6443): 10.0.64.10 is unhealthy",
        "InternalApiTargetGroup (6443): 10.0.64.10 is unhealthy",
        "InternalServiceTargetGroup (22623): 10.0.64.10 is unhealthy",
    ]


@pytest.mark.parametrize(
    ("section", "current", "failing"),
    [
        (replace(SECTION, control_plane_addresses=()), GROUPS, "controlPlane.addresses names no machine"),
        (
            replace(SECTION, control_plane_addresses=(), control_plane_auto=True),
            GROUPS,
            "no machine of the control plane is found (controlPlane.addresses: auto)",
        ),
        (SECTION, {}, "no load balancer of the API is there"),
    ],
)
def test_what_nobody_can_tell_is_not_healthy(section: OpenShift, current: Mapping[str, Live], failing: str) -> None:
    (found,) = what_fails(result(current), plan_of(section), Asked())
    assert found.startswith(failing)


OFF: Final = replace(SECTION, bootstrap=False)


@pytest.mark.parametrize(
    ("section", "going", "unhealthy", "count"),
    [
        (OFF, [BOOTSTRAPS], ["10.0.64.10"], 3),
        (OFF, [BOOTSTRAPS], [], 0),
        (OFF, [], ["10.0.64.10"], 0),
        (OFF, [replace(BOOTSTRAPS, id="sg-2")], ["10.0.64.10"], 0),
        (SECTION, [BOOTSTRAPS], ["10.0.64.10"], 0),
    ],
)
def test_a_plan_warns_where_the_bootstraps_things_go(
    section: OpenShift, going: list[Live], unhealthy: list[str], count: int
) -> None:
    planned = replace(result(GROUPS, *going, lives=[BOOTSTRAPS]), facts=Facts({0: "a", 1: "b", 2: "c"}))
    asked = Asked(*unhealthy)
    found = list(removal_warnings(planned, plan_of(section), asked))
    assert len(found) == count
    assert all(
        each.startswith("the bootstrap goes, and the control plane doesn't serve without it yet: ") for each in found
    )
    assert bool(asked.reads) is (section is OFF and going == [BOOTSTRAPS])


def test_the_machines_that_hold_the_group() -> None:
    going = result({}, BOOTSTRAPS).actions
    asked = Asked(instances=["i-2", "i-1"])
    assert machines_left(going, asked) == ["i-1", "i-2"]
    filters = asked.reads[0].arguments()["Filters"]
    assert filters[0] == {"Name": "instance.group-id", "Values": ["sg-1"]}
    assert "terminated" not in filters[1]["Values"]
    assert machines_left(going, Asked(error=DENIED)) == []
    nobody = Asked(instances=["i-1"])
    assert machines_left(result({}, replace(BOOTSTRAPS, type="AWS::IAM::Role")).actions, nobody) == []
    assert nobody.reads == []


FOUND: Final = Machines({0: Machine("10.0.48.10", "i-0")}, Machine("10.0.48.20", "i-b"))


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (SECTION, None),
        (replace(SECTION, bootstrap_address="10.0.48.9"), Machine("10.0.48.9")),
        (replace(SECTION, bootstrap_address="10.0.48.20"), Machine("10.0.48.20", "i-b")),
        (replace(SECTION, bootstrap_auto=True), Machine("10.0.48.20", "i-b")),
        (replace(SECTION, bootstrap_auto=True, bootstrap=False), None),
    ],
)
def test_the_bootstrap_machine(section: OpenShift, expected: Machine | None) -> None:
    assert bootstrap_machine(section, Facts(machines=FOUND)) == expected


def test_the_control_planes_machines() -> None:
    facts = Facts(machines=FOUND, instances={"10.0.64.10": "i-1"})
    assert control_plane_machines(SECTION, facts) == [Machine("10.0.48.10", "i-0"), Machine("10.0.64.10", "i-1")]
    assert control_plane_machines(replace(SECTION, control_plane_auto=True), facts) == [Machine("10.0.48.10", "i-0")]


def test_the_rows_of_a_machine() -> None:
    groups = {
        ("ExternalApiTargetGroup", "t 10.0.48.20:6443"),
        ("InternalApiTargetGroup", "t 10.0.48.20:6443"),
        ("InternalServiceTargetGroup", "t 10.0.48.20:22623"),
    }
    assert bootstrap_rows(Machine("10.0.48.20")) == groups
    assert bootstrap_rows(Machine("10.0.48.20", "i-b")) == groups | {
        ("ExtApiClassicElb", "i i-b"),
        ("IntApiClassicElb", "i i-b"),
    }
