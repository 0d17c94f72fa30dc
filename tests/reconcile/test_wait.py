"""What is waited for comes to an end: ready, gone, failed, or not in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage, wrap
from ocpprov.engine.events import EventKind
from ocpprov.engine.poll_times import next_look
from ocpprov.reconcile.wait import Goal, NotSettled
from tests.reconcile.cloud import NEVER, Becomes, answered, listing, lost, raising, refused
from tests.reconcile.waiting import GATEWAY, LATE, MISSING, THROTTLED, UNSEEN, watched
from tests.reconcile.world import World


def looks_until(deadline: float, least: float) -> list[float]:
    """When a look is made of what goes on and on, and of which nobody knows when it began."""
    looks = [0.0]
    while looks[-1] < deadline:
        looks.append(min(next_look(least, looks[-1] + least) - least, deadline))
    return looks


GROWING = looks_until(100, 1)
FOR_LONGER = looks_until(200, 0)


@dataclass(frozen=True)
class Case:
    """One gateway, which is ready and gone from these seconds on. `lists` are what becomes of the looks; `error` and
    `reason` are how the waiting for it ends, and what AWS said of that."""

    name: str
    looked_at: Sequence[float]
    goal: Goal = Goal.READY
    ready_from: float = 0.0
    gone_from: float = NEVER
    lists: Sequence[Becomes] = field(default_factory=tuple)
    error: str = ""
    reason: str = ""


CASES = (
    Case("ready at once", [0]),
    Case("ready after a while", [0, 1, 2, 3, 4, 5, 6], ready_from=5.5),
    Case("not ready in time", GROWING, ready_from=NEVER, error=LATE.format("ready")),
    Case("ready when the time is over", GROWING, ready_from=100),
    Case("not listed yet", [0, 1, 2], lists=[MISSING, MISSING]),
    Case("gone", [0, 1], goal=Goal.GONE, gone_from=0),
    Case("gone after a while", [0, 1, 2, 3, 4], goal=Goal.GONE, gone_from=3),
    Case("missing once is not gone", [0, 1, 2, 3], goal=Goal.GONE, lists=[MISSING, answered, MISSING, MISSING]),
    Case(
        "a time that is over",
        FOR_LONGER,
        goal=Goal.GONE,
        error=LATE.format("gone"),
    ),
    Case("throttled looks", [0, 1, 2], lists=[refused("RequestLimitExceeded")] * 2),
    Case("lost looks", [0, 1], lists=[refused("InternalError")]),
    Case(
        "throttled for ever",
        GROWING,
        lists=[refused("RequestLimitExceeded")] * 99,
        error=UNSEEN.format("ready", THROTTLED),
        reason=THROTTLED,
    ),
    Case(
        "throttled, then seen, and still not ready",
        GROWING,
        ready_from=NEVER,
        lists=[refused("RequestLimitExceeded")] * (len(GROWING) - 1),
        error=LATE.format("ready"),
    ),
    Case(
        "lost for ever",
        GROWING,
        lists=[raising(wrap(lost(), "ListThings"))] * 99,
        error=UNSEEN.format(
            "ready",
            "ListThings: ConnectionClosedError: Connection was closed before we received a valid response "
            'from endpoint URL: "https://cloud".',
        ),
    ),
    Case("a list that can't be read", [0, 1, 2], lists=[listing({})] * 2),
    Case(
        "lists that can't be read",
        GROWING,
        lists=[listing({})] * 99,
        error=UNSEEN.format(
            "ready", "ListThings: UnreadableAnswer: it can't be read as Test::Cloud::Gateway (KeyError: 'Id')"
        ),
    ),
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
    assert getattr(error, "reason", "") == case.reason
    assert world.cloud.looked_at == pytest.approx(case.looked_at)
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
    assert world.clock.passed == 4


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


@pytest.mark.parametrize(
    "error_class", [ErrorClass.THROTTLED, ErrorClass.NOT_SENT, ErrorClass.UNKNOWN_OUTCOME, ErrorClass.NOT_VISIBLE]
)
def test_an_error_that_passes_is_waited_out(error_class: ErrorClass, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1")
    world.cloud.script("list", raising(AwsError(error_class, AwsMessage("Whatever", ""))))
    assert watched(world) is None
    assert world.clock.passed == 1


def test_what_is_not_listed_yet_is_looked_for_at_the_usual_pace(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(GATEWAY, "g-1").listed_from = 2.5
    assert watched(world) is None
    assert world.cloud.looked_at == [0, 1, 2, 3]


def test_what_somebody_else_has_to_do_first_is_told_once_and_named_when_it_is_late(tmp_path: Path) -> None:
    world = World(tmp_path)
    item = world.has(GATEWAY, "g-1", Name="a")
    item.ready_from, item.whom = NEVER, "the owner has to accept it"
    error = watched(world)
    assert isinstance(error, NotSettled)
    assert (str(error), error.is_late, error.is_unseen) == (
        "A (g-1) isn't ready in time: the owner has to accept it; when that is done, run the same command again: it "
        "goes on from here",
        True,
        False,
    )
    told = [event.detail["reason"] for event in world.events.of(EventKind.WAITING)]
    assert told == ["until ready", "until ready: the owner has to accept it"]
