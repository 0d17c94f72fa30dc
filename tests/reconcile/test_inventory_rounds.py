"""Looking in rounds: what is found says what else is asked for, and nothing is asked twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.inventory import Unseen
from ocpprov.engine.ownership import PLAN, REGION, RESOURCE, REVISION, RUN
from ocpprov.engine.resources import Live
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.reads import Found, Read, read
from ocpprov.reconcile.observe import observe, observe_kind, observe_states
from tests.reconcile.cloud import Lists
from tests.reconcile.things import KINDS, Gateway, Thing
from tests.reconcile.world import OWNER, THING, World, ours

GATEWAY = KINDS[Gateway.type]
START = Found(OWNER)


def reader(world: World) -> Any:
    return Lists(world.cloud)


class Nested(Thing):
    """Found by what it lies in: a read for each thing that is known, and one of its own."""

    type = "Test::Cloud::Nested"

    def reads(self, found: Found) -> Sequence[Read]:
        live_state = {*found.ids(THING.type), *found.ids(self.type)}
        return [read("cloud", "list_things", Type=self.type, In=id) for id in sorted(live_state)]

    def state_reads(self, found: Found) -> Sequence[Read]:
        return [read("cloud", "list_things", Type=self.type, States=True)]


class AlsoThing(Thing):
    """Reads what things are read with."""

    type = "Test::Cloud::AlsoThing"

    def reads(self, found: Found) -> Sequence[Read]:
        return [read("cloud", "list_things", Type=THING.type)]


NESTED = Nested()


def of(*kinds: Kind) -> Mapping[str, Kind]:
    return {kind.type: kind for kind in kinds}


def test_what_is_found_is_looked_into(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(THING, "t-1")
    world.has(NESTED, "n-1")
    inventory = observe(of(THING, NESTED, GATEWAY), START, reader(world))
    assert [live.id for live in inventory] == ["t-1", "n-1"]
    assert [live.id for live in inventory.of(NESTED.type)] == ["n-1"]
    assert inventory.of(GATEWAY.type) == []
    assert inventory.lives.keys() == {THING.type, NESTED.type, GATEWAY.type}
    # In rounds: things and gateways, what is in t-1, and what is in n-1.
    assert world.cloud.looks == [THING.type, GATEWAY.type, NESTED.type, NESTED.type]


def test_what_has_nothing_to_lie_in_is_not_asked_for(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert list(observe(of(NESTED), START, reader(world))) == []
    assert world.cloud.looks == []


def test_what_is_known_at_the_start_is_looked_into_first(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(NESTED, "n-1")
    live_state = Found(OWNER, {THING.type: [Live(THING.type, "t-9", {})]})
    assert [live.id for live in observe_kind(NESTED, live_state, reader(world))] == ["n-1"]
    assert world.cloud.looks == [NESTED.type] * 2
    assert [live.id for live in observe(of(NESTED), live_state, reader(world))] == ["n-1"]


def test_equal_reads_are_made_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    observe(of(THING, AlsoThing()), START, reader(world))
    assert world.cloud.looks == [THING.type]


class Endless(Thing):
    """Whatever is found, there is more to ask for."""

    type = "Test::Cloud::Endless"
    round = 0

    def reads(self, found: Found) -> Sequence[Read]:
        self.round += 1
        return [read("cloud", "list_things", Type=self.type, Round=self.round)]


def test_there_are_seven_rounds_at_most(tmp_path: Path) -> None:
    world = World(tmp_path)
    observe(of(Endless()), START, reader(world))
    assert world.cloud.looks == [Endless.type] * 7


def test_states_are_one_read(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(NESTED, "n-1")
    assert [live.id for live in observe_states(NESTED, START, reader(world))] == ["n-1"]
    assert world.cloud.looks == [NESTED.type]


DENIED = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "ListThings"))


class Guarded(Thing):
    """Listed where somebody may not let us look."""

    type = "Test::Cloud::Guarded"

    def reads(self, found: Found) -> Sequence[Read]:
        return [read("guarded", "list_guarded"), read("cloud", "list_things", Type=self.type)]


def test_what_is_not_looked_at_is_told_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.pages["list_guarded"] = DENIED
    world.has(THING, "t-1")
    world.has(NESTED, "n-1")
    inventory = observe(of(THING, NESTED, Guarded()), START, reader(world), needless={Guarded.type})
    assert list(map(str, inventory.unseen)) == [
        "Test::Cloud::Guarded wasn't looked at: nothing here needs it, and what the plan may have had of it before "
        f"would stay ({DENIED})"
    ]
    assert world.cloud.looks.count("list_guarded") == 1
    assert [live.id for live in inventory] == ["t-1", "n-1"]


class GuardedToo(Thing):
    """Asks for the same as another, as soon as there is something that it may lie in."""

    type = "Test::Cloud::GuardedToo"

    def reads(self, found: Found) -> Sequence[Read]:
        return [read("guarded", "list_guarded")] if found.ids(THING.type) else []


def test_what_needs_a_closed_read_only_later_is_not_told_that_there_is_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.pages["list_guarded"] = DENIED
    world.has(THING, "t-1")
    every = of(THING, Guarded(), GuardedToo())
    with pytest.raises(AwsError) as caught:
        observe(every, START, reader(world), needless={Guarded.type})
    assert caught.value is DENIED
    inventory = observe(every, START, reader(world), needless={Guarded.type, GuardedToo.type})
    assert [each.type for each in inventory.unseen] == [Guarded.type, GuardedToo.type]
    assert world.cloud.looks.count("list_guarded") == 2


class GuardedInside(Thing):
    """Looked into one by one, where somebody may not let us."""

    type = "Test::Cloud::GuardedInside"

    def reads(self, found: Found) -> Sequence[Read]:
        inside = [read("guarded", "get_guarded", Id=id) for id in found.ids(THING.type)]
        return [read("cloud", "list_things", Type=self.type), *inside]


def test_who_is_tolerant_has_what_could_be_read_and_why_the_rest_could_not(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.pages["get_guarded"] = DENIED
    world.has(THING, "t-1")
    world.has(THING, "t-2")
    inside = GuardedInside()
    world.has(inside, "g-1")
    with pytest.raises(AwsError):
        observe(of(THING, inside), START, reader(world))
    inventory = observe(of(THING, inside), START, reader(world), tolerant=True)
    assert [live.id for live in inventory] == ["t-1", "t-2", "g-1"]
    told = f"{inside.type} can't be read: {DENIED}"
    assert inventory.unseen == [
        Unseen(told, inside.type, DENIED, may_be_there=True, about=frozenset({id})) for id in ("t-1", "t-2")
    ]


def test_who_is_tolerant_stops_where_nobody_is_let_in(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.pages["list_guarded"] = AwsError(ErrorClass.CREDENTIALS, AwsMessage("ExpiredToken", "over"))
    with pytest.raises(AwsError, match="ExpiredToken"):
        observe(of(Guarded()), START, reader(world), tolerant=True)


def test_one_kind_is_never_needless(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.pages["list_guarded"] = DENIED
    with pytest.raises(AwsError):
        observe_kind(Guarded(), START, reader(world))


BEGUN = Found(OWNER, begun={(THING.type, "thing a"): "A"})


@pytest.mark.parametrize(
    ("tags", "found", "claim"),
    [
        ({}, BEGUN, {PLAN: "lab", REGION: "eu-west-1", RESOURCE: "A"}),
        ({}, START, {}),
        ({"team": "blue"}, BEGUN, {}),
    ],
)
def test_what_has_no_tags_may_be_what_an_earlier_run_began(
    tags: Mapping[str, str], found: Found, claim: Mapping[str, str], tmp_path: Path
) -> None:
    world = World(tmp_path)
    world.has(THING, "t-1", tags, Name="a")
    [live] = observe_kind(THING, found, reader(world))
    assert live.claim == claim
    assert live.tags == tags


class Claiming(Thing):
    """Says of each that it is ours."""

    def claim(self, live: Live, found: Found) -> Mapping[str, str]:
        return {PLAN: "claimed", "after": str(len(found.lives))}


@pytest.mark.parametrize(
    ("tags", "asked"),
    [
        (ours("A"), False),
        ({PLAN: "lab"}, False),
        ({RESOURCE: "A"}, False),
        ({RUN: "run-1"}, False),
        ({REVISION: "1-2"}, True),
        ({"team": "blue"}, True),
        ({}, True),
    ],
)
def test_what_says_itself_whose_it_is_is_not_asked_for_proof(
    tags: Mapping[str, str], asked: bool, tmp_path: Path
) -> None:
    world = World(tmp_path)
    world.has(THING, "t-1", tags)
    [live] = observe_kind(Claiming(), START, reader(world))
    assert live.claim == ({PLAN: "claimed", "after": "0"} if asked else {})
