"""What follows a creation, and what becomes of one that was cut off half-way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.errors import AwsError
from ocpprov.engine.events import EventKind
from tests.reconcile.cloud import (
    done_unanswered,
    refused,
)
from tests.reconcile.creating import INVALID, made
from tests.reconcile.things import KINDS
from tests.reconcile.world import THING, World, ours, wanted

AFTERWARDS: Sequence[tuple[Mapping[str, Any], Sequence[str]]] = (
    ({"Protection": True}, ["update thing-1 Protection=True"]),
    ({"Protection": "true", "Mode": "x"}, ["update thing-1 Protection=true Mode=x"]),
    ({"Protection": False}, []),
    ({"Mode": "x"}, ["update thing-1 Mode=x"]),
    ({"Size": 4}, []),
)


@pytest.mark.parametrize(("properties", "updates"), AFTERWARDS)
def test_what_the_create_call_does_not_take_follows_it(
    properties: Mapping[str, Any], updates: Sequence[str], tmp_path: Path
) -> None:
    world = World(tmp_path)
    assert made(world, "A", **properties) is None
    assert world.cloud.sent == ["create A t1", *updates]


def test_what_follows_the_creation_fails(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("update", refused(INVALID))
    assert isinstance(made(world, "A", Protection=True), AwsError)
    assert world.journalled() == ["intent A", "created A thing-1"]
    assert world.live_state.current("A") is not None
    assert world.events.texts() == ["started A"]


def test_what_is_found_again_is_finished(tmp_path: Path) -> None:
    world = World(tmp_path, earlier=[(wanted(THING, "A"), 1000.0)])
    item = world.has(THING, "thing-0", {**ours("A"), "team": "theirs"}, Name="a", Size=1, Members=["theirs"])
    assert made(world, "A", Size=3, Members=["ours"], Protection=True) is None
    assert world.cloud.sent == [
        "tag thing-0 +revision +run",
        "update thing-0 Size=3 Members=['ours', 'theirs'] Protection=True",
    ]
    assert item.tags["team"] == "theirs"
    assert world.journalled() == ["created A thing-0"]
    [adopted] = world.events.told
    assert (adopted.kind, adopted.resource, adopted.type, adopted.id) == (
        EventKind.ADOPTED,
        "A",
        THING.type,
        "thing-0",
    )


def test_what_is_found_as_it_should_be_is_left_alone(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", done_unanswered)
    assert made(world, "A", Size=3) is None
    assert world.cloud.sent == ["create A t1"]


@pytest.mark.parametrize("name", ["Test::Cloud::Row", "Test::Cloud::Link"])
def test_what_takes_no_tags_gets_none(name: str, tmp_path: Path) -> None:
    kind = KINDS[name]
    world = World(tmp_path)
    world.cloud.script("create", done_unanswered)
    assert made(world, "A", kind=kind, Parent="thing-0") is None
    assert world.cloud.sent == ["create A t1 untagged"]
    assert world.journalled()[1].startswith("created A ")
