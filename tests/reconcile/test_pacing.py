"""How a run goes about its steps: what is awaited, what is known to take long, and other ways to compare with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.engine.cancel import Cancellation
from ocpprov.engine.kind_facts import ReadyFor
from ocpprov.engine.steps import DeleteStep, Step
from ocpprov.engine.values import Value
from ocpprov.reconcile.execute import Result, execute
from ocpprov.reconcile.pacing import AS_AWS_DEMANDS, Pacing
from tests.reconcile.cloud import Cloud, Parts, answered
from tests.reconcile.executing import creation
from tests.reconcile.things import KINDS, Gateway, Thing
from tests.reconcile.waiting import in_passing_time
from tests.reconcile.world import THING, World, deletion_of, live_of

GATEWAY = KINDS[Gateway.type]


class Awaited(Gateway):
    """One that things have to wait for."""

    type = "Test::Cloud::Awaited"
    ready_for = (ReadyFor(Thing.type, "Thing.NotReady", "the cloud's documentation"),)


AWAITED = Awaited()
ALL = {**KINDS, Awaited.type: AWAITED}


def sent(world: World, pacing: Pacing, *steps: Step, concurrency: int = 1) -> list[tuple[float, str]]:
    """When each creation was sent, by the name of what is made."""
    clock, context = in_passing_time(world)
    found: list[tuple[float, str]] = []

    def notes(cloud: Cloud, parts: Parts) -> Any:
        found.append((clock.passed, cloud.sent[-1].split()[1]))
        return answered(cloud, parts)

    world.cloud.script("create", *[notes] * len(steps))
    with clock.taking_part():
        result: Result = execute(world.actions(*steps), replace(context, pacing=pacing), Cancellation(), concurrency)
    assert result.ok
    return found


def waiting_world(folder: Path) -> World:
    folder.mkdir(exist_ok=True)
    world = World(folder, kinds=ALL)
    world.needs |= {"B": frozenset("A"), "C": frozenset("A")}
    world.cloud.becoming_ready = 5
    return world


def test_who_waits_for_something_to_be_ready_holds_up_nobody(tmp_path: Path) -> None:
    """With one place."""
    steps = [creation("A", kind=AWAITED, seconds=9), creation("B", "A", seconds=8), creation("D", "A")]
    assert sent(waiting_world(tmp_path), AS_AWS_DEMANDS, *steps) == [(0, "A"), (0, "D"), (5, "B")]


def test_every_edge_may_be_made_to_wait(tmp_path: Path) -> None:
    steps = [creation("A", kind=GATEWAY), creation("B", "A"), creation("C", "A", kind=GATEWAY)]
    as_demanded = sent(waiting_world(tmp_path / "one"), AS_AWS_DEMANDS, *steps)
    assert as_demanded == [(0, "A"), (0, "B"), (0, "C")]
    every_edge = Pacing(demands=lambda kind, needed, resource: True)
    assert sent(waiting_world(tmp_path / "two"), every_edge, *steps) == [(0, "A"), (5, "B"), (5, "C")]


def test_steps_may_be_arranged_otherwise(tmp_path: Path) -> None:
    one_by_one = Pacing(arranged=lambda steps: [replace(step, seconds=float(ord(step.logical_id))) for step in steps])
    steps = [creation("A"), creation("B"), creation("C")]
    assert [name for _, name in sent(World(tmp_path), one_by_one, *steps)] == ["C", "B", "A"]


def test_what_is_known_to_take_long_goes_first(tmp_path: Path) -> None:
    steps = [creation("A"), creation("B"), creation("C", kind=GATEWAY)]
    learned = Pacing({Gateway.type: 70.0})
    assert [name for _, name in sent(World(tmp_path), learned, *steps)] == ["C", "A", "B"]


def test_of_what_was_seen_the_least_is_a_little_less_and_counts_for_creations(tmp_path: Path) -> None:
    learned = Pacing({Gateway.type: 70.0})
    assert learned.least(GATEWAY, {}) == pytest.approx(63)
    assert learned.least(THING, {}) == THING.typical_seconds
    assert AS_AWS_DEMANDS.least(GATEWAY, {}) == GATEWAY.typical_seconds
    deletion: DeleteStep = deletion_of("D", live_of(World(tmp_path).has(GATEWAY, "g-1")))
    timed = learned.timed([creation("A", kind=GATEWAY), creation("B"), deletion], KINDS)
    assert [step.seconds for step in timed] == [70, 1, 1]


class Either(Gateway):
    """One that is there soon, where it is small."""

    type = "Test::Cloud::Either"

    def seconds_to_make(self, properties: Mapping[str, Value]) -> float:
        return 3.0 if "Size" in properties else self.typical_seconds


def test_what_was_learned_of_a_type_does_not_hold_for_those_that_never_take_as_long() -> None:
    kind = Either()
    small, large = creation("A", kind=kind, seconds=3), creation("B", kind=kind)
    small = replace(small, resource=replace(small.resource, properties={"Size": 1}))
    learned = Pacing({kind.type: 70.0})
    assert [step.seconds for step in learned.timed([small, large], {kind.type: kind})] == [3, 70]
    assert learned.least(kind, {"Size": 1}) == 3
    assert learned.least(kind, {}) == pytest.approx(63)


def test_how_urgent_a_step_is_holds_for_its_calls(tmp_path: Path) -> None:
    """The seconds of the longest path from it to the end."""
    world = World(tmp_path, kinds=ALL)
    clock, context = in_passing_time(world)
    told: list[tuple[list[str], float]] = []

    def about(names: Iterable[str], urgency: float) -> AbstractContextManager[object]:
        told.append((list(names), urgency))
        return nullcontext()

    steps = [creation("A", seconds=9), creation("B", "A", seconds=8), creation("C", "A", seconds=20)]
    with clock.taking_part():
        execute(world.actions(*steps), replace(context, about=about), Cancellation(), 1)
    assert told == [(["A"], 29), (["C"], 20), (["B"], 8)]
