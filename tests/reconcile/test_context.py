"""What is known of AWS as a run goes on, and what its workers share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ocpprov.engine.actions import Actions
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN, REGION
from ocpprov.engine.resources import Live
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.kinds.reads import Found
from ocpprov.reconcile.context import LiveState
from tests.reconcile.things import Thing
from tests.reconcile.world import OWNER, THING, World, ours, wanted

TYPE = THING.type


def live(id: str, tags: Mapping[str, str] | None = None, type: str = TYPE, **more: Any) -> Live:
    return Live(type, id, {}, tags=tags or {}, **more)


def live_state(*before: Live, unproven: Sequence[UnprovenClaim] = (), **current: Live) -> LiveState:
    lives: dict[str, list[Live]] = {}
    for each in before:
        lives.setdefault(each.type, []).append(each)
    actions = Actions(OWNER, Graph({}, {}), [], [], current, unproven=unproven)
    return LiveState(actions, Inventory(lives), Found(OWNER, given=frozenset({"vpc-1"})))


def test_what_was_found_is_known_by_type() -> None:
    now = live_state(live("a"), live("b"), live("c", type="Other"), A=live("a"))
    assert now.found().ids(TYPE) == ["a", "b"]
    assert now.found().ids("Other") == ["c"]
    assert now.found().owner == OWNER
    assert now.found().given == {"vpc-1"}
    assert now.before == {(TYPE, "a"), (TYPE, "b"), ("Other", "c")}
    assert now.current("A") == live("a")
    assert now.current("B") is None
    assert now.by_logical_id() == {"A": live("a")}


def test_what_is_made_is_the_current_one_and_was_not_there_before() -> None:
    now = live_state(live("a"), A=live("a"))
    newer = live("n", ours("A"))
    now.add("A", newer)
    now.add("B", live("b", type="Other"))
    assert now.current("A") is newer
    assert now.found().ids(TYPE) == ["a", "n"]
    assert now.found().ids("Other") == ["b"]
    assert now.before == {(TYPE, "a")}


def test_what_is_told_again_takes_the_place_of_what_was_known() -> None:
    now = live_state(live("a"))
    now.add("A", live("a", ours("A")))
    assert now.found().lives[TYPE] == (live("a", ours("A")),)


def test_a_copy_of_what_is_known_stays_as_it_was() -> None:
    now = live_state(A=live("a"))
    before = now.by_logical_id()
    now.add("B", live("b"))
    assert before.keys() == {"A"}


def test_what_is_gone_is_not_found_but_was_ours() -> None:
    mine = live("a", ours("A"))
    now = live_state(mine, live("b"), live("c", {PLAN: "theirs"}), live("d", ours("D"), type="Other"))
    now.remove(mine)
    now.remove(live("never", type="Unheard"))
    now.remove(live("never"))
    assert now.found().ids(TYPE) == ["b", "c"]
    assert now.ours_ever(TYPE) == [mine]


def test_what_was_made_in_this_run_was_ours() -> None:
    now = live_state()
    made = live("a", ours("A"))
    now.add("A", made)
    assert now.ours_ever(TYPE) == [made]
    assert now.ours_ever("Other") == []


@pytest.mark.parametrize(
    ("one", "is_ours"),
    [
        (live("a", ours("A")), True),
        (live("a", {PLAN: "lab"}), True),
        (live("a", claim={PLAN: "lab"}), True),
        (live("a", {PLAN: "lab", REGION: "us-east-1"}), False),
        (live("a", {PLAN: "other"}), False),
        (live("a"), False),
        (live("copy", ours("A")), False),
        (live("copy", ours("A"), type="Other"), True),
    ],
)
def test_what_is_ours_says_so_and_is_not_unproven(one: Live, is_ours: bool) -> None:
    copy = UnprovenClaim(live("copy", ours("A")), "nothing shows it")
    assert live_state(unproven=[copy]).is_ours(one) is is_ours


def test_references_are_looked_up() -> None:
    now = live_state(A=live("a", ref="1.2.3.4", attributes={"Arn": "arn:a"}), B=live("b"))
    assert now.lookup(Ref("A")) == "1.2.3.4"
    assert now.lookup(Ref("B")) == "b"
    assert now.lookup(GetAtt("A", "Arn")) == "arn:a"
    for missing in (Ref("C"), GetAtt("C", "Arn"), GetAtt("A", "Name")):
        with pytest.raises(KeyError):
            now.lookup(missing)


class Shouting(Thing):
    """Names are written large."""

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return {**properties, "Name": str(properties["Name"]).upper()}


def test_properties_are_resolved_and_normalised(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.live_state.add("B", live("b"))
    resource = wanted(THING, "A", Name=Ref("B"), Size=2)
    assert world.context.properties(Shouting(), resource) == {"Name": "B", "Size": 2}
    assert world.context.properties(THING, resource) == {"Name": "b", "Size": 2}


def test_an_event_has_the_time_and_all_that_is_told(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.clock.passed = 3.0
    world.context.tell(EventKind.EXISTS, "A", TYPE, "a", reason="so")
    world.context.tell(EventKind.NOTE)
    assert world.events.told == [
        Event(EventKind.EXISTS, world.clock.now(), "A", TYPE, "a", {"reason": "so"}),
        Event(EventKind.NOTE, world.clock.now(), "", "", "", {}),
    ]
