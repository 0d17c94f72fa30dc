"""Changing in place: in which order, from what, and what is done again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError
from ocpprov.engine.events import EventKind
from ocpprov.engine.resources import Live
from ocpprov.engine.steps import NO_TAG_EDIT, DetachStep, RetainStep, TagEdit, TagStep, UpdateStep, build_name
from ocpprov.engine.values import Ref
from ocpprov.reconcile.update import detach, retain, tag, update
from tests.reconcile.cloud import done_unanswered, refused
from tests.reconcile.world import THING, World, live_of, ours, outcome, wanted

EDIT = TagEdit({"team": "blue"}, ["old"])
NAMES: Any = {"type": THING.type, "logical_id": "A"}


def standing(tmp_path: Path, **more: Any) -> tuple[World, Live]:
    """A run for which A is there."""
    world = World(tmp_path, **more)
    item = world.has(THING, "thing-1", {**ours("A"), "old": "1"}, Name="a", Size=1, Members=["theirs"])
    return world, live_of(item)


def change(
    live: Live, tags: TagEdit = NO_TAG_EDIT, keep: Mapping[str, Sequence[Any]] | None = None, **to: Any
) -> UpdateStep:
    resource = wanted(THING, "A", **to)
    return UpdateStep(
        name=build_name("A"), resource=resource, live=live, changed=list(to), tags=tags, keep=keep or {}, **NAMES
    )


def test_tags_come_before_properties(tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    update(THING, change(live, EDIT, Size=2, Mode="x"), world.context)
    assert world.cloud.sent == ["tag thing-1 +team -old", "update thing-1 Size=2 Mode=x"]
    assert world.cloud.items["thing-1"].tags == {**ours("A"), "team": "blue"}
    assert world.events.texts() == ["started A", "updated A"]
    [started, updated] = world.events.told
    assert (started.type, started.id, started.detail) == (THING.type, "thing-1", {"action": "update"})
    assert (updated.type, updated.id) == (THING.type, "thing-1")
    assert world.journalled() == []


@pytest.mark.parametrize(
    ("tags", "to", "sent"),
    [
        (EDIT, {}, ["tag thing-1 +team -old"]),
        (TagEdit({"team": "blue"}), {}, ["tag thing-1 +team"]),
        (TagEdit(remove=["old"]), {}, ["tag thing-1 -old"]),
        (NO_TAG_EDIT, {"Size": 2}, ["update thing-1 Size=2"]),
        (NO_TAG_EDIT, {}, []),
    ],
)
def test_nothing_is_sent_that_is_not_needed(
    tags: TagEdit, to: Mapping[str, Any], sent: Sequence[str], tmp_path: Path
) -> None:
    world, live = standing(tmp_path)
    update(THING, change(live, tags, **to), world.context)
    assert world.cloud.sent == sent


def test_without_its_tags_nothing_else_is_changed(tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    world.cloud.script("tag", refused("AccessDenied"))
    error = outcome(lambda: update(THING, change(live, EDIT, Size=2), world.context))
    assert isinstance(error, AwsError)
    assert world.cloud.sent == ["tag thing-1 +team -old"]
    assert world.events.texts() == ["started A"]


def test_what_others_put_into_a_list_stays(tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    update(THING, change(live, keep={"Members": ["theirs"]}, Members=["ours"]), world.context)
    assert world.cloud.sent == ["update thing-1 Members=['ours', 'theirs']"]


def test_what_others_put_into_a_list_that_the_plan_no_longer_has_stays(tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    step = UpdateStep(
        name=build_name("A"),
        resource=wanted(THING, "A"),
        live=live,
        changed=["Members"],
        keep={"Members": ["theirs"]},
        **NAMES,
    )
    update(THING, step, world.context)
    assert world.cloud.sent == ["update thing-1 Members=['theirs']"]


def test_references_are_what_has_been_made_by_now(tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    world.live_state.add("B", Live(THING.type, "thing-7", {}))
    update(THING, change(live, Members=[Ref("B")]), world.context)
    assert world.cloud.sent == ["update thing-1 Members=['thing-7']"]


@pytest.mark.parametrize("operation", ["tag", "update"])
def test_a_change_is_sent_again_when_nobody_knows(operation: str, tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    world.cloud.script(operation, done_unanswered)
    update(THING, change(live, EDIT, Size=2), world.context)
    both = ["tag thing-1 +team -old", "update thing-1 Size=2"]
    assert world.cloud.sent == sorted([*both, both[operation == "update"]])
    [retry] = world.events.of(EventKind.RETRYING)
    assert (retry.resource, retry.type, retry.detail["reason"]) == ("A", THING.type, "unknown outcome")
    assert world.clock.passed == pytest.approx(world.events.seconds())


@pytest.mark.parametrize("operation", ["tag", "update"])
def test_after_two_minutes_of_that_it_is_an_error(operation: str, tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    world.cloud.script(operation, *[done_unanswered] * 1000)
    error = outcome(lambda: update(THING, change(live, EDIT, Size=2), world.context))
    assert isinstance(error, AwsError)
    assert error.error_class is ErrorClass.UNKNOWN_OUTCOME
    assert world.clock.passed == pytest.approx(120)


def test_what_an_earlier_run_made_without_tags_is_made_when_it_has_them(tmp_path: Path) -> None:
    world, live = standing(tmp_path, earlier=[(wanted(THING, "A"), 5000.0)])
    update(THING, change(live, EDIT, Size=2), world.context)
    assert world.journalled() == ["created A thing-1"]
    [record] = world.records()
    assert (record.type, record.run, record.time) == (THING.type, "run-2", world.clock.now())
    assert not world.journal.is_open(THING.type, "A")


def test_it_is_open_until_it_has_them(tmp_path: Path) -> None:
    world, live = standing(tmp_path, earlier=[(wanted(THING, "A"), 5000.0)])
    update(THING, change(live, Size=2), world.context)
    world.cloud.script("tag", refused("AccessDenied"))
    assert isinstance(outcome(lambda: update(THING, change(live, EDIT), world.context)), AwsError)
    assert world.journalled() == []
    assert world.journal.is_open(THING.type, "A")


def test_what_is_about_to_be_deleted_is_taken_out_and_the_update_starts_from_there(tmp_path: Path) -> None:
    world, _ = standing(tmp_path)
    world.cloud.items["thing-1"].properties["Members"] = ["goes", "theirs"]
    live = live_of(world.cloud.items["thing-1"])
    detach(THING, DetachStep(name="detach A", live=live, rest={"Members": ["theirs"]}, **NAMES), world.context)
    assert world.cloud.sent == ["update thing-1 Members=['theirs']"]
    assert world.cloud.updated == [live]
    update(THING, change(live, Members=["new"], keep={"Members": ["theirs"]}), world.context)
    assert world.cloud.sent[1:] == ["update thing-1 Members=['new', 'theirs']"]
    assert world.cloud.updated[1].properties == {"Name": "a", "Size": 1, "Members": ["theirs"]}
    assert world.events.texts() == ["started A", "updated A"]


def test_a_failed_detaching_leaves_it_as_it_was_known(tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    world.cloud.script("update", refused("InvalidParameterValue"))
    step = DetachStep(name="detach A", live=live, rest={"Members": []}, **NAMES)
    assert isinstance(outcome(lambda: detach(THING, step, world.context)), AwsError)
    assert world.live_state.current("A") is None


def test_what_is_retained_loses_our_tags(tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    step = RetainStep(name="delete A", live=live, tags=TagEdit(remove=list(ours("A"))), **NAMES)
    retain(THING, step, world.context)
    assert world.cloud.sent == ["tag thing-1 -ocpprov:plan -ocpprov:resource"]
    assert world.cloud.items["thing-1"].tags == {"old": "1"}
    [forgotten] = world.events.told
    assert (forgotten.kind, forgotten.resource, forgotten.type, forgotten.id) == (
        EventKind.FORGOTTEN,
        "A",
        THING.type,
        "thing-1",
    )


def test_what_keeps_its_tags_is_not_told_to_be_left(tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    world.cloud.script("tag", refused("AccessDenied"))
    step = RetainStep(name="delete A", live=live, tags=TagEdit(remove=["old"]), **NAMES)
    assert isinstance(outcome(lambda: retain(THING, step, world.context)), AwsError)
    assert world.events.told == []


def test_a_ledger_is_written_alone(tmp_path: Path) -> None:
    world, live = standing(tmp_path)
    tag(THING, TagStep(name="ledger A", live=live, tags=EDIT, **NAMES), world.context)
    assert world.cloud.sent == ["tag thing-1 +team -old"]
    assert world.events.told == []
    assert world.journalled() == []
