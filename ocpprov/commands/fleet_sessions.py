"""The way of a fleet's members to AWS: plans with the same settings share credentials and clients, and all that go to
one account and region share its rate limiters."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ocpprov.aws.calls import CallCounter, CallObserver, CallRecord, CallSubject
from ocpprov.aws.clock import SystemClock
from ocpprov.aws.errors import AwsError
from ocpprov.aws.rate_limit import RateLimiter, RateLimiters, RunLimiter
from ocpprov.aws.session import Session, SessionFactory, session_factory
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connection, OnRetry, RunTarget, SharedRun, connect, sandbox_of, session_settings
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.engine.cancel import Cancellation


@dataclass
class _Seat:
    """A session, who hears of its calls at the moment (one run after another), and what they are for."""

    session: Session
    observe: CallObserver
    subject: CallSubject


@dataclass
class _Way:
    """The sessions with the same settings: those that nobody has at the moment."""

    factory: SessionFactory
    free: list[_Seat] = field(default_factory=list)


class FleetSessions:
    """Its `connect` is the members'. A session is one run's for as long as that lasts, so that what is noted of a call
    is that run's own; then it is the next one's, with its open connections. One lock guards them.

    `say` hears of credentials that are awaited or renewed: they are everybody's. Raises Refused when the sandbox can't
    be used."""

    def __init__(self, options: Options, cancellation: Cancellation, say: Callable[[str], None]) -> None:
        self._cancellation = cancellation
        self._say = say
        self._sandbox = sandbox_of(options)
        clock = SystemClock(self._sandbox.scale if self._sandbox else 1.0, cancellation.leave)
        self._limiters = RateLimiters(clock)
        self._counter = CallCounter()
        self._lock = threading.Lock()
        self._ways: dict[str, _Way] = {}

    def calls(self) -> int:
        """How many calls all members have made so far."""
        return sum(self._counter.snapshot().values())

    @contextmanager
    def connect(
        self, target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
    ) -> Iterator[Connection]:
        """As `connect` of the connection."""
        with self._seat(self._way(target, options)) as seat:

            def session(observe: CallObserver) -> Session:
                seat.observe = observe
                return seat.session

            shared = SharedRun(self._cancellation, session, seat.subject)
            with connect(target, options, log, warn, on_retry, shared) as connection:
                yield connection

    @contextmanager
    def _seat(self, way: _Way) -> Iterator[_Seat]:
        with self._lock:
            seat = way.free.pop() if way.free else None
        seat = seat or self._new_seat(way.factory)
        try:
            yield seat
        except Exception:
            self._give_back(way, seat)
            raise
        # Of a run that was left in the middle (Interrupted is no Exception) a request may still be under way: nobody
        # else gets its session.
        self._give_back(way, seat)

    def _give_back(self, way: _Way, seat: _Seat) -> None:
        seat.observe = _nobody
        with self._lock:
            way.free.append(seat)

    def _new_seat(self, factory: SessionFactory) -> _Seat:
        def limiter_of(service: str) -> RateLimiter:
            return self._limiters.at(factory.credentials.account, factory.region, service)

        def on_call(record: CallRecord) -> None:
            self._counter.add(record)
            seat.observe(record)

        subject = CallSubject()
        seat = _Seat(factory.session(on_call, RunLimiter(limiter_of, subject)), _nobody, subject)
        return seat

    def _way(self, target: RunTarget, options: Options) -> _Way:
        settings = session_settings(target, options, self._sandbox, self._say)
        key = json.dumps([target.region, {**settings, "on_notice": ""}], sort_keys=True, default=str)
        with self._lock:
            if key not in self._ways:
                try:
                    factory = session_factory(target.region, on_call=self._counter.add, **settings)
                except AwsError as error:
                    raise Refused(problem_of(error)) from error
                self._ways[key] = _Way(factory)
            return self._ways[key]


def _nobody(_: CallRecord) -> None:
    """Between two runs."""
