"""The scaled clock, and the two stages of an interruption."""

from __future__ import annotations

import threading
import time

import pytest

from ocpprov.aws.clock import SystemClock
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.engine.protocols import Clock


class Asked(threading.Event):
    """Notes for how many seconds on the wall it was asked to wait."""

    seconds: float | None = None

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds = timeout
        return super().wait(timeout)


def test_scaled_seconds_are_shorter_on_the_wall() -> None:
    leave = Asked()
    clock: Clock = SystemClock(scale=100, leave=leave)
    started = clock.monotonic()
    clock.sleep(5)
    assert leave.seconds == pytest.approx(0.05)
    assert clock.monotonic() - started >= 5


def test_the_date_is_everybodys() -> None:
    assert SystemClock(scale=100).now() == pytest.approx(time.time(), abs=5)


def test_a_sleep_of_nothing_returns() -> None:
    SystemClock().sleep(0)
    SystemClock().sleep(-1)


def test_leaving_ends_a_sleep() -> None:
    cancellation = Cancellation()
    cancellation.interrupt()
    clock = SystemClock(leave=cancellation.leave)
    threading.Timer(0.05, cancellation.interrupt).start()
    wall = time.monotonic()
    with pytest.raises(Interrupted):
        clock.sleep(30)
    assert time.monotonic() - wall < 10


def test_the_first_interrupt_only_stops_new_work() -> None:
    cancellation = Cancellation()
    assert not cancellation.stopping()
    cancellation.interrupt()
    assert cancellation.stopping()
    cancellation.check()
    SystemClock(leave=cancellation.leave).sleep(0.01)
    cancellation.interrupt()
    with pytest.raises(Interrupted):
        cancellation.check()


def test_an_interruption_is_not_a_failure() -> None:
    assert not issubclass(Interrupted, Exception)
