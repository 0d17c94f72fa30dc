"""How fast AWS is asked: never faster than it is known to allow, and slower once it has said that it is too fast.

Waiting before a request is cheaper than being refused: a refusal counts against the same allowance. Of those that wait
the most urgent goes first. A second of waiting counts like a second of urgency, so that nobody starves: whoever is more
urgent by so many seconds goes first if he comes no later than those.
"""

from __future__ import annotations

import itertools
import threading
from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Final, Protocol, TypeAlias

from ocpprov.aws.call_rates import OF_THE_ACCOUNT, KnownRate, Rate, bucket_of
from ocpprov.aws.calls import CallRecord, CallSubject
from ocpprov.aws.error_causes import error_class_of
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.engine.protocols import Clock

_FEW: Final = 4.0
"""Calls at once where nothing is known but a refusal."""
_FIRST: Final = 10.0
"""Calls a second where there is no known limit, after the first refusal."""
_SLOWEST: Final = 0.5
_FASTEST: Final = 40.0
"""From here on what recovered is asked without a limit again."""
_RECOVERY: Final = 0.1
"""What each good answer adds, in calls a second; of a known rate its fortieth part."""
_SAME_MOMENT: Final = 2.0
"""Refusals within so many seconds are one: the requests were on their way together."""
_WHOLE: Final = 1 - 1e-6
"""A token that is there but for what seconds are rounded by."""
_FIRST_OF_ALL: Final = 3600.0
"""The urgency of a run's first question, in seconds: all of the run comes after it."""
_AT_ONCE_OR_NEARLY: Final = 4.0
"""Seconds for which it waits: it is asked to find out soon whether there is a way."""

_Place: TypeAlias = tuple[float, int]
"""Of one that waits: when it came, less its urgency, in seconds, and the how manieth it was."""


class Limiter(Protocol):
    """What requests wait for, and what learns from their answers. Called from any thread."""

    def wait(self, service: str, operation: str) -> None:
        """Return when AWS may be asked this. `Interrupted` comes from the clock."""
        ...

    def begin(self, service: str, operation: str) -> None:
        """The same for a run's first question: it goes before others, and after a few seconds whatever is allowed."""
        ...

    def on_call(self, record: CallRecord) -> None: ...


@dataclass
class _Bucket:
    """A token bucket. `rate` 0 is no limit; `known` is what limits it from the start; `waiting` are those for whom
    there is no token yet, in the order in which they get one."""

    known: Rate | None
    rate: float
    tokens: float
    since: float
    slowed: float = -inf
    waiting: list[_Place] = field(default_factory=list)

    @property
    def burst(self) -> float:
        return self.known.burst if self.known else _FEW

    @property
    def slowest(self) -> float:
        return min(_SLOWEST, self.known.per_second / 4) if self.known else _SLOWEST

    def take(self, place: _Place, now: float, until: float) -> float:
        """Take the token of one that waits, who leaves with it: 0. As long as there is none: the seconds until there
        is, if nobody more urgent comes. After `until` it is taken all the same, and owed."""
        if not self.rate:
            self.leave(place)
            return 0.0
        self.tokens = min(self.burst, self.tokens + max(0.0, now - self.since) * self.rate)
        self.since = now
        missing = bisect_left(self.waiting, place) + _WHOLE - self.tokens
        if missing <= 0 or now >= until:
            self.tokens -= 1
            self.leave(place)
            return 0.0
        return min((missing + 1 - _WHOLE) / self.rate, until - now)

    def leave(self, place: _Place) -> None:
        """It waits no longer."""
        self.waiting.remove(place)

    def slow_down(self, now: float) -> None:
        # AWS has just said that its bucket is empty, whatever was left in this one.
        self.tokens = min(self.tokens, 0.0)
        if now - self.slowed >= _SAME_MOMENT:
            self.rate = max(self.slowest, self.rate / 2) if self.rate else _FIRST
            self.slowed = now

    def recover(self) -> None:
        if self.known:
            self.rate = min(self.rate + self.known.per_second / 40, self.known.per_second)
        elif self.rate:
            self.rate += _RECOVERY
            self.rate = 0.0 if self.rate >= _FASTEST else self.rate


class RateLimiter:
    """The token buckets of one account and region. Called from any thread; one lock guards them."""

    def __init__(self, clock: Clock, known: Callable[[str, str], tuple[str, KnownRate | None]] = bucket_of) -> None:
        """`known` names the bucket of a service and operation, and what is known of it."""
        self._clock = clock
        self._lock = threading.Lock()
        self._known = known
        self._buckets: dict[str, _Bucket] = {}
        self._order = itertools.count()

    def wait(self, service: str, operation: str, urgency: float = 0.0, patience: float = inf) -> None:
        """Return when AWS may be asked this, the most urgent first, or after so many seconds of `patience`. `urgency`
        is how many seconds the caller's work takes at least from here to its end. `Interrupted` comes from the clock.

        Each sleeps until the token comes that is its own if nobody passes, and then looks how many have: nobody has to
        be woken.
        """
        with self._lock:
            bucket, began = self._of(service, operation), self._clock.monotonic()
            place = began - urgency, next(self._order)
            insort(bucket.waiting, place)
            pause = bucket.take(place, began, began + patience)
        try:
            while pause > 0:
                self._clock.sleep(pause)
                with self._lock:
                    pause = bucket.take(place, self._clock.monotonic(), began + patience)
        except BaseException:
            # Whoever is behind has the token.
            with self._lock:
                bucket.leave(place)
            raise

    def on_call(self, record: CallRecord) -> None:
        """Learn from an answer: half as fast after a refusal, a little faster after any other."""
        throttled = bool(record.error_code) and _is_throttle(record)
        with self._lock:
            bucket = self._of(record.service, record.operation)
            if throttled:
                bucket.slow_down(self._clock.monotonic())
            elif not record.error_code:
                bucket.recover()

    def forget(self) -> None:
        """As a new process begins: with all tokens, and without what answers have taught."""
        with self._lock:
            self._buckets.clear()

    def rate(self, service: str, operation: str) -> float:
        """Calls a second at the moment; 0 where nothing is known to limit them."""
        with self._lock:
            return self._of(service, operation).rate

    def _of(self, service: str, operation: str) -> _Bucket:
        name, row = self._known(service, operation)
        if name not in self._buckets:
            known = row.taken if row else None
            rate, tokens = (known.per_second, known.burst) if known else (0.0, _FEW)
            self._buckets[name] = _Bucket(known, rate, tokens, self._clock.monotonic())
        return self._buckets[name]


class RateLimiters:
    """One limiter for each account and region that a process asks, whoever asks, and one for what counts by account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._limiters: dict[tuple[str, str], RateLimiter] = {}

    def at(self, account: str, region: str, service: str) -> RateLimiter:
        """The limiter of a service there. `account` is empty as long as nobody knows it."""
        place = account, "" if service in OF_THE_ACCOUNT else region
        with self._lock:
            return self._limiters.setdefault(place, RateLimiter(self._clock))


@dataclass(frozen=True)
class RunLimiter:
    """The limiter of one run's session: `at` says which one a service has, `subject` how urgent a thread's calls
    are."""

    at: Callable[[str], RateLimiter]
    subject: CallSubject

    def wait(self, service: str, operation: str) -> None:
        """As the limiter, with the urgency of the thread that asks."""
        self.at(service).wait(service, operation, self.subject.urgency)

    def begin(self, service: str, operation: str) -> None:
        """As the limiter."""
        self.at(service).wait(service, operation, _FIRST_OF_ALL, _AT_ONCE_OR_NEARLY)

    def on_call(self, record: CallRecord) -> None:
        """As `RateLimiter.on_call`."""
        self.at(record.service).on_call(record)


def _is_throttle(record: CallRecord) -> bool:
    return error_class_of(record.operation, record.error_code, "", record.status) is ErrorClass.THROTTLED
