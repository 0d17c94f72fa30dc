"""What the tests of waiting share."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.resources import State
from ocpprov.engine.simulated_time import SimulatedTime
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.reads import Found, Read
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.wait import Goal, Waiter, Watch
from tests.reconcile.cloud import START, Cloud, Item, Parts, listing
from tests.reconcile.things import KINDS, Gateway, Thing
from tests.reconcile.world import World, live_of, outcome

GATEWAY, THING = KINDS[Gateway.type], KINDS[Thing.type]


class Slow(Gateway):
    """One that takes minutes, as is known."""

    type = "Test::Cloud::Slow"
    create_deadline = 600
    typical_seconds = 90


class Unreadable(Gateway):
    """One that has a mistake in it."""

    type = "Test::Cloud::Unreadable"

    def reads(self, found: Found) -> Sequence[Read]:
        raise KeyError("State")


SLOW, UNREADABLE = Slow(), Unreadable()

MISSING = listing()

LATE = "A (g-1) isn't {} in time; look at it in AWS, then run the same command again: it goes on from here"
UNSEEN = (
    "A (g-1) isn't {} in time, and the last look at it failed ({}): nobody has looked at AWS since; look at it in AWS, "
    "then run the same command again: it goes on from here"
)
UNANSWERED = UNSEEN.replace("failed ({})", "has no answer")
THROTTLED = "ListThings: RequestLimitExceeded: no (request r-1)"


def watched(world: World, goal: Goal = Goal.READY) -> BaseException | None:
    """What came of waiting for g-1."""
    return results(Waiter(world.context).watch(GATEWAY, "A", "g-1", goal))[0]


def results(*watches: Watch) -> list[BaseException | None]:
    """What came of each, within ten seconds on the wall."""
    return [outcome(partial(watch.result, timeout=10)) for watch in watches]


def held(world: World) -> tuple[Waiter, threading.Event]:
    """A waiter that looks at another gateway until it is let go on; then that one's waiting ends."""
    waiter, go_on = Waiter(world.context), threading.Event()
    begun = threading.Event()

    def waits(_: Cloud, __: Parts) -> Any:
        begun.set()
        assert go_on.wait(10)
        raise AwsError(ErrorClass.DENIED, AwsMessage("Whatever", ""))

    world.cloud.script("list", waits)
    waiter.watch(GATEWAY, "Other", "g-0", Goal.GONE)
    assert begun.wait(10)
    world.cloud.looks.clear()
    world.cloud.looked_at.clear()
    return waiter, go_on


class PassingTime(SimulatedTime):
    """Time as the cloud's clock shows it, and as several threads have it: it passes while all of them wait."""

    @property
    def passed(self) -> float:
        return self.monotonic()


def in_passing_time(world: World) -> tuple[PassingTime, Context]:
    """The world's context where time passes so. Whoever waits has to take part in it."""
    clock: Any = PassingTime(START)
    world.cloud.clock = world.clock = clock
    return clock, replace(world.context, clock=clock, threads=clock)


def made_at(world: World, kind: Kind, id: str, seconds: float, ready_after: float) -> Item:
    """One that this run has begun to make then, and that gets ready so long after."""
    item = world.has(kind, id)
    item.ready_from = seconds + ready_after
    world.live_state.add(id, live_of(item, State.PENDING), seconds)
    return item
