"""The commands and AWS's sandbox in one process, without sockets, on a clock that only goes when somebody waits.

A run of a hundred calls takes half a second like this, and the whole process, AWS included, can be forked at any call.
"""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from rich.console import Console

from ocpprov.aws.calls import CallCounter, CallRecord, CallSubject, is_mutating
from ocpprov.aws.clients import Clients
from ocpprov.aws.rate_limit import RateLimiter, RunLimiter
from ocpprov.aws.reads import Reader
from ocpprov.aws.session import Session, open_session
from ocpprov.checks.result import Check
from ocpprov.commands.apply import apply
from ocpprov.commands.bootstrap_remove import bootstrap_remove
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import ClientBundle, Connection, OnRetry, RunTarget
from ocpprov.commands.destroy import destroy
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.output_request import OutputRequest
from ocpprov.commands.outputs import outputs
from ocpprov.commands.preflight import asked
from ocpprov.commands.run_target import target_of
from ocpprov.commands.show_plan import show_plan
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.engine.resources import Owner
from ocpprov.runs.run_id import new_run_id
from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.middleware import all_middleware
from ocpprov.sandbox.pipeline import Pipeline
from ocpprov.ui.json_lines import JsonLines
from ocpprov.ui.lines import Line
from ocpprov.ui.progress import Heading, View
from ocpprov.ui.run_progress import RunProgress
from ocpprov.ui.wait_view import WaitView
from tests.support import transport

ACCOUNT = "123456789012"
QUICK = Delays(
    nat_gateway=5.0,
    nat_gateway_deletion=1.5,
    gateway_endpoint=1.0,
    interface_endpoint=1.5,
    load_balancer=5.0,
    load_balancer_deletion=1.5,
    record_change=1.0,
    vpc_cidr_block=1.0,
    transit_gateway_attachment=1.5,
    transit_gateway_attachment_deletion=1.0,
    vpc_peering_connection=0.5,
    readiness=0.2,
)
"""A fraction of AWS's own: more than one look at each is needed, not ten."""
_BY_HAND = 2.0
"""Seconds of AWS's time that somebody else's change takes: longer than `QUICK` has most of what is new unusable."""
NOBODY = "http://127.0.0.1:1"
"""Where nothing listens: a request that isn't answered in this process doesn't leave it."""


class Moment(Enum):
    """When a mutating call is watched: nothing has happened yet, or AWS has done it and the answer isn't there yet."""

    BEFORE = "before"
    AFTER = "after"


@dataclass
class StandingClock:
    """The engine's clock: whoever sleeps lets the time pass at once. Wall time begins at an arbitrary date."""

    seconds: float = 0.0
    leave: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> float:
        return 1_790_000_000.0 + self.monotonic()

    def monotonic(self) -> float:
        with self._lock:
            return self.seconds

    def sleep(self, seconds: float) -> None:
        if self.leave.is_set():
            raise Interrupted
        self.advance(max(0.0, seconds))

    def advance(self, seconds: float) -> None:
        """Time passes, whoever waits."""
        with self._lock:
            self.seconds += seconds


class Words(Terminal):
    """A terminal that keeps what is said."""

    def __init__(self) -> None:
        super().__init__("ocpprov")
        self.said: list[str] = []
        self.events = io.StringIO()

    def result(self, lines: Iterable[str | Line]) -> None:
        self.said += map(str, lines)

    def result_json(self, document: object) -> None:
        self.said.append(json.dumps(document))

    def documents(self, *texts: str) -> None:
        self.said += texts

    def say(self, text: str | Line) -> None:
        self.said.append(str(text))

    def waiting(self, heading: Heading, timeout: float) -> WaitView:
        return WaitView(Console(file=self.events, width=200), heading, timeout)

    def view(self, run: RunProgress, heading: Heading, *, as_json: bool) -> View:
        return JsonLines(self.events)


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, what it said, the operations that may have changed something, and its events
    as lines of JSON."""

    code: int
    said: str
    sent: list[str]
    events: str = ""


class Bastion:
    """Somebody at work in the folder `home`, and AWS in the same process.

    `watch` is called around every mutating call, with its number since the last command began, while no other call is
    under way. `pid` is the process that runs are said to be of. Services in `closed` (`ec2`, `iam`, ...) refuse every
    connection.
    """

    def __init__(self, home: Path, region: str, *, concurrency: int = 1) -> None:
        self.home = home
        self.clock = StandingClock()
        self._delays = QUICK
        self.pipeline = self._new_pipeline()
        self.watch: Callable[[int, Moment, Request], None] | None = None
        self.pid = os.getpid()
        self.closed: frozenset[str] = frozenset()
        self._region = region
        self._concurrency = concurrency
        self._one_at_a_time = threading.Lock()
        self._mutating = 0
        self._counter = CallCounter()
        self._subject = CallSubject()
        self._log = CallLog(lambda _: None)
        self._expired = False
        self._rate_limiter = RateLimiter(_ClockOf(self))
        self._sessions: dict[str, Session] = {}
        self._as_roles: dict[str, Session] = {}
        self._plain: dict[tuple[str, str], Any] = {}

    def moved_in(self, home: Path, region: str, *, delays: Delays = QUICK) -> None:
        """Begin anew, in another folder and before an empty AWS: the clients, which are half a second's work, stay."""
        self.home = home
        if delays != self._delays:
            self._delays = delays
            self.pipeline = self._new_pipeline()
        self.watch = None
        self.pid = os.getpid()
        self.closed = frozenset()
        self._region = region
        self.log_in_if_expired()
        # Whatever was told to slow down is quick again.
        self.clock = StandingClock(self.clock.seconds + 3600)
        self.pipeline.reset()
        self._as_roles.clear()

    def apply(self, plan: Path, **options: Any) -> Ended:
        """`ocpprov apply --yes`."""
        return self._run(apply, Options(plan=plan, yes=True, **options))

    def plan(self, plan: Path) -> Ended:
        """`ocpprov plan --detailed-exitcode`."""
        return self._run(show_plan, Options(plan=plan, detailed_exitcode=True))

    def show(self, plan: Path) -> Ended:
        """`ocpprov plan`, which ends well whatever it finds to do."""
        return self._run(show_plan, Options(plan=plan))

    def destroy(self, plan: Path, **options: Any) -> Ended:
        """`ocpprov destroy --yes`."""
        return self._run(destroy, Options(plan=plan, yes=True, **options))

    def remove_bootstrap(self, plan: Path, *, force: bool = False, **options: Any) -> Ended:
        """`ocpprov bootstrap remove --yes`."""
        return self._run(partial(bootstrap_remove, force=force), Options(plan=plan, **{"yes": True, **options}))

    def outputs(self, plan: Path) -> dict[str, Any]:
        """What `ocpprov outputs --json` shows."""
        ended = self._run(partial(outputs, request=OutputRequest("json")), Options(plan=plan, as_json=True))
        assert ended.code == 0, ended.said
        found: dict[str, Any] = json.loads(ended.said)
        return found

    def command(self, command: Callable[..., ExitCode], **options: Any) -> Ended:
        """Any other command, which takes options, a terminal and a `connector`."""
        return self._run(command, Options(**options))

    def checks(self, plan: Path, **options: Any) -> list[Check]:
        """What `ocpprov preflight` finds out from AWS, once it is reached."""
        given = Options(plan=plan, directory=self.home, **options)
        read = load_plan(given)
        said: list[str] = []
        with self._connect(target_of(read, given), given, CallLog(said.append), said.append, lambda _: None) as way:
            return list(asked(read, way, f"arn:aws:iam::{ACCOUNT}:user/operator"))

    def moved_to(self, home: Path) -> None:
        """Go on in another folder, as another process: after a fork, of which only the calling thread is left."""
        self.home = home
        self.pid = os.getpid()
        self.watch = None
        self.clock = StandingClock(self.clock.seconds)
        self._one_at_a_time = threading.Lock()

    def log_in_again(self) -> None:
        """Come back with new credentials."""
        self._sessions.clear()
        self._expired = False

    def log_in_if_expired(self) -> None:
        """What a process of its own does whenever it begins."""
        if self._expired:
            self.log_in_again()

    def client(self, service: str) -> Any:
        """A plain client."""
        if (service, self._region) not in self._plain:
            self._plain[service, self._region] = self.new_client(service, self._region)
        return self._plain[service, self._region]

    def run_client(self, service: str) -> Any:
        """The one that commands have."""
        return self._session(self._region).clients[service]

    def new_client(self, service: str, region: str) -> Any:
        """A plain client for the caller alone."""
        make: Any = boto3.client
        made = make(
            service,
            region_name=self._session(region).clients[service].meta.region_name,
            endpoint_url=NOBODY,
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
            config=Config(retries={"total_max_attempts": 1}, proxies={}),
        )
        self._catch(made)
        made.meta.events.register("before-call", self._take_time)
        return made

    def make_clients(
        self, target: RunTarget, options: Options, log: CallLog, say: Callable[[str], None]
    ) -> ClientBundle:
        """In place of `make_clients` of the connection."""
        cancellation = Cancellation()
        self.clock.leave = cancellation.leave
        self._counter, self._log = CallCounter(), log
        session = self._session(target.region, target.scope.zone_roles)
        return ClientBundle(session, self.clock, cancellation, self._counter, subject=self._subject)

    def run_id(self, now: float) -> str:
        """In place of `new_run_id`: of the process that runs are said to be of."""
        start, host, _, random = new_run_id(now).split(".")
        return f"{start}.{host}.{self.pid}.{random}"

    def _new_pipeline(self) -> Pipeline:
        return Pipeline(MotoCloud(self._now), partial(all_middleware, self._delays))

    def _run(self, command: Callable[..., ExitCode], options: Options) -> Ended:
        words = Words()
        self._mutating = 0
        self.pipeline.clear_calls()
        options = Options(**{**vars(options), "directory": self.home, "concurrency": self._concurrency})
        os.environ["XDG_STATE_HOME"] = str(self.home / "state")
        try:
            code = command(options, words, connector=self._connect)
        except Refused as error:
            words.say(str(error))
            code = ExitCode.REFUSED
        sent = [call["operation"] for call in self.pipeline.calls() if call["mutating"]]
        return Ended(int(code), "\n".join(words.said), sent, words.events.getvalue())

    @contextmanager
    def _connect(
        self, target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
    ) -> Iterator[Connection]:
        bundle = self.make_clients(target, options, log, warn)
        bundle.session.credentials.pin(ACCOUNT)
        owner = Owner(
            plan=target.name,
            region=target.region,
            account=ACCOUNT,
            run=self.run_id(self.clock.now()),
            cluster=target.cluster,
            user_tags=target.user_tags or {},
            protect=target.protect,
        )
        reader = Reader(bundle.session.clients, self.clock, on_retry, self._concurrency, ACCOUNT)
        yield Connection(
            bundle.session,
            reader,
            self.clock,
            bundle.cancellation,
            bundle.counter,
            owner,
            target.scope,
            subject=bundle.subject,
        )

    def _session(self, region: str, zone_roles: Mapping[str, str] | None = None) -> Session:
        """One for all: making clients takes time. AWS knows the keys of a role until it forgets everything."""
        sessions, key = (self._as_roles, f"{region} {zone_roles}") if zone_roles else (self._sessions, region)
        if key not in sessions:
            sessions[key] = self._open_session(region, zone_roles or {})
        return sessions[key]

    def _open_session(self, region: str, zone_roles: Mapping[str, str]) -> Session:
        session = open_session(
            region,
            on_call=self._count,
            zone_roles=zone_roles,
            sandbox_url=NOBODY,
            rate_limiter=RunLimiter(lambda _: self._rate_limiter, self._subject),
        )
        clients, probes = (
            Clients(partial(self._caught, each), threading.Lock()) for each in (session.clients, session.probes)
        )
        if zone_roles:
            # It takes the roles past those that are handed out.
            _ = probes["sts"]
        return replace(session, clients=clients, probes=probes)

    def _caught(self, clients: Clients, service: str) -> BaseClient:
        client = clients[service]
        self._catch(client)
        return client

    def _now(self) -> float:
        return self.clock.monotonic()

    def _count(self, record: CallRecord) -> None:
        self._counter.add(record)
        self._log.add(self.clock.now(), record, self._subject.names)
        self._expired = self._expired or record.error_code == "ExpiredToken"

    def _catch(self, client: Any) -> None:
        client.meta.events.register("before-send", self._send)

    def _take_time(self, model: Any, **_: Any) -> None:
        """Whoever does things by hand takes a moment for each."""
        if is_mutating(model.name):
            self.clock.advance(_BY_HAND)

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """In place of the network."""
        arrived = transport.arrived(request)
        if arrived.service in self.closed:
            raise EndpointConnectionError(endpoint_url=request.url, error=ConnectionRefusedError("Connection refused"))
        with self._one_at_a_time:
            self._mutating += arrived.mutating
            if arrived.mutating and self.watch:
                self.watch(self._mutating, Moment.BEFORE, arrived)
            self.clock.sleep(self.pipeline.latency)
            answer = self.pipeline.answer(arrived)
            if arrived.mutating and self.watch:
                self.watch(self._mutating, Moment.AFTER, arrived)
        return transport.returned(request.url, answer)


@dataclass(frozen=True)
class _ClockOf:
    """Whatever clock a bastion has at the moment."""

    bastion: Bastion

    def now(self) -> float:
        return self.bastion.clock.now()

    def monotonic(self) -> float:
        return self.bastion.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self.bastion.clock.sleep(seconds)
