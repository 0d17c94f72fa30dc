"""So many requests on their way at once, the most urgent first: who only waits lends its place to somebody else."""

from __future__ import annotations

import heapq
import itertools
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass

from ocpprov.engine.protocols import Clock
from ocpprov.engine.threads import SYSTEM_THREADS, Threads

_LOOK_UP = 0.2
"""Seconds on the wall after which whoever waits for its place looks up whether the run was asked to leave."""


class Slots:
    """The places of one run. One lock guards them; futures say when one is somebody's."""

    def __init__(self, size: int = sys.maxsize, threads: Threads = SYSTEM_THREADS) -> None:
        self.size = size
        self._threads = threads
        self._lock = threading.Lock()
        self._free = size
        self._asking: list[tuple[float, int, Future[None]]] = []
        self._order = itertools.count()
        self._own = threading.local()

    def ask(self, urgency: float) -> Future[None]:
        """Done when there is a place for who asks; the most urgent has the next one."""
        place: Future[None] = Future()
        with self._lock:
            if not self._free:
                heapq.heappush(self._asking, (-urgency, next(self._order), place))
                return place
            self._free -= 1
        place.set_result(None)
        return place

    def withdraw(self, place: Future[None]) -> None:
        """Who has asked doesn't want it any more."""
        with self._lock:
            left = [row for row in self._asking if row[2] is not place]
            was_asking = len(left) < len(self._asking)
            if was_asking:
                heapq.heapify(left)
                self._asking = left
        if not was_asking:
            self.give_back()

    def give_back(self) -> None:
        """A place is free."""
        with self._lock:
            if not self._asking:
                self._free += 1
                return
            _, _, place = heapq.heappop(self._asking)
        place.set_result(None)

    @contextmanager
    def held(self, urgency: float) -> Iterator[None]:
        """The calling thread has a place, which it was given before, until the end of this."""
        self._own.urgency = urgency
        try:
            yield
        finally:
            if self._held_for() is not None:
                self._own.urgency = None
                self.give_back()

    @contextmanager
    def lent(self, clock: Clock) -> Iterator[None]:
        """Until the end of this somebody else may have the calling thread's place, where it has one. Then it waits for
        one. Who fails meanwhile has nothing more to send, and goes without. Raises `Interrupted`."""
        urgency = self._held_for()
        if urgency is None:
            yield
            return
        self._own.urgency = None
        self.give_back()
        yield
        self._take_again(urgency, clock)

    def _take_again(self, urgency: float, clock: Clock) -> None:
        place = self.ask(urgency)
        try:
            while not self._threads.wait([place], _LOOK_UP):
                clock.sleep(0)
        except BaseException:
            self.withdraw(place)
            raise
        self._own.urgency = urgency

    def urgency(self) -> float:
        """That with which the calling thread has its place; 0 where it has none."""
        return self._held_for() or 0.0

    def _held_for(self) -> float | None:
        found: float | None = getattr(self._own, "urgency", None)
        return found


@dataclass(frozen=True)
class LendingClock:
    """A clock with which a worker that sleeps lends its place."""

    clock: Clock
    slots: Slots

    def now(self) -> float:
        return self.clock.now()

    def monotonic(self) -> float:
        return self.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            self.clock.sleep(seconds)
            return
        with self.slots.lent(self.clock):
            self.clock.sleep(seconds)
