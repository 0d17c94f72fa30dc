"""The one layer that sends a request again, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random, wait_random_exponential

from ocpprov.aws.error_codes import EXPIRED_CODES, ErrorClass
from ocpprov.aws.errors import AwsMessage, CredentialsError, classify, describe, is_aws_error, wrap
from ocpprov.engine.protocols import Clock

T = TypeVar("T")

RetryPolicy: TypeAlias = Mapping[ErrorClass, float]
"""Error classes after which a request is sent again, each with the seconds from its first appearance until giving up.
What is sent may be several requests, one after another: the class of each operation counts from its own first
appearance, so that a change which gets further each time isn't given up."""

CREATES: Final[RetryPolicy] = MappingProxyType(
    {
        ErrorClass.THROTTLED: 600,
        ErrorClass.NOT_SENT: 120,
        ErrorClass.NOT_VISIBLE: 300,
        ErrorClass.NOT_READY: 900,
        ErrorClass.BUSY: 300,
    }
)
"""For what must not be done twice: after an unknown outcome the caller has to look first. A load balancer takes two to
five minutes and, on a bad day, more."""

UPDATES: Final[RetryPolicy] = MappingProxyType({**CREATES, ErrorClass.UNKNOWN_OUTCOME: 120, ErrorClass.EXISTS: 30})
"""For changes that are the same when done twice: those that aren't look first at what is there, perhaps too early."""

DELETES: Final[RetryPolicy] = MappingProxyType(
    {ErrorClass.THROTTLED: 600, ErrorClass.NOT_SENT: 120, ErrorClass.UNKNOWN_OUTCOME: 120, ErrorClass.BUSY: 900}
)
"""For deletes: what isn't there is gone, and what is still held is waited for."""

READS: Final[RetryPolicy] = MappingProxyType(
    {ErrorClass.THROTTLED: 600, ErrorClass.NOT_SENT: 120, ErrorClass.UNKNOWN_OUTCOME: 120}
)
"""For reads: they may be repeated as often as one likes."""

PROBES: Final[RetryPolicy] = MappingProxyType({ErrorClass.THROTTLED: 4, ErrorClass.UNKNOWN_OUTCOME: 4})
"""For the first question to a service, which is to find out soon whether there is a way to it."""


@dataclass(frozen=True)
class _Pauses:
    """Seconds before a request is sent again for what passes with time: `first`, then half of what has passed since the
    fault appeared, at most `longest`. So it is sent seldom, and half as late again as it need be at most. `chance`
    is by how much longer it is."""

    first: float
    longest: float

    def after(self, elapsed: float, chance: float) -> float:
        pause = elapsed / 2 if elapsed >= self.first else self.first
        return min(pause * chance, self.longest)


_PAUSES: Final[Mapping[ErrorClass, _Pauses]] = MappingProxyType(
    {
        # What was made a moment ago is known everywhere within two or three seconds, mostly.
        ErrorClass.NOT_VISIBLE: _Pauses(2, 10),
        ErrorClass.NOT_READY: _Pauses(5, 15),
        ErrorClass.BUSY: _Pauses(5, 15),
        ErrorClass.EXISTS: _Pauses(5, 10),
    }
)
_CHANCE: Final = wait_random(1.0, 1.1)
_BACKOFF: Final = wait_random_exponential(min=1, max=30)

_UNSENT_ATTEMPTS: Final = 3
"""An endpoint that can't be reached three times in a row won't be there in a minute."""

_RENEWALS: Final = 5
"""How often a request is signed with newer credentials that AWS refused as expired: many threads may share short-lived
ones. Where there are no newer ones, signing fails."""


@dataclass(frozen=True)
class Retry:
    """A request is about to be sent again: what happened, the attempt that failed (from 1), seconds until the next."""

    operation: str
    error_class: ErrorClass
    aws: AwsMessage
    attempt: int
    wait: float


def call(
    operation: str,
    send: Callable[[], T],
    *,
    clock: Clock,
    retryable: RetryPolicy,
    on_retry: Callable[[Retry], None] | None = None,
) -> T:
    """Send a request, again as long as `retryable` says. `operation` is the API's name (`CreateVpc`).

    Raises AwsError with the last error as its cause; `Interrupted` from the clock, and errors that aren't AWS's, as
    they are.
    """
    attempts = _Attempts(operation, clock, retryable, on_retry)
    retrying = Retrying(
        retry=retry_if_exception(attempts.is_retryable),
        wait=attempts.wait,
        stop=attempts.is_over,
        sleep=clock.sleep,
        before_sleep=attempts.before_sleep,
        reraise=True,
    )
    try:
        return retrying(send)
    except Exception as error:
        if not is_aws_error(error) or isinstance(error, CredentialsError):
            raise
        raise wrap(error, operation) from error


@dataclass
class _Attempts:
    """The attempts of one call: when each class of each operation first appeared, how often in a row nothing could be
    sent, and how often the credentials had ended."""

    operation: str
    clock: Clock
    retryable: RetryPolicy
    on_retry: Callable[[Retry], None] | None
    since: dict[tuple[str, ErrorClass], float] = field(default_factory=dict)
    unsent: int = 0
    expired: int = 0

    def is_retryable(self, error: BaseException) -> bool:
        if not is_aws_error(error):
            return False
        error_class = classify(error, self.operation)
        self.since.setdefault(self._appearance(error), self.clock.monotonic())
        self.unsent = self.unsent + 1 if error_class is ErrorClass.NOT_SENT else 0
        if self._has_expired(error):
            self.expired += 1
            return self.expired <= _RENEWALS
        return error_class in self.retryable

    def wait(self, state: RetryCallState) -> float:
        """Never past the deadline, so that the last attempt is made when it comes."""
        if self._has_expired(_error(state)):
            return 0.0
        return max(0.0, min(self._pause(state), self._left(state)))

    def _pause(self, state: RetryCallState) -> float:
        pauses = _PAUSES.get(self._fault(state))
        if pauses is None:
            return _BACKOFF(state)
        elapsed = self.clock.monotonic() - self.since[self._appearance(_error(state))]
        return pauses.after(elapsed, _CHANCE(state))

    def is_over(self, state: RetryCallState) -> bool:
        if self._has_expired(_error(state)):
            return False
        return self._left(state) <= 0 or self.unsent >= _UNSENT_ATTEMPTS

    def before_sleep(self, state: RetryCallState) -> None:
        if self.on_retry and not self._has_expired(_error(state)):
            message = describe(_error(state), self.operation)
            wait = state.upcoming_sleep
            self.on_retry(Retry(self.operation, self._fault(state), message, state.attempt_number, wait))

    def _has_expired(self, error: BaseException) -> bool:
        """Whether AWS refused it for its credentials' age: it was not done, and newer ones may do."""
        return not isinstance(error, CredentialsError) and describe(error, self.operation).code in EXPIRED_CODES

    def _fault(self, state: RetryCallState) -> ErrorClass:
        return classify(_error(state), self.operation)

    def _left(self, state: RetryCallState) -> float:
        """Seconds until the retry budget of this class of this operation is exhausted."""
        since = self.since[self._appearance(_error(state))]
        return since + self.retryable[self._fault(state)] - self.clock.monotonic()

    def _appearance(self, error: BaseException) -> tuple[str, ErrorClass]:
        return describe(error, self.operation).operation, classify(error, self.operation)


def _error(state: RetryCallState) -> BaseException:
    error = state.outcome.exception() if state.outcome else None
    if error is None:
        raise RuntimeError("asked about an attempt that hasn't failed")
    return error
