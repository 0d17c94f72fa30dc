"""A run that is interrupted, once or twice, at any moment."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ocpprov.engine import scheduler
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.engine.events import EventKind
from ocpprov.engine.resources import Live, State
from ocpprov.engine.steps import (
    Step,
)
from ocpprov.reconcile import wait
from tests.reconcile.cloud import Becomes, Cloud, Parts, answered, raising, unanswered
from tests.reconcile.executing import GATEWAY, creation, failed, ran
from tests.reconcile.world import World

WINDOW = 32


def interrupting(world: World, *seconds: float) -> Cancellation:
    """One interrupt at each of these times."""
    cancellation = Cancellation()
    for each in seconds:
        world.clock.at(each, cancellation.interrupt)
    return cancellation


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_run_that_is_interrupted_before_it_begins_sends_nothing(times: int, tmp_path: Path) -> None:
    world = World(tmp_path)
    cancellation = Cancellation()
    for _ in range(times):
        cancellation.interrupt()
    world.live_state.add("Old", Live(GATEWAY.type, "g-0", {}, state=State.PENDING))
    result = ran(world, creation("A"), creation("B", "A"), cancellation=cancellation)
    assert world.cloud.sent == world.cloud.looks == []
    assert result.skipped == {"A": "", "B": ""}
    assert result.interrupted
    assert not result.ok


def test_a_run_that_had_nothing_to_do_and_was_interrupted_is_not_well(tmp_path: Path) -> None:
    cancellation = Cancellation()
    cancellation.interrupt()
    result = ran(World(tmp_path), cancellation=cancellation)
    assert (result.failures, result.skipped, result.unsettled) == ([], {}, [])
    assert result.interrupted
    assert not result.ok


def test_interrupted_once_a_doubt_is_cleared_and_nothing_new_is_begun(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", unanswered)
    result = ran(world, creation("A"), creation("B", "A"), cancellation=interrupting(world, 5.0))
    assert world.cloud.sent == ["create A t1"] * 2
    assert world.clock.passed == WINDOW
    assert failed(result) == []
    assert result.done == {"build A"}
    assert result.skipped == {"B": ""}
    assert result.interrupted


def test_interrupted_once_what_waits_for_a_place_is_not_begun(tmp_path: Path) -> None:
    """Nor does it have the place of who waits after the interrupt."""
    world = World(tmp_path)
    cancellation = Cancellation()
    both_begun = threading.Barrier(2, cancellation.interrupt)

    def meets(cloud: Cloud, parts: Parts) -> Any:
        both_begun.wait(10)
        return unanswered(cloud, parts)

    world.cloud.script("create", meets, meets)
    steps = [creation("A", seconds=9), creation("B", seconds=8), *(creation(name) for name in "CDEFGHI")]
    result = ran(world, *steps, cancellation=cancellation, concurrency=2)
    assert result.done == {"build A", "build B"}
    assert result.skipped == dict.fromkeys("CDEFGHI", "")


def test_interrupted_twice_a_doubt_is_left_to_the_next_run(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", unanswered)
    result = ran(world, creation("A"), creation("B", "A"), cancellation=interrupting(world, 5.0, 7.5))
    assert world.cloud.sent == ["create A t1"]
    assert world.clock.passed == 7.5
    assert failed(result) == [("A", Interrupted)]
    assert result.skipped == {"B": "A"}
    assert result.interrupted
    assert world.journalled() == ["intent A"]


def test_interrupted_once_what_was_begun_is_not_awaited(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.becoming_ready = 500
    world.cloud.script("create", unanswered)
    result = ran(world, creation("A", kind=GATEWAY), cancellation=interrupting(world, 5.0))
    assert result.done == {"build A"}
    assert world.clock.passed == WINDOW
    assert world.events.of(EventKind.WAITING) == []
    assert result.unsettled == []


def test_interrupted_once_during_the_waiting_it_is_waited_for(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.becoming_ready = 9
    result = ran(world, creation("A", kind=GATEWAY), cancellation=interrupting(world, 5.0))
    assert world.events.texts()[-1] == "ready A"
    assert world.clock.passed == 9
    assert result.unsettled == []
    assert result.interrupted


def test_interrupted_twice_during_the_waiting_it_is_left(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.becoming_ready = 90
    steps = [creation("A", kind=GATEWAY), creation("B", kind=GATEWAY)]
    result = ran(world, *steps, cancellation=interrupting(world, 5.0, 7.5))
    assert world.clock.passed == 7.5
    assert failed(result) == []
    assert result.unsettled == []
    assert result.done == {"build A", "build B"}
    assert result.interrupted


def test_a_waiting_that_is_left_without_an_interrupt_makes_it_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("list", raising(Interrupted()))
    world.cloud.becoming_ready = 90
    cancellation = Cancellation()
    result = ran(world, creation("A", kind=GATEWAY), cancellation=cancellation)
    assert result.interrupted
    assert not cancellation.leave.is_set()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits on the wall looks up more often, and gives less grace."""
    monkeypatch.setattr(wait, "_LOOK_UP", 0.01)
    monkeypatch.setattr(scheduler, "_LOOK_UP", 0.01)
    monkeypatch.setattr(scheduler, "_GRACE", 0.05)


def hanging(cancellation: Cancellation, over: threading.Event) -> Becomes:
    """A call during which the run is interrupted twice, and that has no end."""

    def hangs(cloud: Cloud, parts: Parts) -> Any:
        cancellation.interrupt()
        cancellation.interrupt()
        over.wait(30)
        return answered(cloud, parts)

    return hangs


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("operation", ["create", "list"])
def test_a_run_is_left_while_a_call_hangs(operation: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    cancellation, over = Cancellation(), threading.Event()
    world.cloud.script(operation, hanging(cancellation, over))
    try:
        result = ran(world, creation("A", kind=GATEWAY), creation("B", "A"), cancellation=cancellation)
        assert result.interrupted
        assert failed(result) == ([("A", Interrupted)] if operation == "create" else [])
        assert result.skipped == ({"B": "A"} if operation == "create" else {})
    finally:
        over.set()


@pytest.mark.usefixtures("impatient")
def test_those_that_wait_for_a_free_worker_are_not_begun_after_leaving(tmp_path: Path) -> None:
    world = World(tmp_path)
    cancellation, over = Cancellation(), threading.Event()
    world.cloud.script("create", hanging(cancellation, over))
    steps: Sequence[Step] = [creation("A", seconds=9), creation("B"), creation("C")]
    result = ran(world, *steps, cancellation=cancellation)
    over.set()
    assert world.cloud.sent == ["create A t1"]
    assert {name for name, _ in failed(result)} | set(result.skipped) == {"A", "B", "C"}
