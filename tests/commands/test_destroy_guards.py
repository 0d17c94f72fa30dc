"""What stands before a destroy: on values, and once through the commands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Reader
from ocpprov.commands.connection import RunTarget
from ocpprov.commands.destroy_guards import guard_protected_plan, machines_in
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Owner
from ocpprov.kinds.reads import Found
from tests.checks.answers import Answers
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion

OWNER = Owner("lab", REGION, "123456789012", "run")
TARGET = RunTarget("lab", REGION)
VPC = "AWS::EC2::VPC"
ZONE = "AWS::Route53::HostedZone"
MARK = {"ocpprov:protect": "true"}


def thing(id: str, type: str = VPC, plan: str = "lab", **tags: str) -> Live:
    said = {"ocpprov:plan": plan, "ocpprov:region": REGION, "ocpprov:resource": "Net"}
    return Live(type, id, {}, tags={**said, **{key.replace("_", ":"): value for key, value in tags.items()}})


def planned_of(*lives: Live, false: frozenset[tuple[str, str]] = frozenset(), going: bool = True) -> PlanResult:
    found: dict[str, list[Live]] = {}
    for live in lives:
        found.setdefault(live.type, []).append(live)
    actions = [Action("Net", VPC, Verb.DELETE, lives[0].id)] if going else []
    unproven = [UnprovenClaim(live, "it is a copy") for live in lives if (live.type, live.id) in false]
    made = Actions(OWNER, Graph({}, {}), actions, [], {}, unproven=unproven)
    return PlanResult(Inventory(found), made, Found(OWNER))


def refusal(planned: PlanResult, target: RunTarget, options: Options) -> str:
    with pytest.raises(Refused) as refused:
        guard_protected_plan(planned, target, options)
    return str(refused.value)


def test_a_mark_on_one_thing_of_the_plan_is_enough_and_the_way_out_is_told() -> None:
    there = planned_of(thing("vpc-2"), thing("vpc-3", ocpprov_protect="true"), thing("vpc-1", ocpprov_protect="true"))
    assert refusal(there, TARGET, Options(plan=Path("my plan.yaml"))) == (
        f"plan lab in {REGION}: protected from destroy by the tag ocpprov:protect on Net vpc-1 and 1 more; nothing was "
        "changed; if it may go, set `protect: false` in its file, run `ocpprov apply 'my plan.yaml'`, and destroy it "
        "then"
    )
    assert "in its file, apply it, and destroy" in refusal(there, TARGET, Options(name="lab"))


def test_the_file_alone_is_enough() -> None:
    said = refusal(planned_of(thing("vpc-1")), replace(TARGET, protect=True), Options(plan=Path("lab.yaml")))
    assert "by `protect: true`; nothing was changed" in said


@pytest.mark.parametrize("value", ["false", "", "True"])
def test_another_value_is_no_mark(value: str) -> None:
    guard_protected_plan(planned_of(thing("vpc-1", ocpprov_protect=value)), TARGET, Options())


def test_the_run_folder_counts_only_where_no_tag_can_tell() -> None:
    remembered = replace(TARGET, protect=True)
    guard_protected_plan(planned_of(thing("Z1", ZONE), thing("vpc-1")), remembered, Options())
    assert "by `protect: true`" in refusal(planned_of(thing("Z1", ZONE)), remembered, Options())


def test_what_is_not_the_plans_protects_nothing() -> None:
    guard_protected_plan(planned_of(thing("vpc-1", plan="other", ocpprov_protect="true")), TARGET, Options())
    copied = planned_of(thing("vpc-1"), thing("vpc-2", ocpprov_protect="true"), false=frozenset({(VPC, "vpc-2")}))
    guard_protected_plan(copied, TARGET, Options())


def test_where_nothing_goes_nothing_is_refused() -> None:
    there = planned_of(thing("vpc-1", ocpprov_protect="true"), going=False)
    guard_protected_plan(there, TARGET, Options())
    assert "protected" in refusal(there, TARGET, Options(cluster_leftovers="delete"))


def plan_of(tmp_path: Path, **more: object) -> Path:
    path = tmp_path / "lab.json"
    vpc = {"Type": VPC, "Properties": {"CidrBlock": "10.0.0.0/16"}}
    path.write_text(json.dumps({"name": "lab", "region": REGION, "Resources": {"VPC": vpc}, **more}))
    return path


def test_a_protected_plan_goes_only_after_an_apply_without(tmp_path: Path) -> None:
    bastion = Bastion(tmp_path, REGION)
    assert bastion.apply(plan_of(tmp_path, protect=True)).code == 0
    assert bastion.plan(plan_of(tmp_path, protect=True)).code == 0
    unprotected = plan_of(tmp_path)
    bastion.home = tmp_path / "elsewhere"
    for ended in (bastion.destroy(unprotected), bastion.destroy(None, name="lab", region=REGION)):  # type: ignore[arg-type]
        assert (ended.code, ended.sent) == (2, [])
        assert "protected from destroy by the tag ocpprov:protect on VPC vpc-" in ended.said
    lifted = bastion.apply(unprotected)
    assert (lifted.code, lifted.sent) == (0, ["DeleteTags"])
    assert bastion.destroy(unprotected).code == 0


INTERFACE = "describe_network_interfaces"


@pytest.mark.parametrize(
    ("pages", "machines"),
    [
        ({}, []),
        ({"describe_instances": {"Reservations": [{"Instances": [{"InstanceId": "i-1"}]}]}}, ["i-1"]),
        # The list of instances may be wrong: what is in a subnet has an interface there.
        ({INTERFACE: {"NetworkInterfaces": [{"Attachment": {"InstanceId": "i-2"}}]}}, ["i-2"]),
        ({INTERFACE: {"NetworkInterfaces": [{"Attachment": {"InstanceOwnerId": "amazon-elb"}}, {}]}}, []),
    ],
)
def test_machines_are_known_by_their_interfaces_too(pages: dict[str, Any], machines: list[str]) -> None:
    asked = Answers(pages)
    planned = planned_of(thing("subnet-1", "AWS::EC2::Subnet"))
    assert machines_in(planned, cast("Reader", asked), needed=True) == (machines, [])
    subnets = {"Name": "subnet-id", "Values": ["subnet-1"]}
    assert [each.arguments()["Filters"][0] for each in asked.asked] == [subnets, subnets]


def refused(operation: str) -> AwsError:
    return AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no", "r-1", operation))


def test_where_instances_cannot_be_looked_at_their_interfaces_tell() -> None:
    planned = planned_of(thing("subnet-1", "AWS::EC2::Subnet"))
    denied = refused("DescribeInstances")
    for interfaces, machines in (([], []), ([{"Attachment": {"InstanceId": "i-2"}}], ["i-2"])):
        asked = Answers({"describe_instances": denied, INTERFACE: {"NetworkInterfaces": interfaces}})
        found = machines_in(planned, cast("Reader", asked), needed=True)
        assert found == (machines, [f"machines are told by their network interfaces alone: {denied}"])


def test_where_interfaces_cannot_be_looked_at_nobody_knows_of_machines() -> None:
    planned = planned_of(thing("subnet-1", "AWS::EC2::Subnet"))
    denied = refused("DescribeNetworkInterfaces")
    asked = cast("Reader", Answers({INTERFACE: denied}))
    with pytest.raises(Refused, match="DescribeNetworkInterfaces: UnauthorizedOperation"):
        machines_in(planned, asked, needed=True)
    assert machines_in(planned, asked, needed=False) == (
        [],
        [f"whether machines are protected from termination wasn't looked at: {denied}"],
    )
