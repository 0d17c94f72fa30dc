"""What a rehearsal runs on: AWS in this process, with its times, rates and quotas, and the way of a command to it."""

from __future__ import annotations

import copy
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.util import find_spec
from typing import Final, Protocol

from ocpprov.aws.calls import CallCounter, CallRecord, CallSubject
from ocpprov.aws.clock import SystemClock
from ocpprov.aws.dns import Lookups
from ocpprov.aws.error_causes import error_class_of
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError
from ocpprov.aws.identity import WrongAccount, check_account
from ocpprov.aws.in_process import NOBODY, answered_in_this_process
from ocpprov.aws.rate_limit import RateLimiter, RunLimiter
from ocpprov.aws.reads import FirstPages
from ocpprov.aws.service_probes import IDENTITY, sentences
from ocpprov.aws.session import Session, session_factory
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import ClientBundle, Connection, OnRetry, RunTarget, ask_first, connection_of
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.rehearsal_request import AwsAsRehearsed
from ocpprov.engine.cancel import Cancellation
from ocpprov.engine.protocols import Clock
from ocpprov.engine.simulated_time import SimulatedTime
from ocpprov.engine.threads import SystemThreads, Threads
from ocpprov.reconcile.pacing import AS_AWS_DEMANDS, Pacing
from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.control import SandboxMissing
from ocpprov.sandbox.exchange import Answer, ConnectionDropped, Request
from ocpprov.sandbox.middleware import all_middleware
from ocpprov.sandbox.pipeline import Pipeline
from ocpprov.sandbox.readiness import Readiness
from ocpprov.sandbox.readiness_table import known_table
from ocpprov.sandbox.seen_facts import FILE

ACCOUNT: Final = "123456789012"
"""Where the plan names none."""
_AT_LEISURE: Final = 60.0
"""Seconds of AWS's time that pass after each change to the stage, so that what is made next finds it ready."""
_SETTLED: Final = 900.0
"""Seconds after which whatever stands for others' things is as if it had always been there."""
_UNDER_A_LOCK: Final = "AssumeRole"
"""Asked while the others wait for its answer: it takes no time, or nobody would go on."""


def readiness_in_force() -> Sequence[Readiness]:
    """What isn't usable at once, as far as AWS has said so itself in its words. Raises Refused."""
    try:
        return known_table()
    except (OSError, ValueError) as error:
        raise Refused(f"{FILE}: {error}; `make live-take-in` writes it anew") from error


class Time(Clock, Threads, Protocol):
    """The clock and the threads of a rehearsal."""


class WallTime(SystemThreads):
    """A rehearsal by the wall: `clock` says how much faster than AWS."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)


@dataclass
class CallTotals:
    """The calls of one command: how often each operation, how many of them changed something, and how many were
    refused as too fast. Counted by a thread that goes alone, or under the lock."""

    counter: CallCounter = field(default_factory=CallCounter)
    mutating: int = 0
    throttled: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, record: CallRecord) -> None:
        self.counter.add(record)
        throttled = bool(record.error_code) and _is_throttled(record)
        with self._lock:
            self.mutating += record.mutating
            self.throttled += throttled


@dataclass(frozen=True)
class TimedCall:
    """One request in AWS's time: from when it left to when its answer was there, in seconds of the rehearsal's clock,
    and the logical ids that it was for, none where nobody has said."""

    began: float
    ended: float
    service: str
    operation: str
    mutating: bool
    resources: Sequence[str] = ()


def _is_throttled(record: CallRecord) -> bool:
    return error_class_of(record.operation, record.error_code, "", record.status) is ErrorClass.THROTTLED


class RehearsedAws:
    """AWS, and the connector by which a command reaches it.

    `target` is the plan's. Until `begin` calls take no time and count for nothing: the stage is set. `replaced` are ids
    that a plan names, with those of what stands for them: they are exchanged on the way there and back. `traffic` is
    that of the command that was connected last; `heard` is told of each call once its answer is there. Commands go
    about their steps as `pacing` says. One session serves all: making clients takes longer than most runs.
    """

    def __init__(
        self,
        like: AwsAsRehearsed,
        target: RunTarget,
        heard: Callable[[TimedCall], None] = lambda _: None,
        pacing: Pacing = AS_AWS_DEMANDS,
    ) -> None:
        if find_spec("moto") is None or find_spec("flask") is None:
            raise Refused(str(SandboxMissing()))
        # moto takes a second to import, and isn't there at all without the extra `sandbox`.
        from ocpprov.sandbox.cloud import MotoCloud  # noqa: PLC0415

        self._like = like
        self._heard = heard
        self._pacing = pacing
        self._leave = threading.Event()
        self.account = target.account or ACCOUNT
        self.time: Time = self._new_time()
        self.replaced: Mapping[str, str] = {}
        self.traffic = CallTotals()
        self._log = CallLog(lambda _: None)
        self._subject = CallSubject()
        self._begun = False
        self._rates = RateLimiter(self.time)
        self._ahead = 0.0
        cloud = MotoCloud(self._aws_time)
        cloud.begin_alike(like.seed, self.account, target.region)
        self.pipeline = Pipeline(cloud, partial(all_middleware, like.delays, readiness_in_force()))
        self._factory = session_factory(
            target.region, on_call=self._on_call, zone_roles=target.scope.zone_roles, sandbox_url=NOBODY
        )
        self.session = self._new_session()
        self._is_alone = True

    def beside(self) -> RehearsedAws:
        """The same AWS at the same time, for a command that runs beside others: with calls of its own, under the limits
        that hold for all of them."""
        other = copy.copy(self)
        other.traffic, other._log, other._subject = CallTotals(), CallLog(lambda _: None), CallSubject()
        other.session = other._new_session()
        other._is_alone = False
        return other

    def _new_session(self) -> Session:
        session = self._factory.session(self._on_call, RunLimiter(lambda _: self._rates, self._subject))
        return answered_in_this_process(session, self._answer_in_time)

    def _new_time(self) -> Time:
        if self._like.scale:
            return WallTime(SystemClock(self._like.scale, self._leave))
        return SimulatedTime(time.time(), self._leave)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Time goes, and chance is the seed's, until the end of this."""
        before = random.getstate()
        random.seed(self._like.seed)
        try:
            if isinstance(self.time, SimulatedTime):
                with self.time.taking_part():
                    yield
            else:
                yield
        finally:
            random.setstate(before)

    def begin(self) -> None:
        """From now on AWS is as it is to be: what stood there before was free."""
        conditions = Conditions(throttling=self._like.throttling, quotas=self._like.quotas)
        self.pipeline.set_conditions(conditions)
        self.pipeline.set_faults(self._like.faults)
        self._ahead += _SETTLED
        self._begun = True

    def _aws_time(self) -> float:
        return self.time.monotonic() + self._ahead

    @contextmanager
    def connect(
        self, target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
    ) -> Iterator[Connection]:
        """In place of `connect` of the connection, with the same calls. Raises Refused."""
        self.traffic, self._log = CallTotals(), log
        if self._is_alone:
            self._rates.forget()
        counter = self.traffic.counter
        bundle = ClientBundle(self.session, self.time, Cancellation(self._leave), counter, subject=self._subject)
        try:
            reached = ask_first(bundle, target, Lookups({}), self.time)
            if reached.lost:
                raise Refused(tuple(sentences(reached.lost)))
            told = reached.answers.get(IDENTITY)
            identity = check_account(bundle.session.clients, target.account, bundle.clock, told)
        except WrongAccount as error:
            raise Refused(error.problem) from error
        except AwsError as error:
            raise Refused(problem_of(error)) from error
        first = FirstPages(reached.answers)
        connection = connection_of(bundle, target, identity.account, on_retry, options.concurrency, self.time, first)
        yield replace(connection, pacing=self._pacing)

    def _on_call(self, record: CallRecord) -> None:
        self.traffic.add(record)
        self._log.add(self.time.now(), record, self._subject.names)

    def _answer_in_time(self, request: Request) -> Answer | ConnectionDropped:
        left = self.time.monotonic()
        if self._begun and request.operation != _UNDER_A_LOCK:
            self.time.sleep(self._like.latency)
        answer = self._answer(request)
        if not self._begun and request.mutating:
            self._ahead += _AT_LEISURE
        if isinstance(answer, ConnectionDropped) and answer.seconds:
            self.time.sleep(answer.seconds)
        now, subject = self.time.monotonic(), self._subject.names
        self._heard(TimedCall(left, now, request.service, request.operation, request.mutating, subject))
        return answer

    def _answer(self, request: Request) -> Answer | ConnectionDropped:
        asked = _of_account(_exchanged(request, self.replaced), self.account)
        answer = self.pipeline.answer(asked)
        back = {made: given for given, made in self.replaced.items()}
        if isinstance(answer, Answer):
            return _told(answer, back)
        return replace(answer, answer=_told(answer.answer, back)) if answer.answer else answer


def _of_account(request: Request, account: str) -> Request:
    return replace(request, headers={**request.headers, "X-Moto-Account-Id": account})


def _exchanged(request: Request, ids: Mapping[str, str]) -> Request:
    if not ids:
        return request
    body = _each(request.body.decode("latin-1"), ids).encode("latin-1")
    return replace(
        request,
        path=_each(request.path, ids),
        query=_each(request.query, ids),
        body=body,
        headers={**request.headers, "Content-Length": str(len(body))} if body else request.headers,
        parameters={_each(name, ids): _each(value, ids) for name, value in request.parameters.items()},
    )


def _told(answer: Answer, ids: Mapping[str, str]) -> Answer:
    if not ids:
        return answer
    body = _each(answer.body.decode("latin-1"), ids).encode("latin-1")
    # botocore reads as much as the header says.
    headers = tuple(
        (name, str(len(body)) if name.lower() == "content-length" and answer.body else _each(value, ids))
        for name, value in answer.headers
    )
    return replace(answer, body=body, headers=headers)


def _each(text: str, ids: Mapping[str, str]) -> str:
    for one, other in ids.items():
        text = text.replace(one, other)
    return text
