"""Which groups, profiles and buckets are those of a cluster's machines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.engine.resources import Live
from ocpprov.openshift.found_machines import buckets, groups, machines_of, profiles
from ocpprov.openshift.found_marks import Machine
from ocpprov.openshift.machines import Instance
from ocpprov.openshift.vpc_survey import BUCKET, ENDPOINT, NamedGroup, VpcSurvey
from ocpprov.reachability.network import GroupRule, SecurityGroup
from ocpprov.reachability.spans import Span
from tests.openshift.surveys import EVERYWHERE, INFRA, NAME, lives, named_groups, network, profile, survey

MASTER, WORKER, BOOTSTRAP = Machine.CONTROL_PLANE, Machine.COMPUTE, Machine.BOOTSTRAP


def ids(known: VpcSurvey) -> dict[Machine, list[str]]:
    return {machine: list(found.ids) for machine, found in groups(known, [INFRA], NAME).items()}


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({"a": f"{INFRA}-master-sg", "b": f"{INFRA}-worker-sg"}, (["sg-a"], ["sg-b"], [])),
        ({"a": "s-MasterSecurityGroup-1", "b": "s-WorkerSecurityGroup-2"}, (["sg-a"], ["sg-b"], [])),
        ({"a": "control-plane", "b": "compute", "c": "bootstrap"}, (["sg-a"], ["sg-b"], ["sg-c"])),
        ({"a": f"{INFRA}-master-sg", "b": "other-masters", "c": "nodes"}, (["sg-a"], ["sg-c"], [])),
        ({"a": "prod-masters", "b": "dev-masters", "c": "nodes"}, (["sg-a"], ["sg-c"], [])),
        ({"a": "one-masters", "b": "two-masters", "c": "nodes"}, (["sg-a", "sg-b"], ["sg-c"], [])),
    ],
)
def test_names_tell_whose_a_group_is(names: dict[str, str], found: tuple[list[str], ...]) -> None:
    known = survey(groups=named_groups(default="default", **names))
    assert ids(known) == dict(zip((MASTER, WORKER, BOOTSTRAP), found, strict=True))


def test_a_tag_called_name_tells_as_well() -> None:
    tagged = {"sg-a": NamedGroup("sg-a", "launch-wizard-1", {"Name": "ocp master"}), **named_groups(b="nodes")}
    assert ids(survey(groups=tagged))[MASTER] == ["sg-a"]


def test_what_instances_wear_tells_more_than_a_name() -> None:
    instance = Instance("i-1", "10.0.16.5", groups=frozenset({"sg-c"}), tags={"Name": f"{INFRA}-master-0"})
    known = survey(groups=named_groups(a="masters", b="nodes", c="launch-wizard-1"), instances=[instance])
    assert ids(known) == {MASTER: ["sg-c"], WORKER: ["sg-b"], BOOTSTRAP: []}


def test_all_groups_that_the_instances_have_in_common_are_theirs_together() -> None:
    worn = [frozenset({"sg-a", "sg-b", "sg-c"}), frozenset({"sg-a", "sg-b"})]
    masters = [
        Instance(f"i-{at}", "", groups=each, tags={"Name": f"{INFRA}-master-{at}"}) for at, each in enumerate(worn)
    ]
    found = groups(survey(groups=named_groups(a="masters", b="common", c="odd"), instances=masters), [INFRA], NAME)
    assert list(found[MASTER].certain) == ["sg-a", "sg-b"]
    assert found[WORKER].certain == ()


def test_another_clusters_an_endpoints_and_the_vpcs_own_are_none() -> None:
    other = {"kubernetes.io/cluster/other-abcde": "owned"}
    endpoint = Live(ENDPOINT, "vpce-1", {"SecurityGroupIds": ["sg-b"]})
    named = {"sg-a": NamedGroup("sg-a", "masters", other), **named_groups(b="worker", default="default")}
    known = survey(groups=named, lives={**lives(), ENDPOINT: [endpoint]})
    assert ids(known) == {MASTER: [], WORKER: [], BOOTSTRAP: []}
    assert groups(known, [INFRA], NAME)[MASTER].unclaimed == ["sg-b"]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({"a": f"{INFRA}-master-sg", "b": f"{INFRA}-worker-sg", "c": "apples"}, (["sg-a"], ["sg-b"], ["sg-c"])),
        ({"a": "s-MasterSecurityGroup-1", "b": "s-WorkerSecurityGroup-2"}, (["sg-a"], ["sg-b"], [])),
        ({"a": "masters", "b": "workers", "c": "apples"}, ([], [], ["sg-c"])),
        ({"a": "masters", "b": "workers"}, ([], [], ["sg-a", "sg-b"])),
    ],
)
def test_machines_may_wear_what_endpoints_do(names: dict[str, str], found: tuple[list[str], ...]) -> None:
    endpoint = Live(ENDPOINT, "vpce-1", {"SecurityGroupIds": ["sg-a", "sg-b"]})
    known = survey(groups=named_groups(default="default", **names), lives={**lives(), ENDPOINT: [endpoint]})
    told = groups(known, [INFRA], NAME)
    assert (told[MASTER].ids, told[WORKER].ids, told[MASTER].unclaimed) == found


def test_the_only_group_may_be_that_of_endpoints_too() -> None:
    rule = GroupRule("r", "tcp", Span(22623, 22623), EVERYWHERE)
    endpoint = Live(ENDPOINT, "vpce-1", {"SecurityGroupIds": ["sg-a"]})
    known = survey(
        groups=named_groups(a="openshift", default="default"),
        lives={**lives(), ENDPOINT: [endpoint]},
        network=network(security_groups={"sg-a": SecurityGroup("sg-a", (rule,))}),
    )
    assert ids(known) == {MASTER: ["sg-a"], WORKER: ["sg-a"], BOOTSTRAP: []}


def test_what_nothing_speaks_for_may_be_it_all_the_same() -> None:
    known = survey(groups=named_groups(a="apple", b="pear", default="default"))
    assert groups(known, [INFRA], NAME)[MASTER].unclaimed == ["sg-a", "sg-b"]


@pytest.mark.parametrize(
    ("protocol", "ports", "is_for_all"),
    [("-1", (0, 65535), True), ("tcp", (1, 65535), True), ("tcp", (443, 443), False)],
)
def test_one_wide_group_is_everybodys(protocol: str, ports: tuple[int, int], is_for_all: bool) -> None:
    rule = GroupRule("r", protocol, Span(*ports), EVERYWHERE)
    wide = network(security_groups={"sg-a": SecurityGroup("sg-a", (rule,), ())})
    found = groups(survey(groups=named_groups(a="openshift", default="default"), network=wide), [INFRA], NAME)
    assert [list(found[machine].ids) for machine in Machine] == (
        [["sg-a"], ["sg-a"], []] if is_for_all else [[], [], []]
    )
    assert list(found[WORKER].unclaimed) == ([] if is_for_all else ["sg-a"])


def test_the_clusters_machines_are_told_from_others_by_the_infra_id() -> None:
    named = [Instance(f"i-{number}", "", tags={"Name": name}) for number, name in enumerate(("x-master", "old-master"))]
    own = Instance("i-9", "", tags={"Name": f"{INFRA}-master-0"})
    assert list(machines_of(survey(instances=named), MASTER, [INFRA])) == named
    assert list(machines_of(survey(instances=[*named, own]), MASTER, [INFRA])) == [own]
    assert list(machines_of(survey(instances=[own]), WORKER, [INFRA])) == []


STACK = {"a": "ours-MasterSecurityGroup-1", "b": "ours-WorkerSecurityGroup-1"}


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ([f"{INFRA}-master-profile", "other-MasterInstanceProfile-1"], [f"{INFRA}-master-profile"]),
        (["ours-MasterInstanceProfile-2", "other-MasterInstanceProfile-1"], ["ours-MasterInstanceProfile-2"]),
        (["one-MasterInstanceProfile-2", "two-MasterInstanceProfile-1"], None),
        (["prod-master"], ["prod-master"]),
        (["some-master"], []),
    ],
)
def test_names_tell_a_profile_and_a_word_alone_does_not(names: list[str], wanted: list[str] | None) -> None:
    known = survey(groups=named_groups(**STACK), lives=lives(profiles=[profile("", name=name) for name in names]))
    found = profiles(known, [INFRA], NAME, groups(known, [INFRA], NAME))[MASTER]
    assert list(found.ids) == [f"arn:profile/{name}" for name in (names if wanted is None else wanted)]


def test_what_the_machines_have_is_their_profile() -> None:
    instance = Instance("i-1", "", profile="anything", tags={"Name": f"{INFRA}-master-0"})
    known = survey(instances=[instance], lives=lives(profiles=[profile("", name="anything"), profile("master")]))
    both = profiles(known, [INFRA], NAME, groups(known, [INFRA], NAME))[MASTER]
    assert list(both.ids) == ["arn:profile/anything"]
    gone = replace(known, instances=[])
    assert list(profiles(gone, [INFRA], NAME, {})[MASTER].ids) == [f"arn:profile/{INFRA}-master-profile"]


@pytest.mark.parametrize(
    ("bucket", "found"),
    [(f"openshift-bootstrap-data-{INFRA}", True), ("ours-infrabucket-1a2b", True), ("others", False)],
)
def test_a_bucket_is_known_by_its_name_alone(bucket: str, found: bool) -> None:
    more: Any = {BUCKET: [Live(BUCKET, bucket, {})]}
    known = survey(groups=named_groups(**STACK), lives={**lives(), **more})
    assert list(buckets(known, [INFRA], groups(known, [INFRA], NAME)).ids) == ([bucket] if found else [])
