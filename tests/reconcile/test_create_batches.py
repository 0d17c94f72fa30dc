"""Many in one call, and what goes when they are there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.errors import AwsError
from tests.reconcile.cloud import (
    first_done_unanswered,
    refused,
)
from tests.reconcile.creating import EXISTS, INVALID, MISMATCH, RULE, WINDOW, made
from tests.reconcile.world import World, wanted

SHARED: Mapping[str, Any] = {"Parent": "thing-0"}


def shared(world: World, *names: str, **properties: Any) -> BaseException | None:
    return made(world, *names, kind=RULE, **SHARED, **properties)


def test_a_batch_is_one_call(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert shared(world, "A", "B") is None
    assert world.cloud.sent == ["create A+B t1+t2"]
    assert world.journalled() == ["intent A", "intent B", "created A rule-1", "created B rule-2"]
    assert world.events.texts() == ["started A", "started B", "exists A", "exists B"]


def test_of_a_batch_only_what_is_not_found_is_sent_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", first_done_unanswered)
    assert shared(world, "A", "B") is None
    assert world.cloud.sent == ["create A+B t1+t2", "create B t2"]
    assert world.journalled() == ["intent A", "intent B", "intent B", "created A rule-1", "created B rule-2"]
    assert world.events.texts() == [
        "started A",
        "started B",
        "in-doubt A",
        "in-doubt B",
        "started B",
        "adopted A",
        "exists B",
    ]
    assert world.clock.passed == WINDOW
    assert world.live_state.by_logical_id().keys() == {"A", "B"}


def test_of_a_batch_that_an_earlier_process_sent_the_rest_is_sent(tmp_path: Path) -> None:
    world = World(tmp_path, earlier=[(wanted(RULE, name, **SHARED), 1000.0) for name in ("A", "B")])
    world.has(RULE, "rule-0", {"ocpprov:plan": "lab"}, Name="a", **SHARED)
    assert shared(world, "A", "B", "C") is None
    assert world.cloud.sent == ["create B+C old-B+t2", "tag rule-0 +run"]
    assert world.journalled() == ["intent B", "intent C", "created A rule-0", "created B rule-1", "created C rule-2"]


def test_of_a_batch_one_is_there_already(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(RULE, "rule-0", Name="a", Size=5, **SHARED)
    world.cloud.script("create", refused(EXISTS))
    assert shared(world, "A", "B", Size=2) is None
    assert world.cloud.sent == ["create A+B t1+t2", "create B t2", "tag rule-0 +plan +run", "update rule-0 Size=2"]
    assert world.journalled() == ["intent A", "intent B", "intent B", "created A rule-0", "created B rule-1"]
    assert world.clock.passed == WINDOW


def test_a_refused_batch_is_refused_whole(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", refused(INVALID))
    assert isinstance(shared(world, "A", "B"), AwsError)
    assert world.journalled() == ["intent A", "intent B", "refused A", "refused B"]


def test_a_refusal_says_nothing_of_a_batch_of_which_one_is_in_doubt(tmp_path: Path) -> None:
    world = World(tmp_path, earlier=[(wanted(RULE, "B", **SHARED), 1000.0)])
    world.cloud.script("create", refused(INVALID))
    assert isinstance(shared(world, "A", "B", "C"), AwsError)
    assert world.journalled() == ["intent A", "intent B", "intent C"]


def test_a_used_token_is_renewed_for_those_that_are_sent_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", first_done_unanswered, refused(MISMATCH))
    assert shared(world, "A", "B") is None
    assert world.cloud.sent == ["create A+B t1+t2", "create B t2", "create B t3"]
    assert {len(record.token) for record in world.records()} == {32}
    assert [record.token == world.records()[1].token for record in world.records() if record.resource == "B"] == [
        True,
        True,
        False,
        False,
    ]


def test_the_clouds_own_row_goes_when_the_planned_ones_are_there(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(RULE, "rule-own", Name="default", **SHARED).service_owned = True
    world.has(RULE, "rule-other", Name="default", Parent="thing-5").service_owned = True
    world.has(RULE, "rule-theirs", Name="default", **SHARED)
    assert shared(world, "A", "B") is None
    assert world.cloud.sent == ["create A+B t1+t2", "delete rule-own"]
    assert set(world.cloud.items) == {"rule-1", "rule-2", "rule-other", "rule-theirs"}


def test_the_clouds_own_row_stays_when_the_plan_wants_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(RULE, "rule-own", Name="default", **SHARED).service_owned = True
    assert shared(world, "A", Name="default") is None
    assert world.cloud.sent == ["create A t1"]
    assert world.cloud.looks == []


@pytest.mark.parametrize(
    ("code", "error"), [("InvalidThing.NotFound", None), ("AccessDenied", AwsError)], ids=["gone", "denied"]
)
def test_the_clouds_own_row_may_be_gone(code: str, error: type[Exception] | None, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(RULE, "rule-own", Name="default", **SHARED).service_owned = True
    world.cloud.script("delete", refused(code))
    assert type(shared(world, "A")) is (error or type(None))
    assert world.cloud.sent == ["create A t1", "delete rule-own"]


def test_a_mistake_in_the_make_up_of_a_batch_shows(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", lambda cloud, parts: [part() for part in parts[:1]])
    assert isinstance(shared(world, "A", "B"), ValueError)
