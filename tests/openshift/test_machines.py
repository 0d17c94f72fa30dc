"""Which instances are taken for the cluster's machines."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from ocpprov.openshift.expand import expand, facts_needed, found_machines, notes, placeholder_facts
from ocpprov.openshift.machines import Instance, Machine, Machines, OwnMarks, recognised
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

MARKS = OwnMarks(
    "prod-x7k2p",
    {"master": "sg-m", "bootstrap": "sg-b"},
    {"master": "prod-masters", "bootstrap": "prod-bootstrap"},
)
TAG = {"kubernetes.io/cluster/prod-x7k2p": "shared"}
MASTER = Instance("i-1", "10.0.48.10", "eu-west-1a", "prod-masters", frozenset({"sg-m"}), TAG)


def named(name: str, **tags: str) -> dict[str, str]:
    return {"Name": name, **tags}


def why(instance: Instance, marks: OwnMarks = MARKS) -> str:
    """Why it isn't taken; it has to be listed for that."""
    found = recognised([instance], marks)
    assert (dict(found.control_plane), found.bootstrap) == ({}, None)
    ((_, reason),) = found.others
    return reason


def test_a_machine_says_by_what_it_was_found() -> None:
    marks = ("security group sg-m", "instance profile prod-masters", "tag kubernetes.io/cluster/prod-x7k2p")
    machine = Machine("10.0.48.10", "i-1", "", "eu-west-1a", marks)
    assert recognised([MASTER], MARKS) == Machines({0: machine})
    assert str(machine) == "i-1 (10.0.48.10)"
    assert str(replace(machine, name="m")) == "i-1 m (10.0.48.10)"
    assert str(Machine("10.0.0.4")) == "10.0.0.4"


@pytest.mark.parametrize(
    "instance",
    [
        replace(MASTER, tags={}),
        replace(MASTER, profile=""),
        replace(MASTER, groups=frozenset()),
        replace(MASTER, profile="", tags=named("prod-x7k2p-master-0")),
        replace(MASTER, groups=frozenset(), tags=named("prod-x7k2p-master-0")),
        replace(MASTER, profile="somebodys", tags=named("prod-x7k2p-master-0")),
        replace(MASTER, tags={**TAG, "kubernetes.io/cluster/other-1": "shared"}),
        replace(MASTER, tags=named("anything", **TAG)),
    ],
)
def test_two_marks_of_which_one_is_the_plans_are_enough(instance: Instance) -> None:
    found = recognised([instance], MARKS)
    assert [machine.instance for machine in found.control_plane.values()] == ["i-1"]
    assert found.others == ()


@pytest.mark.parametrize(
    ("instance", "reason"),
    [
        (
            replace(MASTER, profile="", groups=frozenset(), tags=named("prod-x7k2p-master-0", **TAG)),
            "only tag kubernetes.io/cluster/prod-x7k2p and its name says so, "
            "and neither the plan's group nor its instance profile",
        ),
        (
            replace(MASTER, profile="", tags={}),
            "only security group sg-m says so, and neither instance profile nor tag nor name",
        ),
        (
            replace(MASTER, groups=frozenset(), tags={}),
            "only instance profile prod-masters says so, and neither security group nor tag nor name",
        ),
        (
            replace(MASTER, tags={"kubernetes.io/cluster/other-1": "owned"}),
            "it is tagged for another cluster, other-1",
        ),
        (
            replace(MASTER, tags=named("prod-x7k2p-worker-0", **TAG)),
            "security group sg-m and instance profile prod-masters is that of the control plane, and its name isn't",
        ),
        (
            # A bootstrap machine of template 04 that somebody has tagged: the group and the profile of its own stack.
            replace(MASTER, profile="stack-BootstrapProfile", groups=frozenset({"sg-m", "sg-of-the-stack"})),
            "its instance profile stack-BootstrapProfile isn't that of the control plane, and its name doesn't say "
            "that it is of it",
        ),
        (replace(MASTER, address=""), "it has no private address yet"),
    ],
)
def test_what_looks_like_one_and_isnt_shown_to_be_is_listed(instance: Instance, reason: str) -> None:
    assert why(instance) == reason


@pytest.mark.parametrize(
    "instance",
    [
        Instance("i-9", "10.0.0.9"),
        Instance("i-9", "10.0.0.9", tags=TAG),
        Instance("i-9", "10.0.0.9", profile="prod-workers", groups=frozenset({"sg-w"}), tags=TAG),
        Instance("i-9", "10.0.0.9", tags=named("prod-x7k2p-worker-0", **TAG)),
        Instance("i-9", "10.0.0.9", tags=named("prod-x7k2p-bootstrap-2", **TAG)),
    ],
)
def test_all_else_isnt_spoken_of(instance: Instance) -> None:
    assert recognised([instance], MARKS) == Machines()


def test_what_the_plan_doesnt_have_tells_nothing() -> None:
    assert recognised([Instance("i-9", "10.0.0.9", profile="", groups=frozenset({""}))], OwnMarks("prod-x7k2p")) == (
        Machines()
    )


def test_the_bootstrap_machine_is_in_the_control_planes_group_too() -> None:
    bootstrap = Instance("i-5", "10.0.48.20", "eu-west-1a", "prod-bootstrap", frozenset({"sg-b", "sg-m"}))
    found = recognised([bootstrap, MASTER], MARKS)
    assert found.bootstrap == Machine(
        "10.0.48.20", "i-5", "", "eu-west-1a", ("security group sg-b", "instance profile prod-bootstrap")
    )
    assert list(found.control_plane) == [0]
    assert why(Instance("i-5", "10.0.48.20", tags=named("prod-x7k2p-bootstrap"))) == (
        "only its name says so, and neither the plan's group nor its instance profile"
    )


def test_of_two_bootstrap_machines_none_is_taken() -> None:
    one = Instance("i-5", "10.0.48.20", "", "prod-bootstrap", frozenset({"sg-b"}))
    found = recognised([one, replace(one, id="i-6", address="10.0.48.21")], MARKS)
    assert found.bootstrap is None
    assert [(machine.instance, reason) for machine, reason in found.others] == [
        ("i-5", "several look like the bootstrap machine"),
        ("i-6", "several look like the bootstrap machine"),
    ]


def test_machines_keep_the_number_of_their_name() -> None:
    def master(id: str, address: str, name: str = "", zone: str = "a") -> Instance:
        return replace(MASTER, id=id, address=address, zone=zone, tags={**TAG, **({"Name": name} if name else {})})

    machines = [
        master("i-1", "10.0.0.9", "prod-x7k2p-master-2"),
        master("i-2", "10.0.0.8", "prod-x7k2p-master-0"),
        master("i-3", "10.0.0.7", "prod-x7k2p-master-0"),
        master("i-4", "10.0.0.5", zone="b"),
        master("i-5", "10.0.0.6", zone="a"),
    ]
    found = recognised(machines, MARKS).control_plane
    assert [(number, machine.instance) for number, machine in found.items()] == [
        (0, "i-2"), (1, "i-5"), (2, "i-1"), (3, "i-3"), (4, "i-4"),
    ]  # fmt: skip
    without = recognised(machines[:1], MARKS).control_plane
    assert [(number, machine.instance) for number, machine in without.items()] == [(2, "i-1")]


FOUND: Final = Machines(
    {0: Machine("10.0.48.10", "i-1", "m0", marks=("its name",)), 2: Machine("10.0.80.10", "i-3", marks=("sg", "tag"))},
    Machine("10.0.48.20", "i-9", marks=("sg",)),
    ((Machine("10.0.48.30", "i-7", "odd"), "it is tagged for another cluster, x"),),
)
AUTO: Final = replace(SECTION_3AZ, control_plane_addresses=(), control_plane_auto=True, bootstrap_auto=True)


def test_what_was_found_stands_where_the_plan_says_auto() -> None:
    resources = expand(plan_of(AUTO), replace(FACTS, machines=FOUND))
    targets = resources["InternalServiceTargetGroup"].properties["Targets"]
    assert targets == [{"Id": address, "Port": 22623} for address in ("10.0.48.10", "10.0.80.10", "10.0.48.20")]
    assert [name for name in resources if name.startswith("Etcd")] == ["EtcdSrvRecords", "Etcd0Record", "Etcd2Record"]
    assert resources["Etcd2Record"].properties["ResourceRecords"] == ["10.0.80.10"]
    classic = expand(plan_of(replace(AUTO, load_balancers="classic")), replace(FACTS, machines=FOUND))
    assert classic["IntApiClassicElb"].properties["Instances"] == ["i-1", "i-3", "i-9"]


def test_only_what_says_auto_is_filled() -> None:
    section = replace(AUTO, control_plane_auto=False, control_plane_addresses=("10.0.48.11",))
    resources = expand(plan_of(section), replace(FACTS, machines=FOUND))
    targets = resources["InternalApiTargetGroup"].properties["Targets"]
    assert targets == [{"Id": address, "Port": 6443} for address in ("10.0.48.11", "10.0.48.20")]
    over = expand(plan_of(replace(AUTO, bootstrap=False)), replace(FACTS, machines=FOUND))
    assert over["InternalApiTargetGroup"].properties["Targets"] == [
        {"Id": "10.0.48.10", "Port": 6443},
        {"Id": "10.0.80.10", "Port": 6443},
    ]


def test_the_plan_says_what_was_found_and_what_is_not_there_yet() -> None:
    plan, found, nothing = plan_of(AUTO), replace(FACTS, machines=FOUND), replace(FACTS, machines=Machines())
    assert found_machines(plan, found) == [
        "control plane: i-1 m0 (10.0.48.10), by its name",
        "control plane: i-3 (10.0.80.10), by sg, tag",
        "bootstrap: i-9 (10.0.48.20), by sg",
    ]
    stranger = "i-7 odd (10.0.48.30) isn't registered: it is tagged for another cluster, x"
    assert [*notes(plan, found)] == [stranger]
    assert found_machines(plan, nothing) == []
    assert [*notes(plan, nothing)] == [
        "no machine of the control plane is there yet: a later apply registers them",
        "no bootstrap machine is there yet: a later apply registers it",
    ]
    over = plan_of(replace(AUTO, bootstrap=False))
    assert [*notes(over, nothing)] == ["no machine of the control plane is there yet: a later apply registers them"]
    named = plan_of(SECTION_3AZ)
    assert [*found_machines(named, found), *notes(named, found)] == []


def test_placeholders_have_a_machine_of_each_so_that_policies_have_targets() -> None:
    plan = plan_of(AUTO)
    assert facts_needed(plan).machines
    resources = expand(plan, placeholder_facts(plan))
    assert resources["InternalApiTargetGroup"].properties["Targets"] == [
        {"Id": "10.0.0.4", "Port": 6443},
        {"Id": "10.0.0.5", "Port": 6443},
    ]
