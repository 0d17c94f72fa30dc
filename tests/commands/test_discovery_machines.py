"""Machines are found in the plan's VPC, by what of the plan they have; what only claims to be the plan's tells
nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from ocpprov.aws.reads import Answer, Reader
from ocpprov.commands.discovery_machines import with_machines
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Owner
from ocpprov.kinds.reads import Read
from ocpprov.openshift.expand import Facts
from ocpprov.openshift.machines import Machines
from ocpprov.plan.model import InstanceProfiles, OpenShift
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

OWNER = Owner("prod", "eu-west-1", "123456789012", "run")
SECTION = replace(SECTION_3AZ, control_plane_addresses=(), control_plane_auto=True, bootstrap_auto=True)
PROFILE = "arn:aws:iam::123456789012:instance-profile/ocp"


def live(type: str, id: str, logical_id: str) -> Live:
    tags = {"ocpprov:plan": "prod", "ocpprov:region": "eu-west-1", "ocpprov:resource": logical_id}
    return Live(type, id, {}, tags=tags)


MADE = (
    live("AWS::EC2::VPC", "vpc-1", "VPC"),
    live("AWS::EC2::SecurityGroup", "sg-m", "MasterSecurityGroup"),
    live("AWS::EC2::SecurityGroup", "sg-b", "BootstrapSecurityGroup"),
    live("AWS::IAM::InstanceProfile", f"{PROFILE}/prod-masters", "MasterInstanceProfile"),
    live("AWS::IAM::InstanceProfile", f"{PROFILE}/prod-bootstrap", "BootstrapInstanceProfile"),
)


def instance(id: str, state: str = "running", *, profile: str = "", groups: Sequence[str] = (), **more: Any) -> Any:
    return {
        "InstanceId": id,
        "PrivateIpAddress": f"10.0.48.{id[2:]}",
        "State": {"Name": state},
        "Placement": {"AvailabilityZone": "eu-west-1a"},
        "SecurityGroups": [{"GroupId": group, "GroupName": "any"} for group in groups],
        **({"IamInstanceProfile": {"Arn": f"{PROFILE}/{profile}"}} if profile else {}),
        **more,
    }


class Answers:
    """AWS with these instances; what it was asked."""

    def __init__(self, *instances: Mapping[str, Any]) -> None:
        self._instances = instances
        self.asked: list[Read] = []

    def read(self, wanted: Sequence[Read]) -> dict[Read, Sequence[Mapping[str, Any]]]:
        self.asked += wanted
        page = {"Reservations": [{"Instances": [each]} for each in self._instances]}
        return {one: [Answer(page, one.operation, "r-1")] for one in wanted}


def found(answers: Answers, section: OpenShift = SECTION, made: Sequence[Live] = MADE) -> Machines:
    lives: dict[str, list[Live]] = {}
    for each in made:
        lives.setdefault(each.type, []).append(each)
    reader = DiscoveryReader(cast("Reader", answers), OWNER)
    return with_machines(plan_of(section), FACTS, Inventory(lives), reader).machines


def ids(machines: Machines) -> tuple[list[str], str]:
    bootstrap = machines.bootstrap.instance if machines.bootstrap else ""
    return [machine.instance for machine in machines.control_plane.values()], bootstrap


def test_machines_are_found_by_groups_and_profiles_in_the_plans_vpc() -> None:
    answers = Answers(
        instance("i-10", profile="prod-masters", groups=["sg-m"]),
        instance("i-11", "pending", profile="prod-masters", groups=["sg-m"]),
        instance("i-12", "stopped", profile="prod-masters", groups=["sg-m"]),
        instance("i-13", "terminated", profile="prod-masters", groups=["sg-m"]),
        instance("i-14", "shutting-down", profile="prod-masters", groups=["sg-m"]),
        instance("i-20", profile="prod-bootstrap", groups=["sg-b", "sg-m"]),
        instance("i-30", groups=["sg-w"]),
        {**instance("i-40", "pending", profile="prod-masters", groups=["sg-m"]), "PrivateIpAddress": ""},
    )
    machines = found(answers)
    assert ids(machines) == (["i-10", "i-11", "i-12"], "i-20")
    assert [(machine.instance, why) for machine, why in machines.others] == [("i-40", "it has no private address yet")]
    assert machines.control_plane[0].zone == "eu-west-1a"
    (asked,) = answers.asked
    assert asked.arguments() == {
        "Filters": [
            {"Name": "vpc-id", "Values": ["vpc-1"]},
            {"Name": "instance-state-name", "Values": ["pending", "running", "stopped", "stopping"]},
        ]
    }


def test_a_name_is_a_tag_and_a_given_profile_is_the_plans() -> None:
    profiles = replace(SECTION.iam, instance_profiles=InstanceProfiles(master="theirs"))
    named = [{"Key": "Name", "Value": "prod-x7k2p-master-1"}]
    answers = Answers(
        instance("i-10", profile="theirs", Tags=named), instance("i-11", profile="prod-masters", Tags=named)
    )
    machines = found(answers, replace(SECTION, iam=profiles))
    assert [(number, each.instance) for number, each in machines.control_plane.items()] == [(1, "i-10")]
    assert [machine.instance for machine, _ in machines.others] == ["i-11"]


def test_nobody_is_asked_where_nothing_is_to_be_found() -> None:
    answers = Answers(instance("i-10", profile="prod-masters", groups=["sg-m"]))
    assert found(answers, made=()) == Machines()
    assert found(answers, replace(SECTION, infra_id="")) == Machines()
    assert found(answers, replace(SECTION, control_plane_auto=False, bootstrap_auto=False)) == Machines()
    assert answers.asked == []
    assert ids(found(answers, replace(SECTION, vpc_id="vpc-2"))) == (["i-10"], "")
    assert "vpc-2" in str(answers.asked[0].arguments())


def test_what_is_anothers_is_no_mark() -> None:
    theirs = [replace(each, tags={**each.tags, "ocpprov:plan": "other"}) for each in MADE[1:]]
    answers = Answers(instance("i-10", profile="prod-masters", groups=["sg-m"]))
    assert found(answers, made=[MADE[0], *theirs]) == Machines()


def test_without_a_plan_for_a_cluster_there_is_nothing_to_do() -> None:
    reader = DiscoveryReader(cast("Reader", Answers()), OWNER)
    plan = replace(plan_of(SECTION), openshift=None)
    assert with_machines(plan, Facts(), Inventory({}), reader) == Facts()
