"""Signals are handled at any moment."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

from ocpprov.commands.interrupts import interruptible
from ocpprov.engine.cancel import Cancellation


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_signal_is_heeded_while_the_main_thread_holds_what_a_line_needs() -> None:
    cancellation, screen, said = Cancellation(), threading.Lock(), list[str]()

    def say(text: str) -> None:
        with screen:
            said.append(text)

    with interruptible(cancellation, say):
        with screen:
            os.kill(os.getpid(), signal.SIGINT)
            until(cancellation.stopping)
            assert said == []
        until(lambda: bool(said))
        assert not cancellation.leave.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        until(cancellation.leave.is_set)
        os.kill(os.getpid(), signal.SIGINT)
    assert said == ["stopping after in-flight calls; press Ctrl-C again to abort", "aborting", "aborting"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_signal_is_heeded_though_nothing_can_be_said() -> None:
    cancellation = Cancellation()

    def say(text: str) -> None:
        raise RuntimeError(text)

    with interruptible(cancellation, say):
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        until(cancellation.leave.is_set)


def test_a_second_signal_is_heeded_though_nobody_takes_what_is_written() -> None:
    cancellation, taken = Cancellation(), threading.Event()

    def say(text: str) -> None:
        taken.wait(5)

    with interruptible(cancellation, say):
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        until(cancellation.leave.is_set)
        taken.set()


def test_a_run_that_is_left_and_does_not_end_is_ended() -> None:
    """Its terminal takes nothing any more, say."""
    cancellation, said, codes = Cancellation(), list[str](), list[int]()
    with interruptible(cancellation, said.append, patience=0.1, end_process=codes.append):
        os.kill(os.getpid(), signal.SIGINT)
        until(cancellation.stopping)
        threading.Event().wait(0.2)
        assert codes == []
        os.kill(os.getpid(), signal.SIGINT)
        began = time.monotonic()
        until(lambda: bool(codes))
        assert time.monotonic() - began >= 0.09
    assert codes == [130]
    assert said[-1] == "the run didn't end within 0 s and is left as it is; run the same command again"


def test_more_signals_give_a_run_no_more_time() -> None:
    cancellation, codes = Cancellation(), list[int]()
    with interruptible(cancellation, lambda text: None, patience=0.2, end_process=codes.append):
        began = time.monotonic()
        while not codes:
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(0.02)
            assert time.monotonic() - began < 5
    assert codes == [130]


def test_a_run_that_is_left_and_ends_is_not_ended_again() -> None:
    cancellation, codes = Cancellation(), list[int]()
    with interruptible(cancellation, lambda text: None, patience=0.1, end_process=codes.append):
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        until(cancellation.leave.is_set)
    threading.Event().wait(0.15)
    assert codes == []
