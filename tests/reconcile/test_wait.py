"""What is waited for comes to an end, whatever becomes of the thread that looks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.codes import Fault
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.events import EventKind
from ocpprov.reconcile import wait
from ocpprov.reconcile.wait import Goal, NotSettled, Waiter, Watch
from tests.reconcile.cloud import NEVER, Becomes, Cloud, Parts, answered, listing, raising, refused
from tests.reconcile.things import KINDS, Gateway, Thing
from tests.reconcile.world import World, outcome

GATEWAY, THING = KINDS[Gateway.type], KINDS[Thing.type]
MISSING = listing()
LATE = "A (g-1) isn't {} in time; look at it in AWS, then run the same command again: it goes on from here"
GROWING = [0, 2, 5, 9.5, 16.25, 26.25, 36.25, 46.25, 56.25, 66.25, 76.25, 86.25, 96.25, 106.25]
"""When a look is made of what goes on and on, until 100 seconds are over."""
FOR_LONGER = [*GROWING, *(106.25 + 10 * more for more in range(1, 11))]
"""The same until 200 seconds are over."""


def watched(world: World, goal: Goal = Goal.READY) -> BaseException | None:
    """What came of waiting for g-1."""
    return results(Waiter(world.context).watch(GATEWAY, "A", "g-1", goal))[0]


def results(*watches: Watch) -> list[BaseException | None]:
    """What came of each, within ten seconds on the wall."""
    return [outcome(partial(watch.result, timeout=10)) for watch in watches]


@dataclass(frozen=True)
class Case:
    """One gateway, which is ready and gone from these seconds on. `lists` are what becomes of the looks."""

    name: str
    looked_at: Sequence[float]
    goal: Goal = Goal.READY
    ready_from: float = 0.0
    gone_from: float = NEVER
    lists: Sequence[Becomes] = field(default_factory=tuple)
    error: str = ""


CASES = (
    Case("ready at once", [0]),
    Case("ready after a while", [0, 2, 5, 9.5], ready_from=5.5),
    Case("not ready in time", GROWING, ready_from=NEVER, error=LATE.format("ready")),
    Case("ready in the look after the time", GROWING, ready_from=106),
    Case("not listed yet", [0, 2, 5], lists=[MISSING, MISSING]),
    Case("gone", [0, 1], goal=Goal.GONE, gone_from=0),
    Case("gone after a while", [0, 2, 5, 6], goal=Goal.GONE, gone_from=3),
    Case("missing once is not gone", [0, 1, 4, 5], goal=Goal.GONE, lists=[MISSING, answered, MISSING, MISSING]),
    Case(
        "a time that is over",
        [*GROWING, *(106.25 + 10 * more for more in range(1, 11))],
        goal=Goal.GONE,
        error=LATE.format("gone"),
    ),
    Case("throttled looks", [0, 2, 5], lists=[refused("RequestLimitExceeded")] * 2),
    Case("lost looks", [0, 2], lists=[refused("InternalError")]),
    Case("throttled for ever", GROWING, lists=[refused("RequestLimitExceeded")] * 99, error=LATE.format("ready")),
    Case("a list that can't be read", [0, 2, 5], lists=[listing({})] * 2),
    Case("lists that can't be read", GROWING, lists=[listing({})] * 99, error=LATE.format("ready")),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_gateway(case: Case, tmp_path: Path) -> None:
    world = World(tmp_path)
    item = world.has(GATEWAY, "g-1")
    item.ready_from, item.gone_from = case.ready_from, case.gone_from
    world.cloud.script("list", *case.lists)
    error = watched(world, case.goal)
    assert str(error or "") == case.error
    assert isinstance(error, NotSettled) is bool(case.error)
    assert world.cloud.looked_at == list(case.looked_at)
    assert world.cloud.looks == [GATEWAY.type] * len(case.looked_at)


def test_what_is_told_of_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1").ready_from = 3
    world.cloud.script("list", refused("RequestLimitExceeded"))
    assert watched(world) is None
    by_kind = {event.kind: event for event in world.events.told}
    assert by_kind.keys() == {EventKind.WAITING, EventKind.RETRYING, EventKind.READY}
    waiting, retrying, ready = (by_kind[kind] for kind in (EventKind.WAITING, EventKind.RETRYING, EventKind.READY))
    assert (waiting.resource, waiting.type, waiting.id, waiting.detail) == (
        "A",
        GATEWAY.type,
        "g-1",
        {"reason": "until ready"},
    )
    assert (retrying.resource, retrying.type) == ("", GATEWAY.type)
    assert retrying.detail == {
        "code": "RequestLimitExceeded",
        "reason": "ListThings: RequestLimitExceeded: no (request r-1)",
    }
    assert (ready.resource, ready.type, ready.id) == ("A", GATEWAY.type, "g-1")


def test_what_is_gone_is_not_told_to_be_ready(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert watched(world, Goal.GONE) is None
    assert world.events.texts() == ["waiting A"]
    assert world.events.told[0].detail == {"reason": "until gone"}


def test_what_failed_is_told_with_the_clouds_reason(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1").failed = "no address"
    error = watched(world)
    assert isinstance(error, NotSettled)
    assert (str(error), error.reason) == ("A (g-1) failed: no address", "no address")
    assert world.clock.passed == 0


def test_what_failed_can_be_waited_for_to_be_gone(tmp_path: Path) -> None:
    world = World(tmp_path)
    item = world.has(GATEWAY, "g-1")
    item.failed, item.gone_from = "no address", 3.0
    assert watched(world, Goal.GONE) is None
    assert world.clock.passed == 6


def test_what_says_itself_that_it_is_gone_needs_no_second_look(tmp_path: Path) -> None:
    world = World(tmp_path)
    item = world.has(GATEWAY, "g-1")
    world.cloud.script("list", listing(item.shown(0) | {"State": "gone"}))
    assert watched(world, Goal.GONE) is None
    assert world.cloud.looked_at == [0]


def test_what_goes_instead_of_getting_ready_is_waited_for_no_longer_than_it_may_take(tmp_path: Path) -> None:
    world = World(tmp_path)
    item = world.has(GATEWAY, "g-1")
    item.ready_from, item.gone_from = NEVER, 3.0
    assert str(watched(world)) == LATE.format("ready")


@pytest.mark.parametrize("code", ["AccessDenied", "ExpiredToken", "VpcLimitExceeded", "InvalidParameterValue"])
def test_an_error_that_no_repetition_helps_ends_the_waiting(code: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1")
    world.cloud.script("list", refused(code))
    error = watched(world)
    assert isinstance(error, AwsError)
    assert error.code == code
    assert world.clock.passed == 0


@pytest.mark.parametrize("fault", [Fault.THROTTLED, Fault.NOT_SENT, Fault.UNKNOWN_OUTCOME, Fault.NOT_VISIBLE])
def test_an_error_that_passes_is_waited_out(fault: Fault, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1")
    world.cloud.script("list", raising(AwsError(fault, AwsMessage("Whatever", ""))))
    assert watched(world) is None
    assert world.clock.passed == 2


def test_an_answer_that_is_a_mistake_of_ours_ends_the_waiting_for_its_kind_alone(tmp_path: Path) -> None:
    world = World(tmp_path)
    waiter, first = held(world)
    world.has(GATEWAY, "g-1")
    world.has(THING, "t-1").ready_from = 7
    world.cloud.script("list", raising(KeyError("State")))
    watches = [waiter.watch(GATEWAY, "A", "g-1", Goal.READY), waiter.watch(THING, "B", "t-1", Goal.READY)]
    first.set()
    error, none = results(*watches)
    assert str(error) == (
        "A (g-1) was looked at, and AWS's answer can't be read (KeyError: 'State'); look at it in AWS, then run the "
        "same command again"
    )
    assert isinstance(error, NotSettled)
    assert none is None
    assert world.clock.passed >= 7


@pytest.mark.parametrize("error", [Interrupted(), KeyboardInterrupt(), SystemExit(1), GeneratorExit()])
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
    assert world.cloud.looks == [GATEWAY.type] * 3


def test_an_interruption_during_the_pause_ends_the_waiting(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1").ready_from = NEVER
    world.clock.at(20.0, world.clock.leave.set)
    assert isinstance(watched(world), Interrupted)
    assert world.clock.passed == 20


def held(world: World) -> tuple[Waiter, threading.Event]:
    """A waiter whose thread looks at something else until it is let go on; then that is gone."""
    waiter, go_on = Waiter(world.context), threading.Event()
    begun = threading.Event()

    def waits(_: Cloud, __: Parts) -> Any:
        begun.set()
        assert go_on.wait(10)
        raise AwsError(Fault.DENIED, AwsMessage("Whatever", ""))

    world.cloud.script("list", waits)
    waiter.watch(KINDS["Test::Cloud::Zone"], "Other", "zone-1", Goal.GONE)
    assert begun.wait(10)
    world.cloud.looks.clear()
    world.cloud.looked_at.clear()
    return waiter, go_on


def test_many_of_one_kind_are_one_look_and_several_kinds_are_looked_at_together(tmp_path: Path) -> None:
    world = World(tmp_path)
    waiter, go_on = held(world)
    for name, seconds in (("g-1", 0), ("g-2", 3), ("g-3", 3)):
        world.has(GATEWAY, name).ready_from = seconds
    world.has(THING, "t-1").ready_from = 9
    watches = [waiter.watch(GATEWAY, name, name, Goal.READY) for name in ("g-1", "g-2", "g-3")]
    watches.append(waiter.watch(THING, "t-1", "t-1", Goal.READY))
    go_on.set()
    assert results(*watches) == [None] * 4
    # After one is settled the pause is the first one again, and the next look comes at once.
    both, alone = [GATEWAY.type, THING.type], [THING.type]
    assert world.cloud.looks == [*both * 4, *alone * 3]
    assert world.cloud.looked_at == [0, 0, 0, 0, 2, 2, 5, 5, 5, 7, 10]
    assert world.events.texts()[-1] == "ready t-1"


def test_the_waiting_for_what_is_missing_goes_on_soon_among_others(tmp_path: Path) -> None:
    world = World(tmp_path)
    waiter, go_on = held(world)
    world.has(GATEWAY, "g-1").ready_from = 2.5
    watches = [waiter.watch(GATEWAY, "g-1", "g-1", Goal.READY), waiter.watch(GATEWAY, "g-2", "g-2", Goal.GONE)]
    go_on.set()
    assert results(*watches) == [None] * 2
    assert world.cloud.looked_at == [0, 1, 1, 3]


def test_what_is_not_listed_yet_is_looked_for_at_the_usual_pace(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1").listed_from = 2.5
    assert watched(world) is None
    assert world.cloud.looked_at == [0, 2, 5]


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
    assert str(watched(world)) == LATE.format("ready")
    assert 0.05 <= time.monotonic() - started < 5


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
