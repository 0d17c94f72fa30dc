"""Whatever becomes of the thread that looks, and of the others that it looks for, what waits comes to an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsMessage
from ocpprov.aws.retry import Retry
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.events import EventKind
from ocpprov.engine.threads import SystemThreads, ThreadsExhausted
from ocpprov.engine.values import Value
from ocpprov.reconcile import wait
from ocpprov.reconcile.pacing import Pacing
from ocpprov.reconcile.wait import Goal, NotSettled, Waiter, Watch
from tests.reconcile.cloud import NEVER, Becomes, Cloud, Parts, answered, raising
from tests.reconcile.waiting import (
    GATEWAY,
    LATE,
    MISSING,
    SLOW,
    THING,
    THROTTLED,
    UNANSWERED,
    UNREADABLE,
    UNSEEN,
    Slow,
    held,
    in_passing_time,
    made_at,
    results,
    watched,
)
from tests.reconcile.world import World, outcome


def test_an_answer_that_is_a_mistake_of_ours_ends_the_waiting_for_its_kind_alone(tmp_path: Path) -> None:
    world = World(tmp_path)
    waiter = Waiter(world.context)
    world.has(THING, "t-1").ready_from = 7
    watches = [waiter.watch(UNREADABLE, "A", "g-1", Goal.READY), waiter.watch(THING, "B", "t-1", Goal.READY)]
    error, none = results(*watches)
    assert str(error) == (
        "A (g-1) was looked at, and AWS's answer can't be read (KeyError: 'State'); look at it in AWS, then run the "
        "same command again"
    )
    assert isinstance(error, NotSettled)
    assert none is None
    assert world.clock.passed >= 7


@pytest.mark.parametrize(
    "error", [Interrupted(), KeyboardInterrupt(), SystemExit(1), GeneratorExit(), ThreadsExhausted()]
)
def test_whatever_ends_the_thread_ends_all_that_waits_for_it_and_the_next_has_a_thread_of_its_own(
    error: BaseException, tmp_path: Path
) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1")
    world.has(GATEWAY, "g-2")
    waiter, first = held(world)
    world.cloud.script("list", raising(error))
    watches = [waiter.watch(GATEWAY, name, name, Goal.READY) for name in ("g-1", "g-2")]
    first.set()
    assert results(*watches) == [error, error]
    for _ in range(2):
        again = waiter.watch(GATEWAY, "A", "g-1", Goal.READY)
        assert results(again) == [None]
    # What is ready is asked for once.
    assert world.cloud.looks == [GATEWAY.type] * 2


def test_an_interruption_during_the_pause_ends_the_waiting(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1").ready_from = NEVER
    world.clock.at(20.0, world.clock.leave.set)
    assert isinstance(watched(world), Interrupted)
    assert world.clock.passed == 20


def test_many_of_one_kind_are_one_look_when_aws_could_be_done(tmp_path: Path) -> None:
    world = World(tmp_path)
    clock, context = in_passing_time(world)
    with clock.taking_part():
        waiter = Waiter(context)
        watches = []
        for name, began in (("s-1", 0.0), ("s-2", 1.0), ("s-3", 1.5)):
            made_at(world, SLOW, name, began, 100)
            clock.sleep(began - clock.passed)
            watches.append(waiter.watch(SLOW, name, name, Goal.READY))
        assert results(*watches) == [None] * 3
    assert world.cloud.looked_at == pytest.approx([3, 7.5, 30, 91.5, 94.9, 98.4, 102.05], abs=0.1)


def test_each_kind_is_looked_at_in_its_own_time(tmp_path: Path) -> None:
    world = World(tmp_path)
    clock, context = in_passing_time(world)
    made_at(world, SLOW, "s-1", 0, 90)
    made_at(world, GATEWAY, "g-1", 0, 2.5)
    with clock.taking_part():
        waiter = Waiter(context)
        watches = [waiter.watch(kind, "A", id, Goal.READY) for kind, id in ((SLOW, "s-1"), (GATEWAY, "g-1"))]
        assert results(*watches) == [None] * 2
    rows = set(zip(world.cloud.looked_at, world.cloud.looks, strict=True))
    assert rows == {(time, GATEWAY.type) for time in (1, 2, 3)} | {(time, SLOW.type) for time in (3, 7.5, 30, 90)}


def test_one_that_may_be_done_is_looked_at_at_once_whoever_else_is_waited_for(tmp_path: Path) -> None:
    world = World(tmp_path)
    clock, context = in_passing_time(world)
    made_at(world, SLOW, "s-1", 0, 90)
    world.has(SLOW, "s-0")
    with clock.taking_part():
        waiter = Waiter(context)
        first = waiter.watch(SLOW, "A", "s-1", Goal.READY)
        clock.sleep(7)
        assert results(waiter.watch(SLOW, "B", "s-0", Goal.READY)) == [None]
        assert clock.passed == 7
        assert results(first) == [None]
        clock.sleep(1000)
    assert world.cloud.looked_at == [3, 7, 30, 90]


@pytest.mark.parametrize(("after", "looks"), [(2, [3, 7.5]), (3, [3, 7.5]), (5, [5, 30]), (40, [40])])
def test_an_early_look_that_nobody_made_is_made_up_for(after: float, looks: list[float], tmp_path: Path) -> None:
    world = World(tmp_path)
    clock, context = in_passing_time(world)
    made_at(world, SLOW, "s-1", 0, 7)
    with clock.taking_part():
        clock.sleep(after)
        assert results(Waiter(context).watch(SLOW, "A", "s-1", Goal.READY)) == [None]
    assert world.cloud.looked_at == looks


def test_what_has_had_its_time_is_looked_at_at_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    clock, context = in_passing_time(world)
    made_at(world, SLOW, "s-1", 0, 10)
    with clock.taking_part():
        clock.sleep(300)
        assert results(Waiter(context).watch(SLOW, "A", "s-1", Goal.READY)) == [None]
    assert world.cloud.looked_at == [300]
    # Nobody looked when it got ready, so nothing is learned of how long that took.
    assert [event.detail for event in world.events.of(EventKind.READY)] == [{}]


@pytest.mark.parametrize(("takes", "seen"), [(10.0, 30.0), (89.0, 90.0), (90.0, 90.0), (91.0, 93.333)])
def test_how_long_it_took_is_told_where_somebody_looked_at_about_that_time(
    takes: float, seen: float, tmp_path: Path
) -> None:
    world = World(tmp_path)
    clock, context = in_passing_time(world)
    with clock.taking_part():
        clock.sleep(5)
        made_at(world, SLOW, "s-1", 5, takes)
        assert results(Waiter(context).watch(SLOW, "A", "s-1", Goal.READY)) == [None]
    assert [event.detail for event in world.events.of(EventKind.READY)] == [{"seconds": seen}]


def test_what_earlier_runs_have_seen_counts_instead(tmp_path: Path) -> None:
    world = World(tmp_path)
    clock, context = in_passing_time(world)
    made_at(world, SLOW, "s-1", 0, 200)
    with clock.taking_part():
        waiter = Waiter(replace(context, pacing=Pacing({SLOW.type: 210.0})))
        assert results(waiter.watch(SLOW, "A", "s-1", Goal.READY)) == [None]
    assert world.cloud.looked_at == pytest.approx([6.3, 15.75, 63, 189, 196, 203.3], abs=0.1)


class Small(Slow):
    """One that is there soon, whatever its type takes."""

    def seconds_to_make(self, properties: Mapping[str, Value]) -> float:
        return 4.0 if properties["Name"] == "s-1" else self.typical_seconds


def test_it_is_looked_at_when_one_like_it_could_be_ready(tmp_path: Path) -> None:
    world = World(tmp_path)
    clock, context = in_passing_time(world)
    made_at(world, Small(), "s-1", 0, 5)
    live = world.live_state.current("s-1")
    assert live
    world.live_state.add("s-1", replace(live, properties={"Name": "s-1"}), 0)
    with clock.taking_part():
        assert results(Waiter(context).watch(Small(), "s-1", "s-1", Goal.READY)) == [None]
    assert world.cloud.looked_at == [4, 5]


def test_the_waiting_for_what_is_missing_goes_on_soon_among_others(tmp_path: Path) -> None:
    world = World(tmp_path)
    clock, context = in_passing_time(world)
    made_at(world, SLOW, "s-1", 0, 90)
    with clock.taking_part():
        waiter = Waiter(context)
        clock.sleep(40)
        watches = [waiter.watch(SLOW, "A", "s-1", Goal.READY), waiter.watch(SLOW, "B", "s-2", Goal.GONE)]
        assert results(*watches) == [None] * 2
    assert world.cloud.looked_at == [40, 41, 90]


def test_sightings_are_counted_for_each_that_waits(tmp_path: Path) -> None:
    world = World(tmp_path)
    waiter, go_on = held(world)
    item = world.has(GATEWAY, "g-1")
    world.cloud.script("list", MISSING, answered, answered)
    item.ready_from = NEVER
    waiter.watch(GATEWAY, "A", "g-1", Goal.READY)
    gone = waiter.watch(GATEWAY, "A", "g-1", Goal.GONE)
    go_on.set()
    assert str(*results(gone)) == LATE.format("gone")


@pytest.fixture
def hanging() -> Iterator[Becomes]:
    """A look that takes all the time there is, and goes on."""
    over = threading.Event()

    def hangs(cloud: Cloud, parts: Parts) -> Any:
        cloud.clock.sleep(500)
        over.wait(30)
        return answered(cloud, parts)

    yield hangs
    over.set()


def test_the_time_is_over_while_a_look_hangs(hanging: Becomes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(wait, "_LATE", 0.05)
    monkeypatch.setattr(wait, "_LOOK_UP", 0.01)
    world = World(tmp_path)
    world.cloud.script("list", hanging)
    started = time.monotonic()
    error = watched(world)
    assert isinstance(error, NotSettled)
    assert (str(error), error.is_unseen) == (UNANSWERED.format("ready"), True)
    assert 0.05 <= time.monotonic() - started < 5


def test_the_time_is_over_while_a_look_is_refused_again_and_again(
    hanging: Becomes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(wait, "_LATE", 0.05)
    monkeypatch.setattr(wait, "_LOOK_UP", 0.01)
    world = World(tmp_path)
    said = AwsMessage("RequestLimitExceeded", "no", "r-1", "ListThings")

    def refuses(cloud: Cloud, parts: Parts) -> Any:
        cloud.hear(Retry("ListThings", ErrorClass.THROTTLED, said, 1, 3.0))
        return hanging(cloud, parts)

    world.cloud.script("list", refuses)
    error = watched(world)
    assert isinstance(error, NotSettled)
    assert (str(error), error.reason) == (UNSEEN.format("ready", THROTTLED), THROTTLED)
    assert error.is_unseen


def test_an_answer_that_comes_a_little_late_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(wait, "_LOOK_UP", 0.01)
    world = World(tmp_path)
    world.has(GATEWAY, "g-1")

    def late(cloud: Cloud, parts: Parts) -> Any:
        cloud.clock.sleep(500)
        time.sleep(0.1)
        return answered(cloud, parts)

    world.cloud.script("list", late)
    assert watched(world) is None


def test_whoever_waits_hears_of_the_wish_to_leave_while_a_look_hangs(
    hanging: Becomes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(wait, "_LOOK_UP", 0.01)
    world = World(tmp_path)
    world.cloud.script("list", hanging)
    watch = Waiter(world.context).watch(GATEWAY, "A", "g-1", Goal.READY)
    # The end of the process wouldn't wait for it either.
    assert {thread.daemon for thread in threading.enumerate() if thread.name == "waiter"} == {True}
    world.clock.leave.set()
    assert isinstance(outcome(watch.result), Interrupted)


def test_a_limit_on_the_wall_is_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(wait, "_LOOK_UP", 30)
    world = World(tmp_path)
    watch = Watch(GATEWAY, "A", "g-1", Goal.READY, 100.0, world.clock)
    started = time.monotonic()
    assert isinstance(outcome(lambda: watch.result(timeout=0.05)), TimeoutError)
    assert 0.05 <= time.monotonic() - started < 10
    assert world.clock.passed == 0


def test_what_is_over_stays_what_it_was(tmp_path: Path) -> None:
    watch = Watch(GATEWAY, "A", "g-1", Goal.READY, 100.0, World(tmp_path).clock)
    first = NotSettled("first")
    watch.fail(first)
    watch.fail(NotSettled("second"))
    assert outcome(watch.result) is first


@pytest.mark.parametrize(("passed", "over"), [(99.9, False), (100.0, True), (100.1, True)])
def test_the_time_is_over_when_the_deadline_is_reached(passed: float, over: bool, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.clock.passed = passed
    assert Watch(GATEWAY, "A", "g-1", Goal.READY, 100.0, world.clock).overdue() is over


def test_where_no_thread_can_begin_the_next_that_waits_has_one_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1")

    class Full(SystemThreads):
        full = True

        def start(self, work: Callable[[], object], name: str) -> None:
            if self.full:
                raise RuntimeError("can't start new thread")
            super().start(work, name)

    threads = Full()
    waiter = Waiter(replace(world.context, threads=threads))
    with pytest.raises(RuntimeError):
        waiter.watch(GATEWAY, "A", "g-1", Goal.READY)
    threads.full = False
    watches = [waiter.watch(GATEWAY, "A", "g-1", goal) for goal in (Goal.GONE, Goal.READY)]
    assert results(*watches)[1] is None
