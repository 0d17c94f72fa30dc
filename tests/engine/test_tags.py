"""What is done about the tags of what is ours, and what can't be, as AWS takes only so many."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from ocpprov.engine.drift import ledger_edit, tag_changes
from ocpprov.engine.ownership import (
    BOUND,
    CHILDREN,
    ON_DELETE,
    PLAN,
    PROTECT,
    RECORDS,
    RESOURCE,
    REVISION,
    RUN,
    TAG_KEYS,
    LedgerEntries,
    desired_tags,
    remembered_as,
)
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.tag_limits import TagLimit, tag_limit
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import RULE, ZONE
from tests.engine.planning import OWNER, VPC, done, left_alone, live, planned, retagged, wanted

OURS: Final = {PLAN: "lab", RESOURCE: "Vpc", RUN: "now", REVISION: "2-new"}
THERE: Final = {**OURS, RUN: "before", REVISION: "2-old"}
USER: Final = {**OURS, "cost": "1", TAG_KEYS: "cost"}
LONG: Final = "部" * 40


@pytest.mark.parametrize(
    ("wanted", "there", "put", "removed", "others"),
    [
        pytest.param(OURS, THERE, {}, [], [], id="an older run and revision stay"),
        pytest.param(
            OURS,
            {**THERE, REVISION: "1-new"},
            {REVISION: "2-new"},
            [],
            [],
            id="an older format's revision is written anew",
        ),
        pytest.param(OURS, {**THERE, REVISION: "3-x"}, {}, [], [], id="a newer one's is not"),
        pytest.param(
            {**OURS, BOUND: "T a"}, {**THERE, BOUND: "T b"}, {BOUND: "T a"}, [], [], id="what it is is put right"
        ),
        pytest.param(
            OURS, {PLAN: "lab", RESOURCE: "Vpc"}, {RUN: "now", REVISION: "2-new"}, [], [], id="missing ones come"
        ),
        pytest.param(OURS, {**THERE, PLAN: "x"}, {PLAN: "lab"}, [], [], id="another value"),
        pytest.param(USER, THERE, {"cost": "1", TAG_KEYS: "cost"}, [], [], id="a user's tag comes"),
        pytest.param(USER, {**THERE, **USER, "cost": "2", RUN: "before"}, {"cost": "1"}, [], [], id="is changed"),
        pytest.param(OURS, {**THERE, "cost": "1", TAG_KEYS: "cost"}, {}, ["cost", TAG_KEYS], [], id="and goes"),
        pytest.param(OURS, {**THERE, "theirs": "x", "aws:owner": "y"}, {}, [], ["tag theirs"], id="others' stay"),
        pytest.param(
            USER,
            {**THERE, "cost": "1", "old": "2", "theirs": "3", TAG_KEYS: "cost + old"},
            {TAG_KEYS: "cost"},
            ["old"],
            ["tag theirs"],
            id="only what we had set",
        ),
        pytest.param(
            OURS,
            {**THERE, LONG: "1", f"{LONG}x": "2", TAG_KEYS: remembered_as(LONG)},
            {},
            [LONG, TAG_KEYS],
            [f"tag {LONG}x"],
            id="a key that no tag could hold",
        ),
        pytest.param(
            USER,
            {**THERE, "cost": "1"},
            {TAG_KEYS: "cost"},
            [],
            [],
            id="what others set as we would is ours from now on",
        ),
        pytest.param(OURS, {**THERE, ON_DELETE: "retain"}, {}, [ON_DELETE], [], id="no longer retained"),
        pytest.param(OURS, {**THERE, PROTECT: "true"}, {}, [PROTECT], [], id="no longer protected"),
        pytest.param({**OURS, PROTECT: "true"}, THERE, {PROTECT: "true"}, [], [], id="protected from now on"),
        pytest.param(OURS, {**THERE, "ocpprov:later": "x"}, {}, [], [], id="a tag of a later version"),
        pytest.param(OURS, {**THERE, CHILDREN: "r a"}, {}, [], [], id="a ledger never shrinks here"),
        pytest.param(
            {**OURS, CHILDREN: "r b"}, {**THERE, CHILDREN: "r a"}, {CHILDREN: "r a + r b"}, [], [], id="but grows"
        ),
        pytest.param({**OURS, RECORDS: "Z a"}, THERE, {RECORDS: "Z a"}, [], [], id="the other one, too"),
        pytest.param(
            {**OURS, CHILDREN: "r b"},
            {**THERE, CHILDREN: "r b", f"{CHILDREN}.2": "r b", f"{RECORDS}.2": "Z b"},
            {RECORDS: "Z b"},
            [f"{CHILDREN}.2", f"{RECORDS}.2"],
            [],
            id="written anew whole",
        ),
    ],
)
def test_what_is_put_and_what_is_removed(
    wanted: dict[str, str], there: dict[str, str], put: dict[str, str], removed: list[str], others: list[str]
) -> None:
    found = tag_changes(wanted, Live(VPC, "vpc-1", {}, tags=there))
    assert (dict(found.edit.put), list(found.edit.remove), list(found.others)) == (put, removed, others)
    assert [(each.property, each.before, each.after) for each in found.changes] == [
        *((f"Tags.{key}", there.get(key), value) for key, value in put.items()),
        *((f"Tags.{key}", there[key], None) for key in removed),
    ]


def test_a_ledger_is_written_whole() -> None:
    there = {CHILDREN: "r a + r b", f"{CHILDREN}.2": "r c", f"{RECORDS}.2": "Z", "Name": "x"}
    edit = ledger_edit(CHILDREN, {"r a"}, there)
    assert (dict(edit.put), list(edit.remove)) == ({CHILDREN: "r a"}, [f"{CHILDREN}.2"])
    same = ledger_edit(CHILDREN, {"r a", "r b"}, {CHILDREN: "r a + r b"})
    assert (dict(same.put), list(same.remove), bool(same)) == ({}, [], False)
    assert bool(edit)
    assert bool(ledger_edit(CHILDREN, (), there))


def test_what_others_tagged_is_said_of_the_resource() -> None:
    vpc = retagged(live(VPC, "vpc-1", "Vpc", {"CidrBlock": "10.0.0.0/16"}), theirs="x")
    actions = planned(wanted(Vpc=(VPC, {"CidrBlock": "10.0.0.0/16"})), [vpc])
    assert (done(actions), left_alone(actions)) == ({}, "Vpc: tag theirs")


def _zone(users: int, rows: int = 0, own: int = 0) -> tuple[Resource, Owner, LedgerEntries]:
    owner = replace(OWNER, user_tags={f"user{number}": "x" for number in range(users)})
    tags = [{"Key": f"own{number}", "Value": "x"} for number in range(own)]
    children = frozenset(f"rr {'n' * 200}{number:02} A" for number in range(rows))
    return Resource("Zone", ZONE, {"HostedZoneTags": tags} if own else {}), owner, LedgerEntries(children)


@pytest.mark.parametrize(
    ("zone", "note", "problem"),
    [
        (_zone(5), "", ""),
        (_zone(6), "Zone: AWS::Route53::HostedZone takes 10 tags; no room for user5", ""),
        (_zone(7, 1), "Zone: AWS::Route53::HostedZone takes 10 tags; no room for user4, user5, user6", ""),
        (
            _zone(0, 5, 3),
            "",
            "Zone: AWS::Route53::HostedZone takes 10 tags; with those of the plan's ownership no room for own0, own1, "
            "own2: give it fewer",
        ),
        (_zone(0, 6), "Zone: AWS::Route53::HostedZone takes 10 tags; no room for Name", ""),
        (_zone(0, 7), "Zone: AWS::Route53::HostedZone takes 10 tags; no room for Name", ""),
        (
            _zone(0, 8),
            "",
            "Zone: AWS::Route53::HostedZone takes 10 tags and would need 11, 8 of them to remember the rows that "
            "are the plan's; give it fewer or shorter ones, or put some into another plan",
        ),
    ],
)
def test_tags_are_counted_before_the_first_change(
    zone: tuple[Resource, Owner, LedgerEntries], note: str, problem: str
) -> None:
    resource, owner, memory = zone
    found = tag_limit(resource, KINDS[ZONE], None, owner, memory)
    assert (found.note, found.problem) == (note, problem)


def test_while_rows_come_and_go_there_has_to_be_room_for_both() -> None:
    resource, owner, memory = _zone(0, 7)
    _, _, before = _zone(0, 8)
    more = before.children - memory.children
    for former in (LedgerEntries(more), LedgerEntries(elsewhere=frozenset({"Z9 a"}))):
        there = Live(ZONE, "Z1", {}, tags=desired_tags(owner, KINDS[ZONE], resource, "", former))
        assert "would need 11, 8 of them" in tag_limit(resource, KINDS[ZONE], there, owner, memory).problem
    assert tag_limit(Resource("Rule", RULE), KINDS[RULE], None, owner, memory) == TagLimit()


def test_what_has_no_room_is_said_by_the_plan() -> None:
    owner = replace(OWNER, user_tags={f"user{number}": "x" for number in range(9)})
    zone = planned(wanted(Zone=(ZONE, {"Name": "x.corp."})), [], owner=owner)
    assert list(zone.notes) == ["Zone: AWS::Route53::HostedZone takes 10 tags; no room for user5, user6, user7, user8"]
    assert zone.problems == []
    tags = [{"Key": chr(ord("A") + number), "Value": "x"} for number in range(45)]
    net = planned(wanted(Vpc=(VPC, {"CidrBlock": "10.0.0.0/16", "Tags": tags})), [])
    assert net.problems == [
        "Vpc: AWS::EC2::VPC takes 50 tags; with those of the plan's ownership no room for m: give it fewer"
    ]
    assert planned(wanted(Vpc=(VPC, {"CidrBlock": "10.0.0.0/16", "Tags": tags[:44]})), []).problems == []
