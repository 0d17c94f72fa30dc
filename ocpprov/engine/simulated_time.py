"""Time that passes only while nobody is at work: a run of minutes ends in seconds, and takes as long as it would.

One thread goes at a time. Whoever sleeps or waits hands over to the one whose time comes next, and the clock jumps
there. Of several at the same moment the one goes first that began to wait first. So two runs are the same run.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any, Final

from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.threads import SYSTEM_THREADS

_HANG: Final = 120.0
"""Seconds on the wall in which nobody's turn has come after which somebody who isn't woken says so: he would wait for
ever."""


class Stalled(Exception):
    """Everybody waits for somebody else."""


class SimulatedTime:
    """The engine's `Clock` and `Threads`. `start` is what `now` begins at, in seconds since the epoch; `leave` ends
    every sleep.

    Only the threads that it has started, and those within `taking_part`, count. For others no time passes, and they
    wait as the system has it.
    """

    def __init__(self, start: float, leave: threading.Event | None = None) -> None:
        self.leave = leave or threading.Event()
        self._start = start
        self._lock = threading.Lock()
        self._seconds = 0.0
        self._order = itertools.count()
        self._coming: list[tuple[float, int, threading.Event]] = []
        self._busy = False
        self._turns = 0
        self._own = threading.local()

    def now(self) -> float:
        return self._start + self.monotonic()

    def monotonic(self) -> float:
        with self._lock:
            return self._seconds

    def sleep(self, seconds: float) -> None:
        if self.leave.is_set():
            raise Interrupted
        # Who only looks whether the run was asked to leave doesn't step aside for it.
        if seconds > 0 and self._takes_part():
            with self._lock:
                woken = self._will_come(self._seconds + seconds)
            self._step_aside(woken)
            if self.leave.is_set():
                raise Interrupted

    @contextmanager
    def taking_part(self) -> Iterator[None]:
        """The calling thread is one of those at work, until the end of this."""
        self._own.takes_part = True
        with self._lock:
            self._busy = True
        try:
            yield
        finally:
            self._own.takes_part = False
            self._hand_over()

    def start(self, work: Callable[[], object], name: str) -> None:
        turn = threading.Event()
        # One that can't begin mustn't get a turn.
        threading.Thread(target=self._taken, args=(work, turn), name=name, daemon=True).start()
        self._comes_now(turn)

    def pool(self, size: int) -> Executor:
        """Each piece of work has a thread of its own: nobody gives more at once than `size`."""
        return _Pool(self)

    def wait(self, futures: Collection[Future[Any]], look_up: float, *, first: bool = False) -> bool:
        """Returns when they are done, however long that takes: nobody is there to look up for."""
        if not self._takes_part():
            return SYSTEM_THREADS.wait(futures, look_up, first=first)
        turn = threading.Event()
        waiter = _Waiter(lambda: self._comes_now(turn), 1 if first else len(futures))
        for future in list(futures):
            future.add_done_callback(waiter.one_more)
        if futures:
            self._step_aside(turn)
        return True

    def _takes_part(self) -> bool:
        return getattr(self._own, "takes_part", False)

    def _taken(self, work: Callable[[], object], turn: threading.Event) -> None:
        turn.wait()
        self._own.takes_part = True
        try:
            work()
        finally:
            self._hand_over()

    def _will_come(self, when: float) -> threading.Event:
        turn = threading.Event()
        heapq.heappush(self._coming, (when, next(self._order), turn))
        return turn

    def _comes_now(self, turn: threading.Event) -> None:
        with self._lock:
            heapq.heappush(self._coming, (self._seconds, next(self._order), turn))
            self._wake_if_idle()

    def _step_aside(self, turn: threading.Event) -> None:
        self._hand_over()
        turns = -1
        while not turn.wait(_HANG):
            if turns == self._turns:
                raise Stalled("nobody goes on: each thread of the run waits for another")
            # Others are at work: many runs take their time.
            turns = self._turns

    def _hand_over(self) -> None:
        with self._lock:
            self._busy = False
            self._wake_if_idle()

    def _wake_if_idle(self) -> None:
        if not self._busy and self._coming:
            when, _, turn = heapq.heappop(self._coming)
            self._seconds = max(self._seconds, when)
            self._busy = True
            self._turns += 1
            turn.set()


class _Waiter:
    """Counts what it waits for, and wakes when there is enough. It is told from any thread."""

    def __init__(self, wake: Callable[[], None], needed: int) -> None:
        self._wake = wake
        self._needed = needed
        self._lock = threading.Lock()

    def one_more(self, future: Future[Any]) -> None:
        with self._lock:
            self._needed -= 1
            enough = self._needed == 0
        if enough:
            self._wake()


class _Pool(Executor):
    def __init__(self, time: SimulatedTime) -> None:
        self._time = time

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        result: Future[Any] = Future()

        def work() -> None:
            try:
                result.set_result(fn(*args, **kwargs))
            except BaseException as error:
                # Whatever it is: whoever waits for the result would wait for ever.
                result.set_exception(error)

        self._time.start(work, "work")
        return result
