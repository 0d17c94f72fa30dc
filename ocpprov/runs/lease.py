"""A plan's lock for teams: an object that its holder writes anew every few seconds, and that others may take over when
it doesn't.

The holder may send a change only within half the lease after its last confirmed sign of life, while the others wait for
a whole one. Whoever was stopped, cut off or suspended for too long therefore finds the gate shut before anybody else
begins.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from enum import Enum
from typing import Final, Protocol

from ocpprov.aws.errors import AwsError
from ocpprov.aws.lock_object import LockContent
from ocpprov.aws.timeouts import call_with_timeout
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.threads import beginning_threads
from ocpprov.runs.holder import Holder, parse, span
from ocpprov.runs.local_lock import Locked

LEASE_SECONDS: Final = 60.0
_MOMENTS: Final = 3.0
"""Seconds on the wall in which others are told that a run was left, where S3 answers."""
_BEATS: Final = 5
"""How many signs of life there are in a lease."""


class LeaseLost(Exception):
    """The lock isn't held any more, or that can't be told: nothing may be changed."""


class LeaseEnd(Enum):
    """How a lease ends. `RELEASE`: others are let in. `RELEASE_AT_ONCE`: the same, where S3 answers in a moment; nobody
    wants to wait. `ABANDON`: AWS may still carry changes out, so others have to wait until it is over."""

    RELEASE = "release"
    RELEASE_AT_ONCE = "release at once"
    ABANDON = "abandon"


class LockStore(Protocol):
    """Where the holder is written: `lock_object.LockObject`."""

    def read(self, *, patient: bool = True) -> LockContent | None: ...
    def create(self, text: str) -> str | None: ...
    def replace(self, text: str, etag: str, *, patient: bool = True) -> str | None: ...


def boot_time() -> float:
    """Seconds that go on while the process is stopped and while the machine is suspended.

    Only Linux has a clock of this name; that of macOS which is called monotonic goes on, too.
    """
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Lease:
    """The lock while it is held. Methods may be called from any thread; `_lock` guards what they share. `confirmed` is
    when the last write was begun, on the clock `now`."""

    def __init__(
        self, store: LockStore, holder: Holder, etag: str, confirmed: float, seconds: float, now: Callable[[], float]
    ) -> None:
        self._store = store
        self._seconds = seconds
        self._now = now
        self._lock = threading.Lock()
        self._holder = holder
        self._etag = etag
        self._confirmed = confirmed
        self._lost = ""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beats, name="lease", daemon=True)
        with beginning_threads():
            self._thread.start()

    def note(self, progress: str) -> None:
        """What the run does at the moment; the next sign of life tells it."""
        with self._lock:
            self._holder = replace(self._holder, progress=progress)

    def check(self) -> None:
        """Raises LeaseLost when a change must not be sent any more."""
        with self._lock:
            lost, silent = self._lost, self._now() - self._confirmed
        if lost:
            raise LeaseLost(
                f"the plan's lock {self._store} {lost}; nothing more was sent. Look who is at work on the plan"
            )
        if silent > self._seconds / 2:
            raise LeaseLost(
                f"the plan's lock {self._store} couldn't be confirmed for {span(silent)}, and somebody else may have "
                "it by now; nothing more was sent. Run the same command again"
            )

    def abandon(self) -> None:
        """No more signs of life, and no word to others."""
        self._ended.set()

    def release(self) -> None:
        """Let others in at once. Where that fails they wait until the lease is over."""
        self._ended.set()
        self._thread.join(self._seconds)
        with self._lock:
            holder, etag, lost = replace(self._holder, released=True), self._etag, self._lost
        if not lost:
            # Interrupted comes out of a wait for the request's turn.
            with suppress(AwsError, Interrupted):
                self._store.replace(holder.text(), etag, patient=False)

    def _beats(self) -> None:
        while not self._ended.wait(self._seconds / _BEATS) and not self._lost:
            try:
                # Whatever goes wrong: the gate shuts by itself if that goes on.
                with suppress(Exception):
                    self.beat()
            except Interrupted:
                # The run is left, and nobody waits for a sign of life any more.
                return

    def beat(self) -> None:
        """A sign of life. Raises AwsError; that somebody else has the lock is found by the next `check`."""
        started = self._now()
        with self._lock:
            holder, etag = replace(self._holder, beat=self._holder.beat + 1), self._etag
        written = self._store.replace(holder.text(), etag, patient=False)
        lost = ""
        if written is None:
            # Perhaps by ourselves: an earlier sign of life whose answer was lost.
            there = self._store.read(patient=False)
            other = parse(there.text) if there else None
            if there and other and other.run == holder.run:
                written = there.etag
            else:
                lost = f"was taken by {other.user} on {other.host} (run {other.run})" if other else "is gone"
        with self._lock:
            self._lost = lost
            if written is not None:
                self._etag, self._confirmed = written, started
                self._holder = replace(self._holder, beat=holder.beat)


@contextmanager
def lease(
    store: LockStore,
    holder: Holder,
    sleep: Callable[[float], None],
    *,
    seconds: float = LEASE_SECONDS,
    timeout: float = 0.0,
    ending: Callable[[], LeaseEnd] = lambda: LeaseEnd.RELEASE,
    now: Callable[[], float] = boot_time,
) -> Iterator[Lease]:
    """Hold the lock, having waited for it at most `timeout` seconds. Raises Locked, and AwsError.

    At the end `ending` is asked how. `now` is a clock that `sleep` moves; signs of life are sent by the wall's.
    """
    etag, confirmed = _acquire(store, holder, sleep, now, seconds, timeout)
    held = Lease(store, holder, etag, confirmed, seconds, now)
    try:
        if now() - confirmed > seconds / _BEATS:
            held.beat()
        yield held
    finally:
        match ending():
            case LeaseEnd.RELEASE:
                held.release()
            case LeaseEnd.RELEASE_AT_ONCE:
                with suppress(TimeoutError):
                    call_with_timeout(_MOMENTS, held.release)
            case LeaseEnd.ABANDON:
                held.abandon()


def _acquire(
    store: LockStore,
    holder: Holder,
    sleep: Callable[[float], None],
    now: Callable[[], float],
    seconds: float,
    timeout: float,
) -> tuple[str, float]:
    """The ETag of what was written, and when that was begun."""
    deadline = now() + timeout
    seen, seen_at = "", now()

    def once_more() -> None:
        # Mostly somebody was quicker; but answers that contradict themselves would have us ask for ever.
        if now() >= deadline + seconds:
            raise Locked(f"{store} can be neither made nor taken over; look at its bucket, then try again")
        sleep(seconds / (4 * _BEATS))

    while True:
        started = now()
        if etag := store.create(holder.text()):
            return etag, started
        there = store.read()
        if there is None:
            once_more()
            continue
        other = parse(there.text)
        if other and other.run == holder.run:
            return there.etag, started
        if there.etag != seen:
            seen, seen_at = there.etag, now()
        silent = max(there.age, now() - seen_at)
        if other is None or other.released or silent > seconds:
            started = now()
            if etag := store.replace(holder.text(), there.etag):
                return etag, started
            once_more()
            continue
        if now() >= deadline:
            raise Locked(
                f"another ocpprov is at work on this plan: {other.words(holder.since)}; its lock {store} was confirmed "
                f"{span(silent)} ago, and may be taken over after {span(seconds)} of silence. Wait for it "
                "(--lock-timeout SECONDS), or end it, then try again"
            )
        sleep(seconds / (4 * _BEATS))
