"""From a plan to AWS: environment checked, clients made, services reached, account known."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeAlias
from urllib.parse import urlsplit

from ocpprov.aws.calls import CallCounter, CallObserver, CallRecord, CallSubject
from ocpprov.aws.clock import SystemClock
from ocpprov.aws.dns import Lookups
from ocpprov.aws.environment import wrong_settings
from ocpprov.aws.errors import AwsError, CredentialsError
from ocpprov.aws.identity import WrongAccount, check_account
from ocpprov.aws.masking import said_by
from ocpprov.aws.rate_limit import RateLimiter, RunLimiter
from ocpprov.aws.reads import FirstPages, Reader
from ocpprov.aws.retry import Retry
from ocpprov.aws.service_probes import IDENTITY, Reached, probe, resolve_services, sentences
from ocpprov.aws.services import SERVICES
from ocpprov.aws.session import Session, SessionSettings, open_session
from ocpprov.aws.unreachable import Unreachable, sts_behind
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.scope import Scope
from ocpprov.engine.cancel import Cancellation
from ocpprov.engine.problem import Problem
from ocpprov.engine.protocols import Clock
from ocpprov.engine.resources import Owner
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts
from ocpprov.engine.threads import SYSTEM_THREADS, Threads
from ocpprov.kinds.first_reads import first_reads
from ocpprov.plan.model import AwsSettings
from ocpprov.reconcile.pacing import AS_AWS_DEMANDS, Pacing
from ocpprov.runs.run_id import new_run_id
from ocpprov.sandbox import control
from ocpprov.sandbox.record import Running
from ocpprov.sandbox.server_process import SandboxFailed

OnRetry: TypeAlias = Callable[[Retry], None]


@dataclass(frozen=True)
class Connection:
    """AWS, as one run sees it. `alone`: no other run is at work on the plan, on whatever host. `scale`: seconds of
    AWS's time in one of ours, which is more than 1 in the sandbox."""

    session: Session
    reader: Reader
    clock: Clock
    cancellation: Cancellation
    counter: CallCounter
    owner: Owner
    scope: Scope
    alone: bool = False
    scale: float = 1.0
    subject: CallSubject = field(default_factory=CallSubject)
    threads: Threads = SYSTEM_THREADS
    pacing: Pacing = AS_AWS_DEMANDS


@dataclass(frozen=True)
class RunTarget:
    """Where to and for whom: what of a plan a connection needs. `may_leave_out`: the command has `--without`.
    `secrets` are texts that mustn't be shown, as far as the plan is known.
    `protect`: the plan says, or is remembered to have said, that no destroy may take it away.
    `metadata` is the path of the installer's metadata.json, as long as that is there."""

    name: str
    region: str
    account: str = ""
    cluster: str = ""
    user_tags: Mapping[str, str] | None = None
    aws: AwsSettings = field(default_factory=AwsSettings)
    scope: Scope = field(default_factory=Scope)
    lock: str = ""
    infra_id: str = ""
    may_leave_out: bool = True
    protect: bool = False
    plan_id: str = ""
    secrets: SecretTexts = NO_SECRETS
    metadata: str = ""


class Connector(Protocol):
    """The way to AWS: `connect`, or whatever stands in for it where AWS is in the same process."""

    def __call__(
        self, target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
    ) -> AbstractContextManager[Connection]: ...


@dataclass(frozen=True)
class ClientBundle:
    """The clients, before anybody has been asked."""

    session: Session
    clock: Clock
    cancellation: Cancellation
    counter: CallCounter
    scale: float = 1.0
    subject: CallSubject = field(default_factory=CallSubject)


@dataclass(frozen=True)
class SharedRun:
    """What a run has in common with others of its process: the wish to end, and the way to AWS. `session` gives one
    that is this run's for as long as it lasts, and tells the observer of its calls; `subject` is what those are
    for."""

    cancellation: Cancellation
    session: Callable[[CallObserver], Session]
    subject: CallSubject


def session_settings(
    target: RunTarget, options: Options, sandbox: Running | None, say: Callable[[str], None]
) -> SessionSettings:
    """What plan and command line say of the way to AWS."""
    return {
        "profile": options.profile,
        "service_endpoints": {endpoint.name: endpoint.url for endpoint in target.aws.service_endpoints},
        "proxy": target.aws.proxy,
        "ca_bundle": target.aws.ca_bundle,
        "assume_role": target.aws.assume_role,
        "zone_roles": target.scope.zone_roles,
        "sandbox_url": sandbox.endpoint_url if sandbox else "",
        "insecure_endpoint": options.insecure_endpoint,
        "places": {endpoint.name: endpoint.place for endpoint in target.aws.service_endpoints},
        "on_notice": say,
    }


_OBJECTS_BETWEEN_LOOKS: Final = 50_000
"""For garbage: of the 700 that are usual nearly all still live, as a look at AWS makes some ten thousand that stay."""


def make_clients(
    target: RunTarget, options: Options, log: CallLog, say: Callable[[str], None], shared: SharedRun | None = None
) -> ClientBundle:
    """Make the clients that ask first: those of the plan's services with short timeouts. The others follow when they
    are used. `say` hears of credentials that are awaited or renewed.

    Raises Refused when addresses, profile or sandbox can't be used."""
    sandbox = sandbox_of(options)
    cancellation = shared.cancellation if shared else Cancellation()
    clock = SystemClock(sandbox.scale if sandbox else 1.0, cancellation.leave)
    counter, subject = CallCounter(), shared.subject if shared else CallSubject()

    def on_call(record: CallRecord) -> None:
        counter.add(record)
        log.add(clock.now(), record, subject.names)

    try:
        if shared:
            session = shared.session(on_call)
        else:
            settings = session_settings(target, options, sandbox, say)
            own = RateLimiter(clock)
            limiter = RunLimiter(lambda _: own, subject)
            session = open_session(target.region, on_call=on_call, rate_limiter=limiter, **settings)
        for service in target.scope.services | ({"s3"} if target.lock else set()):
            _ = session.probes[service]
    except ValueError as error:
        raise Refused(_invalid_endpoint(error)) from error
    except AwsError as error:
        raise Refused(problem_of(error)) from error
    return ClientBundle(session, clock, cancellation, counter, clock.scale, subject)


def connection_of(
    bundle: ClientBundle,
    target: RunTarget,
    account: str,
    on_retry: OnRetry,
    concurrency: int,
    threads: Threads = SYSTEM_THREADS,
    first: FirstPages | None = None,
) -> Connection:
    """The connection that these clients make to the account that they lead to, and to no other from now on. Twice as
    many reads are made at once as `concurrency` says, since a look at AWS asks all that it can at once; `first` has the
    first pages of some."""
    bundle.session.credentials.pin(account)
    owner = Owner(
        plan=target.name,
        region=target.region,
        account=account,
        run=new_run_id(bundle.clock.now()),
        cluster=target.cluster,
        plan_id=target.plan_id,
        user_tags=target.user_tags or {},
        protect=target.protect,
    )
    reader = Reader(bundle.session.clients, bundle.clock, on_retry, 2 * concurrency, account, threads, first)
    return Connection(
        bundle.session,
        reader,
        bundle.clock,
        bundle.cancellation,
        bundle.counter,
        owner,
        target.scope,
        scale=bundle.scale,
        subject=bundle.subject,
        threads=threads,
    )


@dataclass(frozen=True)
class FirstAnswers:
    """What came of asking AWS first: the account that the clients lead to, the target without needless services that
    can't be reached, and first pages of what is read next."""

    target: RunTarget
    account: str
    first: FirstPages


@contextmanager
def connect(
    target: RunTarget,
    options: Options,
    log: CallLog,
    warn: Callable[[str], None],
    on_retry: OnRetry,
    shared: SharedRun | None = None,
) -> Iterator[Connection]:
    """Reach AWS (or the sandbox), as `shared` says where it isn't this run's alone. Raises Refused when the environment
    is wrong, a service can't be reached, or the account is another; nothing was changed then."""
    bundle = signed_clients(target, options, log, warn, shared)
    look_for_garbage()
    found = found_by(bundle, target)
    yield connection_of(bundle, found.target, found.account, on_retry, options.concurrency, first=found.first)


def look_for_garbage() -> None:
    """From here on garbage is made: the command line looks for none before. What is there by then stays; each further
    run of the process is garbage like any other."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
        gc.enable()


def signed_clients(
    target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], shared: SharedRun | None = None
) -> ClientBundle:
    """The clients, with credentials in hand: somebody may have been asked for a code. Raises Refused."""
    if not options.sandbox:
        _check_environment(target.aws, warn)
    # Where nothing is shared the call has its four arguments: something else may stand in for it.
    bundle = make_clients(target, options, log, warn, *([shared] if shared else ()))
    with _refusing(bundle):
        bundle.session.credentials.get_frozen_credentials()
    return bundle


def found_by(bundle: ClientBundle, target: RunTarget) -> FirstAnswers:
    """What comes of asking each of the target's services. Raises Refused."""
    with _refusing(bundle):
        lookups = _lookups(bundle, target)
        reached = ask_first(bundle, target, lookups)
        lost = reached.lost
        needless = {each.service: str(each) for each in lost if each.service in target.scope.needless_services}
        unreachable = [each for each in lost if each.service not in needless]
        if unreachable:
            without = _doing_without(unreachable) if target.may_leave_out else ()
            raise Refused((*sentences(unreachable), *without))
        told = reached.answers.get(IDENTITY)
        identity = check_account(bundle.session.clients, target.account, bundle.clock, told)
    target = replace(target, scope=target.scope.beyond(needless))
    return FirstAnswers(target, identity.account, FirstPages(reached.answers))


@contextmanager
def _refusing(bundle: ClientBundle) -> Iterator[None]:
    """What AWS says before a run leaves as Refused."""
    try:
        yield
    except WrongAccount as error:
        raise Refused(error.problem) from error
    except CredentialsError as error:
        behind = sts_behind(error, bundle.session.probes.sts)
        raise Refused(str(behind) if behind else problem_of(error)) from error
    except AwsError as error:
        raise Refused(problem_of(error)) from error


def ask_first(bundle: ClientBundle, target: RunTarget, lookups: Lookups, threads: Threads = SYSTEM_THREADS) -> Reached:
    """Whether there is a way to the target's services, with what the run has to ask of each anyhow."""
    reads = first_reads(target.name, target.region)
    return probe(
        bundle.session.probes, target.scope.services, lookups, clock=bundle.clock, threads=threads, first_reads=reads
    )


def _lookups(bundle: ClientBundle, target: RunTarget) -> Lookups:
    try:
        for service in target.scope.services:
            # Asking for a port that can't be one is an error.
            _ = urlsplit(bundle.session.probes[service].meta.endpoint_url).port
        return resolve_services(bundle.session.probes, target.scope.services)
    except ValueError as error:
        raise Refused(_invalid_endpoint(error)) from error


def _invalid_endpoint(error: ValueError) -> Problem:
    return Problem("", f"invalid endpoint URL: {said_by(error)}", "check AWS_ENDPOINT_URL and its companions")


def _doing_without(lost: Sequence[Unreachable]) -> Iterator[str]:
    services = [each.service for each in lost]
    if all(SERVICES[service].dispensable for service in services):
        yield f"or go on without: --without {','.join(services)} writes down what somebody else has to make there"


def sandbox_of(options: Options) -> Running | None:
    """The sandbox, started when it isn't running; None when it isn't asked for. Raises Refused."""
    if not options.sandbox:
        return None
    try:
        return control.start(control.default_state_dir(os.environ))
    except (control.SandboxMissing, SandboxFailed) as error:
        raise Refused(str(error)) from error


def _check_environment(settings: AwsSettings, warn: Callable[[str], None]) -> None:
    found = wrong_settings(os.environ, settings.ca_bundle, settings.proxy)
    if fatal := [setting.problem for setting in found if setting.fatal]:
        raise Refused(*fatal)
    for setting in found:
        warn(str(setting.problem))
