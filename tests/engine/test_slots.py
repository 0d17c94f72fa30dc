"""Places are as many as they are, the most urgent has the next one, and who waits lends its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.scheduler import WAITING_FOR_EACH, run
from ocpprov.engine.simulated_time import SimulatedTime
from ocpprov.engine.slots import LendingClock, Slots
from ocpprov.engine.steps import Step
from tests.engine.planning import step


def test_there_are_no_more_places_than_there_are() -> None:
    slots = Slots(2)
    places = [slots.ask(1) for _ in range(3)]
    assert [place.done() for place in places] == [True, True, False]
    slots.give_back()
    assert places[2].done()
    slots.give_back()
    assert slots.ask(1).done()
    assert not slots.ask(1).done()


def test_the_most_urgent_has_the_next_one_and_of_equals_who_asked_first() -> None:
    slots = Slots(1)
    slots.ask(1)
    places = [slots.ask(urgency) for urgency in (5, 9, 9, 7)]
    order = []
    for _ in places:
        slots.give_back()
        [number] = [number for number, place in enumerate(places) if place.done() and number not in order]
        order.append(number)
    assert order == [1, 2, 3, 0]


def test_who_withdraws_gets_none_and_gives_back_what_it_has() -> None:
    slots = Slots(1)
    has, asks, other = slots.ask(1), slots.ask(9), slots.ask(1)
    slots.withdraw(asks)
    slots.withdraw(has)
    assert (asks.done(), other.done()) == (False, True)


def test_the_order_of_the_others_is_right_when_the_first_of_them_withdraws() -> None:
    slots = Slots(1)
    slots.ask(1)
    first, last, next_one = (slots.ask(urgency) for urgency in (9, 5, 8))
    slots.withdraw(first)
    slots.give_back()
    assert (next_one.done(), last.done()) == (True, False)


class Timeless:
    """A clock of which only the wish to leave matters."""

    def __init__(self) -> None:
        self.leave = threading.Event()
        self.slept: list[float] = []

    def now(self) -> float:
        return 1.0

    def monotonic(self) -> float:
        return 2.0

    def sleep(self, seconds: float) -> None:
        if self.leave.is_set():
            raise Interrupted
        self.slept.append(seconds)


def test_a_lent_place_is_somebody_elses_until_the_end() -> None:
    slots, clock = Slots(1), Timeless()
    slots.ask(1)
    with slots.held(1):
        with slots.lent(clock), slots.lent(clock):
            assert slots.ask(1).done()
            slots.give_back()
        asks = slots.ask(1)
        assert not asks.done()
    assert asks.done()


def test_who_fails_while_the_place_is_lent_goes_without_and_gives_back_none() -> None:
    slots = Slots(1)
    slots.ask(1)
    with pytest.raises(KeyError), slots.held(1), slots.lent(Timeless()):
        raise KeyError
    assert slots.ask(1).done()
    assert not slots.ask(1).done()


def test_who_waits_for_its_place_hears_of_the_wish_to_leave_and_asks_no_more() -> None:
    slots, clock = Slots(1), Timeless()
    slots.ask(1)

    def taken() -> None:
        with slots.lent(clock):
            assert slots.ask(1).done()
            clock.leave.set()

    with slots.held(1), pytest.raises(Interrupted):
        taken()
    slots.give_back()
    assert slots.ask(1).done()


def test_how_urgent_what_a_thread_does_is_as_long_as_it_has_its_place() -> None:
    slots = Slots(1)
    slots.ask(7)
    found = [slots.urgency()]
    with slots.held(7):
        found.append(slots.urgency())
    assert [*found, slots.urgency()] == [0, 7, 0]


def test_who_has_no_place_lends_none() -> None:
    slots = Slots(1)
    with slots.lent(Timeless()):
        assert slots.ask(1).done()
        assert not slots.ask(1).done()


def test_whoever_sleeps_lends_its_place_and_who_only_looks_up_doesnt() -> None:
    slots, inner = Slots(1), Timeless()
    clock = LendingClock(inner, slots)
    assert (clock.now(), clock.monotonic()) == (1.0, 2.0)
    slots.ask(1)
    with slots.held(1):
        asks = slots.ask(9)
        clock.sleep(0)
        assert not asks.done()
        threading.Timer(0.05, slots.give_back).start()
        clock.sleep(3)
        assert asks.done()
    assert inner.slept[:2] == [0, 3]


def timed(steps: Sequence[Step], size: int, sleeping: Sequence[str]) -> list[tuple[float, str]]:
    """When each step's request was sent: each takes a second, after ten of sleep for some."""
    time = SimulatedTime(0.0)
    slots = Slots(size, time)
    clock = LendingClock(time, slots)
    sent: list[tuple[float, str]] = []
    at_once: list[int] = [0]

    def work(batch: Sequence[Step]) -> None:
        [one] = batch
        if one.name in sleeping:
            clock.sleep(10)
        sent.append((time.monotonic(), one.name))
        at_once[0] += 1
        assert at_once[0] <= size
        time.sleep(1)
        at_once[0] -= 1

    with time.taking_part():
        assert run(steps, work, time.pool(size * WAITING_FOR_EACH), lambda: False, slots=slots, threads=time).ok
    return sent


def test_who_sleeps_holds_up_nobody_and_comes_back_by_its_urgency() -> None:
    steps = [step("a", seconds=9), step("b", seconds=5), *(step(f"c{number}", seconds=1) for number in range(12))]
    sent = timed(steps, 1, ["a"])
    order = [name for _, name in sent]
    assert order[:1] + order[10:11] == ["b", "a"]
    assert [time for time, _ in sent] == list(range(14))


def test_those_that_wait_are_so_many_at_most() -> None:
    steps = [step(f"s{number:02}") for number in range(20)]
    sent = timed(steps, 1, [each.name for each in steps])
    assert [time for time, _ in sent[:WAITING_FOR_EACH]] == list(range(10, 10 + WAITING_FOR_EACH))
    assert sent[WAITING_FOR_EACH][0] > 20
