"""How fast a service is asked: never faster than it is known to allow, and slower once it has said that it is too fast.

Waiting before a request is cheaper than being refused: a refusal counts against the same allowance.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.aws.calls import CallRecord
from ocpprov.aws.error_causes import error_class_of
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.engine.protocols import Clock

KNOWN: Final[Mapping[str, float]] = {"route53": 4.0}
"""Calls a second. Route 53's quotas allow an account five, whatever they ask; one is left for others."""

_BURST: Final = 4.0
_FIRST: Final = 10.0
"""Calls a second of a service that has no known limit, after its first refusal."""
_SLOWEST: Final = 0.5
_FASTEST: Final = 40.0
"""From here on a service that recovered is asked without a limit again."""
_RECOVERY: Final = 0.1
"""What each good answer adds, in calls a second."""
_SAME_MOMENT: Final = 2.0
"""Refusals within so many seconds are one: the requests were on their way together."""


@dataclass
class _Bucket:
    """A token bucket of one service. `rate` 0 is no limit."""

    rate: float
    most: float
    tokens: float = _BURST
    since: float = 0.0
    slowed: float = float("-inf")


class RateLimiter:
    """The token buckets of all services of one run. Called from any thread; one lock guards them."""

    def __init__(self, clock: Clock, known: Mapping[str, float] = KNOWN) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known = known
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, service: str) -> None:
        """Return when the service may be asked. `Interrupted` comes from the clock."""
        pause = self._take(service)
        if pause > 0:
            self._clock.sleep(pause)

    def on_call(self, record: CallRecord) -> None:
        """Learn from an answer: half as fast after a refusal, a little faster after any other."""
        throttled = bool(record.error_code) and _is_throttle(record)
        with self._lock:
            bucket = self._of(record.service)
            if throttled:
                self._slow_down(bucket)
            elif bucket.rate and not record.error_code:
                bucket.rate = min(bucket.rate + _RECOVERY, bucket.most or _FASTEST)
                if not bucket.most and bucket.rate >= _FASTEST:
                    bucket.rate = 0.0

    def forget(self) -> None:
        """As a new process begins: with all tokens, and without what answers have taught."""
        with self._lock:
            self._buckets.clear()

    def rate(self, service: str) -> float:
        """Calls a second at the moment; 0 where nothing is known to limit them."""
        with self._lock:
            return self._of(service).rate

    def _take(self, service: str) -> float:
        """Take a token, perhaps one that is still to come: the seconds until then."""
        with self._lock:
            bucket, now = self._of(service), self._clock.monotonic()
            if not bucket.rate:
                return 0.0
            earned = max(0.0, now - bucket.since) * bucket.rate
            bucket.tokens = min(_BURST, bucket.tokens + earned) - 1
            bucket.since = now
            return max(0.0, -bucket.tokens / bucket.rate)

    def _slow_down(self, bucket: _Bucket) -> None:
        now = self._clock.monotonic()
        if now - bucket.slowed >= _SAME_MOMENT:
            bucket.rate = max(_SLOWEST, bucket.rate / 2) if bucket.rate else _FIRST
            bucket.slowed = now

    def _of(self, service: str) -> _Bucket:
        if service not in self._buckets:
            known = self._known.get(service, 0.0)
            self._buckets[service] = _Bucket(known, known, since=self._clock.monotonic())
        return self._buckets[service]


def _is_throttle(record: CallRecord) -> bool:
    return error_class_of(record.operation, record.error_code, "", record.status) is ErrorClass.THROTTLED
