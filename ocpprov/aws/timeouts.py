"""Calls with a bound on the time that they may take: nothing else bounds a look-up in DNS, a command that hangs, or a
file system that does. A request that hangs mustn't hold up whoever doesn't want its answer any more.

Each call is made in a daemon thread, which doesn't hold up the end of the process."""

from __future__ import annotations

import os
import termios
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from ocpprov.engine.threads import SYSTEM_THREADS, Threads, ThreadsExhausted

T = TypeVar("T")

_POLL: Final = 0.2
"""Seconds on the wall after which somebody who waits looks up whether the answer is still wanted."""


def submit(function: Callable[[], T], threads: Threads = SYSTEM_THREADS) -> Future[T]:
    """Call a function in a thread of its own. The future has what it returned or raised. Raises ThreadsExhausted."""
    result: Future[T] = Future()
    threads.start(partial(_complete, function, result), "call")
    return result


def _complete(function: Callable[[], T], result: Future[T]) -> None:
    try:
        result.set_result(function())
    except BaseException as error:
        # Whatever it is: whoever waits for the result would wait for ever.
        result.set_exception(error)


def call_with_timeout(seconds: float, function: Callable[[], T]) -> T:
    """What the function returns or raises. Raises TimeoutError when it takes longer."""
    return submit(function).result(max(0.0, seconds))


def call_while_wanted(function: Callable[[], T], wanted: Callable[[], None], threads: Threads = SYSTEM_THREADS) -> T:
    """What the function returns or raises. `wanted` is called meanwhile, again and again, and raises when nobody wants
    the result any more: then nobody waits for it either."""
    result = submit(function, threads)
    while not threads.wait([result], _POLL):
        wanted()
    return result.result()


def call_all_while_wanted(
    functions: Sequence[Callable[[], T]],
    concurrency: int,
    wanted: Callable[[], None],
    threads: Threads = SYSTEM_THREADS,
) -> list[T]:
    """What several functions return, so many of them called at once, or as many as there are threads for. What one
    raises comes out when those under way have ended, and none is begun after it."""
    results: list[Future[T]] = [Future() for _ in functions]
    rest = deque(zip(functions, results, strict=True))

    def work() -> None:
        while rest:
            try:
                function, result = rest.popleft()
            except IndexError:
                return
            _complete(function, result)
            if result.exception() is not None:
                rest.clear()

    working: list[Future[None]] = []
    try:
        for _ in range(min(concurrency, len(functions))):
            try:
                working.append(submit(work, threads))
            except ThreadsExhausted:
                if not working:
                    raise
                break
        while not threads.wait(working, _POLL):
            wanted()
    finally:
        rest.clear()
    return [result.result() for result in results if result.done()]


@dataclass(frozen=True)
class Timeout:
    """How long a call may take, in seconds on the wall: `notice` until somebody is told, `limit` until it is given
    up."""

    notice: float
    limit: float

    def call(self, function: Callable[[], T], on_notice: Callable[[], None]) -> T:
        """What the function returns or raises. Raises TimeoutError."""
        with _terminal_restored():
            result = submit(function)
            if not wait([result], self.notice).done:
                on_notice()
            if not wait([result], max(0.0, self.limit - self.notice)).done:
                raise TimeoutError(f"nothing came within {self.limit:.0f} seconds")
            return result.result()


@contextmanager
def _terminal_restored() -> Iterator[None]:
    """Whoever asks for a code turns the terminal's echo off. When nobody waits for them any more, they won't turn it on
    again."""
    with ExitStack() as stack:
        try:
            terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
        except OSError:
            yield
            return
        stack.callback(os.close, terminal)
        before = termios.tcgetattr(terminal)
        try:
            yield
        finally:
            if termios.tcgetattr(terminal) != before:
                termios.tcsetattr(terminal, termios.TCSADRAIN, before)
