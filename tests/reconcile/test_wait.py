"""What is waited for comes to an end, whatever becomes of the thread that looks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import pytest

from ocpprov.aws.clock import SystemClock
from ocpprov.aws.codes import Fault
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.actions import Actions
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.engine.events import Event
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.kinds.contract import Found, Kind, Pages, Read
from ocpprov.kinds.ec2.nat_gateway import NatGateway
from ocpprov.reconcile import wait
from ocpprov.reconcile.context import Context, Known
from ocpprov.reconcile.execute import execute
from ocpprov.reconcile.wait import Goal, NotSettled, Waiter

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
SCALE = 50.0
Look = Callable[[], Sequence[Live]]


class Gateway(NatGateway):
    """A kind whose looks are the test's."""

    def __init__(self, look: Look, create_deadline: int = 600) -> None:
        self.look = look
        self.create_deadline = create_deadline

    def state_reads(self, found: Found) -> Sequence[Read]:
        return []

    def parse(self, pages: Pages) -> Sequence[Live]:
        return self.look()


class NoReader:
    """Nothing is asked."""

    def read(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        return {}


@dataclass
class Silent:
    """Nobody hears of events."""

    events: list[Event] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        self.events.append(event)


def context_of(kind: Kind, current: Mapping[str, Live] | None = None, clock: SystemClock | None = None) -> Context:
    actions = Actions(OWNER, Graph({}, {}), [], [], current or {})
    unused: Any = None
    reader: Any = NoReader()
    return Context(
        owner=OWNER,
        kinds={kind.type: kind},
        clients=unused,
        reader=reader,
        clock=clock or SystemClock(SCALE),
        journal=unused,
        events=Silent(),
        known=Known(actions, Inventory(), Found(OWNER)),
    )


def gateway(state: State = State.READY) -> Live:
    return Live(Gateway.type, "nat-1", {}, state=state)


def raising(*errors: BaseException) -> Look:
    """Each look raises the next of the errors; after them the gateway is ready."""
    left = list(errors)

    def look() -> Sequence[Live]:
        if left:
            raise left.pop(0)
        return [gateway()]

    return look


def outcome(watch: Any) -> BaseException | None:
    """What came of it within five seconds."""
    try:
        watch.result(timeout=5)
    except BaseException as error:
        return error
    return None


def test_an_answer_that_cannot_be_read_is_told_and_the_next_one_is_waited_for() -> None:
    kind = Gateway(look=raising(KeyError("State")))
    context = context_of(kind)
    assert outcome(Waiter(context).watch(kind, "NAT", "nat-1", Goal.READY)) is None
    events: Any = context.events
    assert ["KeyError: 'State'" in str(event.detail.get("reason")) for event in events.events].count(True) == 1


@pytest.mark.parametrize("error", [Interrupted(), KeyboardInterrupt(), SystemExit(1)])
def test_whatever_ends_the_thread_ends_what_waits_for_it_and_the_next_has_a_thread_of_its_own(
    error: BaseException,
) -> None:
    kind = Gateway(look=raising(error))
    waiter = Waiter(context_of(kind))
    assert outcome(waiter.watch(kind, "NAT", "nat-1", Goal.READY)) is error
    assert outcome(waiter.watch(kind, "NAT", "nat-1", Goal.READY)) is None


def test_an_error_that_passes_is_waited_out() -> None:
    throttled = AwsError(Fault.THROTTLED, AwsMessage("RequestLimitExceeded", "slower"))
    kind = Gateway(look=raising(throttled, throttled))
    assert outcome(Waiter(context_of(kind)).watch(kind, "NAT", "nat-1", Goal.READY)) is None


def test_a_resource_is_gone_only_when_it_is_missed_twice() -> None:
    seen = [[], [gateway(State.DELETING)], [], []]
    looked: list[int] = []

    def look() -> Sequence[Live]:
        looked.append(1)
        return seen[len(looked) - 1]

    kind = Gateway(look=look)
    assert outcome(Waiter(context_of(kind)).watch(kind, "NAT", "nat-1", Goal.GONE)) is None
    assert len(looked) == 4


@pytest.fixture
def hanging() -> Any:
    over = threading.Event()

    def look() -> Sequence[Live]:
        over.wait(30)
        return []

    yield look
    over.set()


def test_the_time_is_over_while_a_look_hangs(hanging: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "_LATE", 0.2)
    kind = Gateway(look=hanging, create_deadline=10)
    started = time.monotonic()
    error = outcome(Waiter(context_of(kind)).watch(kind, "NAT", "nat-1", Goal.READY))
    assert isinstance(error, NotSettled)
    assert "isn't ready in time" in str(error)
    assert time.monotonic() - started < 3


def test_an_answer_that_comes_a_little_late_counts() -> None:
    def look() -> Sequence[Live]:
        time.sleep(0.5)
        return [gateway()]

    kind = Gateway(look=look, create_deadline=10)
    assert outcome(Waiter(context_of(kind)).watch(kind, "NAT", "nat-1", Goal.READY)) is None


def test_what_is_not_ready_in_time_is_told() -> None:
    kind = Gateway(look=lambda: [gateway(State.PENDING)], create_deadline=20)
    error = outcome(Waiter(context_of(kind)).watch(kind, "NAT", "nat-1", Goal.READY))
    assert isinstance(error, NotSettled)


def executed(kind: Kind, cancellation: Cancellation) -> Any:
    """The end of a run with nothing to do but to wait for the gateway: its result, within ten seconds."""
    pending = gateway(State.PENDING)
    context = context_of(kind, {"NAT": pending}, SystemClock(SCALE, cancellation.leave))
    answer: Future[Any] = Future()

    def run() -> None:
        try:
            actions = Actions(OWNER, Graph({}, {}), [], [], {"NAT": pending})
            answer.set_result(execute(actions, context, cancellation, 2))
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer.result(10)


def test_a_run_ends_with_what_an_unread_answer_leaves_open() -> None:
    for_ever = raising(*(KeyError("State") for _ in range(1000)))
    result = executed(Gateway(look=for_ever, create_deadline=20), Cancellation())
    assert [(failure.resource, type(failure.error)) for failure in result.unsettled] == [("NAT", NotSettled)]
    assert not result.ok


def test_a_run_that_waits_is_left_while_its_look_hangs(hanging: Look) -> None:
    cancellation = Cancellation()
    for seconds in (0.3, 0.5):
        threading.Timer(seconds, cancellation.interrupt).start()
    assert executed(Gateway(look=hanging), cancellation).interrupted
