"""Whoever waits for an answer gets one, or hears that it isn't wanted any more, whatever becomes of the question."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from ocpprov.aws.clock import SystemClock
from ocpprov.aws.reads import Reader
from ocpprov.aws.timeouts import call_all_while_wanted, call_while_wanted, submit
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.threads import SystemThreads, ThreadsExhausted
from ocpprov.kinds.reads import read
from tests.support.descriptions import meta_of


class Few(SystemThreads):
    """Threads where so many can begin."""

    def __init__(self, room: int) -> None:
        self.room = room

    def start(self, work: Callable[[], object], name: str) -> None:
        if not self.room:
            raise ThreadsExhausted
        self.room -= 1
        super().start(work, name)


def raising(error: BaseException) -> Callable[[], None]:
    def ask() -> None:
        raise error

    return ask


def test_a_question_that_ends_in_no_exception_has_an_answer() -> None:
    with pytest.raises(Interrupted):
        submit(raising(Interrupted())).result(5)


def test_the_answers_come_in_the_order_of_the_questions() -> None:
    first = threading.Event()

    def late() -> str:
        assert first.wait(5)
        return "late"

    def early() -> str:
        first.set()
        return "early"

    assert call_all_while_wanted([late, early], 2, lambda: None) == ["late", "early"]
    assert call_all_while_wanted([], 2, lambda: None) == []


@pytest.mark.parametrize("room", [1, 2])
def test_all_are_asked_by_as_many_as_there_are_threads_for(room: int) -> None:
    with pytest.raises(ThreadsExhausted):
        call_all_while_wanted([lambda: 1], 2, lambda: None, Few(0))
    assert call_all_while_wanted([lambda: 1, lambda: 2, lambda: 3], 3, lambda: None, Few(room)) == [1, 2, 3]


def test_only_so_many_are_asked_at_once_and_none_after_a_failure() -> None:
    asked: list[int] = []

    def ask(number: int) -> None:
        asked.append(number)
        if number == 2:
            raise ValueError(number)

    with pytest.raises(ValueError, match="2"):
        call_all_while_wanted([partial(ask, number) for number in range(5)], 1, lambda: None)
    assert asked == [0, 1, 2]


def leaves(ask: Callable[[SystemClock], Any]) -> float:
    """Seconds from the wish to leave to its end."""
    clock = SystemClock()
    threading.Timer(0.1, clock.leave.set).start()
    started = time.monotonic()
    with pytest.raises(Interrupted):
        ask(clock)
    return time.monotonic() - started


class Hanging:
    """A client whose request is answered when the test is over."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.meta = meta_of("ec2")

    def can_paginate(self, operation: str) -> bool:
        return False

    def describe_vpcs(self, **parameters: Any) -> dict[str, Any]:
        self.over.wait(30)
        return {}


@pytest.mark.parametrize("how_many", [1, 3])
def test_whoever_leaves_waits_for_no_read_that_hangs(how_many: int) -> None:
    client: Any = Hanging()
    wanted = [read("ec2", "describe_vpcs", VpcIds=[f"vpc-{number}"]) for number in range(how_many)]
    seconds = leaves(lambda clock: Reader({"ec2": client}, clock, lambda retry: None).read(wanted))
    client.over.set()
    assert seconds < 5


def test_whoever_leaves_waits_for_no_other_question_that_hangs() -> None:
    over = threading.Event()
    seconds = leaves(lambda clock: call_while_wanted(lambda: over.wait(30), lambda: clock.sleep(0)))
    over.set()
    assert seconds < 5


SCRIPT = """
import fcntl, getpass, os, sys, termios
from ocpprov.aws.timeouts import Timeout

fcntl.ioctl(0, termios.TIOCSCTTY, 0)

def told():
    flags = termios.tcgetattr(0)[3]
    print("told in the dark" if not flags & termios.ECHO else "told in the light", flush=True)

try:
    Timeout(0.5, 1.0).call(lambda: getpass.getpass("code: "), told)
except TimeoutError:
    print("given up", "with echo" if termios.tcgetattr(0)[3] & termios.ECHO else "without echo", flush=True)
os._exit(0)
"""


def test_the_echo_comes_back_when_nobody_types_the_code() -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert out.splitlines() == ["told in the dark", "given up with echo"], err
