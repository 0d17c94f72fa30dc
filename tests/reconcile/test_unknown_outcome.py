"""What is found, and what is not, when nobody knows whether a create happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.errors import AwsError
from ocpprov.engine.abbreviated_ids import abbreviated
from ocpprov.engine.kind_facts import UniqueKey
from ocpprov.engine.ownership import REVISION, RUN, revision
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind
from ocpprov.reconcile.unknown_outcome import Conflict, find_conflicting, remaining_window
from tests.reconcile.cloud import (
    NEVER,
    answered,
    done_and_listed_after,
    lost,
    refused,
    unanswered,
)
from tests.reconcile.creating import EXISTS, INVALID, PROFILE, TAGS, WINDOW, ZONE, made
from tests.reconcile.things import KINDS, Thing, Zone
from tests.reconcile.world import OWNER, THING, World, ours, wanted


def test_a_thing_of_ours_from_before_the_run_is_not_what_was_sent_now(tmp_path: Path) -> None:
    old = Live(THING.type, "thing-0", {"Name": "a"}, tags=ours("A"))
    world = World(tmp_path, before=[old])
    world.has(THING, "thing-0", ours("A"), Name="a")
    world.cloud.script("create", unanswered)
    assert made(world, "A") is None
    assert world.cloud.sent == ["create A t1"] * 2
    current = world.live_state.current("A")
    assert current is not None
    assert current.id == "thing-1"


EARLIER = (
    # age in seconds, from when it is listed (None: it was never made), seconds until it is clear
    (5.0, 0.0, 0.0),
    (5.0, 1.0, 1.0),
    (5.0, 2.0, 6.0),
    (0.0, 4.0, 6.0),
    (5.0, None, WINDOW - 5.0),
    (31.5, None, 0.5),
    (32.0, None, 0.0),
    (5000.0, None, 0.0),
)


@pytest.mark.parametrize(("age", "listed", "seconds"), EARLIER)
def test_an_earlier_process_left_an_intent(age: float, listed: float | None, seconds: float, tmp_path: Path) -> None:
    world = World(tmp_path, earlier=[(wanted(THING, "A"), age)])
    if listed is not None:
        tags = {**ours("A"), REVISION: revision(THING, {"Name": "a"}), RUN: "run-1"}
        world.has(THING, "thing-0", tags, Name="a").listed_from = listed
    assert made(world, "A") is None
    assert world.clock.passed == seconds
    if listed is None:
        assert world.cloud.sent == ["create A old-A"]
        assert world.journalled() == ["intent A", "created A thing-1"]
    else:
        assert world.cloud.sent == []
        assert world.journalled() == ["created A thing-0"]
        assert world.events.texts() == ["adopted A"]


@pytest.mark.parametrize(
    ("elapsed", "rest"),
    [
        (0.0, [1, 2, 3, 5, 8, 13]),
        (0.25, [0.75, 2, 3, 5, 8, 13]),
        (1.0, [2, 3, 5, 8, 13]),
        (4.0, [2, 5, 8, 13]),
        (31.0, [1]),
        (32.0, []),
        (NEVER, []),
        (-5.0, [1, 2, 3, 5, 8, 13]),
    ],
)
def test_the_rest_of_the_window(elapsed: float, rest: Sequence[float]) -> None:
    assert remaining_window((1, 2, 3, 5, 8, 13), elapsed) == rest


def test_an_earlier_intent_for_another_revision_is_nothing_to_this_one(tmp_path: Path) -> None:
    world = World(tmp_path, earlier=[(wanted(THING, "A", Name="other"), 1.0)])
    assert made(world, "A") is None
    assert world.cloud.sent == ["create A t1"]
    assert world.clock.passed == 0


def test_a_refusal_does_not_close_an_earlier_doubt(tmp_path: Path) -> None:
    world = World(tmp_path, earlier=[(wanted(THING, "A"), 1000.0)])
    world.cloud.script("create", refused(INVALID))
    assert isinstance(made(world, "A"), AwsError)
    assert world.journalled() == ["intent A"]


def test_of_several_earlier_intents_the_newest_says_how_long_to_look(tmp_path: Path) -> None:
    world = World(tmp_path, earlier=[(wanted(THING, "A"), 1000.0), (wanted(THING, "B"), 10.0)])
    assert made(world, "A", "B", "C") is None
    assert world.clock.passed == WINDOW - 10
    assert world.cloud.sent == ["create A+B+C old-A+old-B+t3"]


def test_what_was_sent_without_tags_is_known_by_its_key(tmp_path: Path) -> None:
    world = World(tmp_path)

    world.has(ZONE, "zone-0", {"owner": "somebody"}, Name="a")
    world.has(ZONE, "zone-other", Name="b")
    world.cloud.script("create", done_untagged_unanswered)
    assert made(world, "A", kind=ZONE) is None
    assert world.cloud.sent == ["create A t1", TAGS.format("zone-1")]
    assert world.events.texts() == ["started A", "in-doubt A", "adopted A"]
    assert world.journalled() == ["intent A", "created A zone-1"]


def done_untagged_unanswered(cloud: Any, parts: Any) -> None:
    for answer in answered(cloud, parts):
        cloud.items[answer["Id"]].tags.clear()
    raise lost()


def test_an_untagged_one_with_its_key_is_somebody_elses_where_ours_cannot_be_there(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(ZONE, "zone-0", Name="a")
    world.cloud.script("create", refused(EXISTS))
    assert isinstance(made(world, "A", kind=ZONE), Conflict)
    assert world.cloud.sent == ["create A t1"]
    assert world.journalled() == ["intent A", "refused A"]


def test_what_takes_tags_at_creation_is_not_known_by_its_key(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(PROFILE, "profile-0", Name="a")
    world.cloud.script("create", unanswered)
    assert made(world, "A", kind=PROFILE) is None
    assert world.cloud.sent == ["create A t1"] * 2


def test_rows_are_known_by_their_key_whoever_listed_them_before(tmp_path: Path) -> None:
    kind = KINDS["Test::Cloud::Row"]
    world = World(tmp_path)
    world.has(kind, "row-other", Name="a", Parent="thing-5")
    world.cloud.script("create", done_and_listed_after(1))
    assert made(world, "A", kind=kind, Parent="thing-0") is None
    assert world.clock.passed == 1
    current = world.live_state.current("A")
    assert current is not None
    assert current.id == "row-1"


def test_what_is_on_its_way_out_is_not_taken_for_what_was_made(tmp_path: Path) -> None:
    world = World(tmp_path)

    def made_and_going(cloud: Any, parts: Any) -> None:
        for answer in answered(cloud, parts):
            cloud.items[answer["Id"]].deleting = True
        cloud._made.clear()
        raise lost()

    world.cloud.script("create", made_and_going)
    assert made(world, "A") is None
    assert world.cloud.sent == ["create A t1"] * 2


def test_of_two_that_could_be_it_the_first_by_id_is_taken(tmp_path: Path) -> None:
    world = World(tmp_path, earlier=[(wanted(THING, "A"), NEVER)])
    for id in ("thing-z", "thing-b", "thing-y"):
        world.has(THING, id, ours("A"), Name="a")
    assert made(world, "A") is None
    assert world.journalled() == ["created A thing-b"]


class Crowded(Thing):
    """Has no room for the tag with the revision."""

    tag_limit = 10


@pytest.mark.parametrize(
    ("revision_", "found"),
    [(revision(THING, {"Name": "a"}), True), (revision(THING, {"Name": "b"}), False), ("", True)],
)
def test_what_says_its_revision_has_to_have_this_one(revision_: str, found: bool, tmp_path: Path) -> None:
    kind = Crowded()
    world = World(tmp_path, earlier=[(wanted(THING, "A"), NEVER)], kinds={kind.type: kind})
    world.has(kind, "thing-0", {**ours("A"), **({REVISION: revision_} if revision_ else {})}, Name="a")
    assert made(world, "A", kind=kind) is None
    assert (world.journalled()[-1] == "created A thing-0") is found


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (ours("A"), True),
        (ours(abbreviated("A")), True),
        (ours("B"), False),
        (ours(abbreviated("B")), False),
        ({**ours("A"), "ocpprov:region": "us-east-1"}, False),
        ({"ocpprov:resource": "A"}, False),
        ({"ocpprov:plan": "lab"}, False),
        ({}, False),
    ],
)
def test_what_was_made_says_that_it_is_this_one(tags: Mapping[str, str], found: bool, tmp_path: Path) -> None:
    world = World(tmp_path, earlier=[(wanted(THING, "A"), NEVER)])
    world.has(THING, "thing-0", tags, Name="a")
    assert made(world, "A") is None
    assert (world.journalled()[-1] == "created A thing-0") is found


class Aliased(Zone):
    """Two things of it there may be only once."""

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        return [(name, str(properties[name])) for name in ("Name", "Mode") if name in properties]


@pytest.mark.parametrize(("name", "mode", "taken"), [("a", "y", True), ("b", "x", True), ("x", "a", False)])
def test_one_key_of_several_is_enough(name: str, mode: str, taken: bool, tmp_path: Path) -> None:
    kind = Aliased()
    world = World(tmp_path, kinds={kind.type: kind})
    world.has(kind, "zone-0", Name=name, Mode=mode)
    request = CreateRequest("A", {"Name": "a", "Mode": "x"}, {}, "token", OWNER)
    live = find_conflicting(kind, request, world.context)
    assert (live.id if live else "") == ("zone-0" if taken else "")


@pytest.mark.parametrize("kind", [ZONE, PROFILE], ids=lambda kind: kind.type)
@pytest.mark.parametrize("live_state", [True, False])
def test_what_an_earlier_run_made_without_tags_is_known_by_its_intent_alone(
    kind: Kind, live_state: bool, tmp_path: Path
) -> None:
    begun = {(kind.type, "thing a"): "A"} if live_state else {}
    world = World(tmp_path, earlier=[(wanted(kind, "A"), NEVER)], begun=begun)
    world.has(kind, "old-0", Name="a")
    assert made(world, "A", kind=kind) is None
    if live_state:
        assert world.cloud.sent == ["tag old-0 +plan +resource +revision +run"]
        assert world.journalled() == ["created A old-0"]
    else:
        assert world.cloud.sent[0] == "create A old-A"
        assert world.journalled()[0] == "intent A"
