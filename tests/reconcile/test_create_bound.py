"""`ocpprov:bound` at creation: with its own id where nothing else tells one from another, and of all made together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ocpprov.engine.actions import Actions
from ocpprov.engine.bound import bound_text, given_places, joined
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import BOUND
from ocpprov.kinds.reads import Found
from ocpprov.reconcile.context import LiveState
from tests.reconcile.cloud import refused
from tests.reconcile.creating import made
from tests.reconcile.things import KINDS, Alike, Placed, Thing
from tests.reconcile.world import OWNER, World

ALIKE = KINDS[Alike.type]


def test_what_only_its_id_tells_from_others_gets_it_by_one_call_after_creation(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert made(world, "A", kind=ALIKE) is None
    assert [each.split()[0] for each in world.cloud.sent] == ["create", "tag"]
    live = world.live_state.current("A")
    assert live is not None
    assert live.tags[BOUND] == bound_text(ALIKE, {"Name": "a"}, live.id)
    assert live.id in live.tags[BOUND]


def test_without_the_permission_to_tag_it_is_there_and_the_run_says_so(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("tag", refused("AccessDenied"))
    assert made(world, "A", kind=ALIKE) is not None
    live = world.live_state.current("A")
    assert live is not None
    assert live.id not in live.tags[BOUND]


def test_what_is_made_together_says_of_all_where_they_are(tmp_path: Path) -> None:
    placed = Placed()
    world = World(tmp_path)
    assert made(world, "A", "B", kind=placed, Parent="thing-0") is None
    alone = [bound_text(placed, {"Parent": "thing-0", "Name": name}) for name in "ab"]
    lives = [world.live_state.current(name) for name in "AB"]
    assert [live.tags[BOUND] for live in lives if live] == [joined(alone)] * 2
    assert alone[0] != joined(alone)


class Within(Thing):
    """Lies in something."""

    type = "Test::Cloud::Within"
    bound_by = ("Parent",)


class AlikeWithin(Within):
    """Any number of them may be there."""

    type = "Test::Cloud::AlikeWithin"
    bound_by_id = True


@pytest.mark.parametrize("kind", [Within(), AlikeWithin()])
def test_what_lies_in_an_existing_place_says_so(kind: Within, tmp_path: Path) -> None:
    world = World(tmp_path, kinds={**KINDS, kind.type: kind})
    world.live_state = LiveState(world.actions(), Inventory(), Found(OWNER, given=frozenset({"thing-0"})))
    world.context = replace(world.context, live_state=world.live_state)
    assert made(world, "A", kind=kind, Parent="thing-0") is None
    live = world.live_state.current("A")
    assert live is not None
    assert given_places(live.tags) == {"thing-0"}


def test_what_the_journal_has_made_is_not_given(tmp_path: Path) -> None:
    """Its id is in what a run starts from like the ids of existing things; its place counts as the plan's own."""
    actions = Actions(OWNER, Graph({}, {}), [], [], {})
    start = Found(OWNER, given=frozenset({"vpc-1", "vpc-2"}), made=frozenset({"vpc-2"}))
    assert LiveState(actions, Inventory(), start).given == {"vpc-1"}
