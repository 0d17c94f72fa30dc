"""What the tests of waiting share."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.reconcile.wait import Goal, Waiter, Watch
from tests.reconcile.cloud import Cloud, Parts, listing
from tests.reconcile.things import KINDS, Gateway, Thing
from tests.reconcile.world import World, outcome

GATEWAY, THING = KINDS[Gateway.type], KINDS[Thing.type]

MISSING = listing()

LATE = "A (g-1) isn't {} in time; look at it in AWS, then run the same command again: it goes on from here"
UNSEEN = (
    "A (g-1) isn't {} in time, and the last look at it failed ({}); look at it in AWS, then run the same command "
    "again: it goes on from here"
)
THROTTLED = "ListThings: RequestLimitExceeded: no (request r-1)"


def watched(world: World, goal: Goal = Goal.READY) -> BaseException | None:
    """What came of waiting for g-1."""
    return results(Waiter(world.context).watch(GATEWAY, "A", "g-1", goal))[0]


def results(*watches: Watch) -> list[BaseException | None]:
    """What came of each, within ten seconds on the wall."""
    return [outcome(partial(watch.result, timeout=10)) for watch in watches]


def held(world: World) -> tuple[Waiter, threading.Event]:
    """A waiter whose thread looks at something else until it is let go on; then that is gone."""
    waiter, go_on = Waiter(world.context), threading.Event()
    begun = threading.Event()

    def waits(_: Cloud, __: Parts) -> Any:
        begun.set()
        assert go_on.wait(10)
        raise AwsError(ErrorClass.DENIED, AwsMessage("Whatever", ""))

    world.cloud.script("list", waits)
    waiter.watch(KINDS["Test::Cloud::Zone"], "Other", "zone-1", Goal.GONE)
    assert begun.wait(10)
    world.cloud.looks.clear()
    world.cloud.looked_at.clear()
    return waiter, go_on
