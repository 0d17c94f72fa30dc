"""How fast AWS is asked: never faster than it is known to allow, and slower once it has said that it is too fast.

Waiting before a request is cheaper than being refused: a refusal counts against the same allowance.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from ocpprov.aws.call_rates import OF_THE_ACCOUNT, KnownRate, Rate, bucket_of
from ocpprov.aws.calls import CallRecord
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


class Limiter(Protocol):
    """What requests wait for, and what learns from their answers. Called from any thread."""

    def wait(self, service: str, operation: str) -> None:
        """Return when AWS may be asked this, who came first going first. `Interrupted` comes from the clock."""
        ...

    def on_call(self, record: CallRecord) -> None: ...


@dataclass
class _Bucket:
    """A token bucket. `rate` 0 is no limit; `known` is what limits it from the start."""

    known: Rate | None
    rate: float
    tokens: float
    since: float
    slowed: float = float("-inf")

    @property
    def burst(self) -> float:
        return self.known.burst if self.known else _FEW

    @property
    def slowest(self) -> float:
        return min(_SLOWEST, self.known.per_second / 4) if self.known else _SLOWEST

    def take(self, now: float) -> float:
        """Take a token, perhaps one that is still to come: the seconds until then."""
        if not self.rate:
            return 0.0
        earned = max(0.0, now - self.since) * self.rate
        self.tokens = min(self.burst, self.tokens + earned) - 1
        self.since = now
        return max(0.0, -self.tokens / self.rate)

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

    def wait(self, service: str, operation: str) -> None:
        """Return when AWS may be asked this, who came first going first. `Interrupted` comes from the clock."""
        with self._lock:
            pause = self._of(service, operation).take(self._clock.monotonic())
        if pause > 0:
            self._clock.sleep(pause)

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
class SharedLimiter:
    """The limiter of one session of several: that of its region, and of the account that it leads to by now."""

    limiters: RateLimiters
    account: Callable[[], str]
    region: str

    def wait(self, service: str, operation: str) -> None:
        """As `RateLimiter.wait`."""
        self.limiters.at(self.account(), self.region, service).wait(service, operation)

    def on_call(self, record: CallRecord) -> None:
        """As `RateLimiter.on_call`."""
        self.limiters.at(self.account(), self.region, record.service).on_call(record)


def _is_throttle(record: CallRecord) -> bool:
    return error_class_of(record.operation, record.error_code, "", record.status) is ErrorClass.THROTTLED
