"""Whether each service can be reached, found out with one read call each, before anything is changed. Where the run has
a read to make there anyhow, that is the call, and its answer is the read's first page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from botocore.exceptions import ReadTimeoutError

from ocpprov.aws.clients import Clients
from ocpprov.aws.clock import SystemClock
from ocpprov.aws.dns import Lookups, resolve
from ocpprov.aws.errors import AwsError, InterceptedResponse
from ocpprov.aws.reads import Page, ReadCall, method_of, readable
from ocpprov.aws.retry import PROBES
from ocpprov.aws.retry import call as send
from ocpprov.aws.timeouts import submit
from ocpprov.aws.unreachable import Unreachable, first_host, unreachable
from ocpprov.engine.protocols import Clock
from ocpprov.engine.threads import SYSTEM_THREADS, Threads

PROBE_SECONDS: Final = 11.0
"""Longest time on the wall for all probes together: a name with several addresses may take several timeouts."""


@dataclass(frozen=True)
class CheapRead:
    """A read call by boto3's names that costs AWS and us next to nothing. Its parameters are single values."""

    service: str
    operation: str
    parameters: tuple[tuple[str, str | int], ...] = ()
    may_be_denied: bool = field(default=False, init=False)

    def arguments(self) -> dict[str, Any]:
        return dict(self.parameters)


IDENTITY: Final = CheapRead("sts", "get_caller_identity")
"""Its answer says who asks."""

_CHEAP: Final[Mapping[str, ReadCall]] = {
    "ec2": CheapRead("ec2", "describe_vpcs", (("MaxResults", 5),)),
    "elb": CheapRead("elb", "describe_load_balancers", (("PageSize", 1),)),
    "elbv2": CheapRead("elbv2", "describe_load_balancers", (("PageSize", 1),)),
    "iam": CheapRead("iam", "list_roles", (("MaxItems", 1),)),
    "route53": CheapRead("route53", "list_hosted_zones", (("MaxItems", "1"),)),
    "s3": CheapRead("s3", "list_buckets", (("MaxBuckets", 1),)),
    "sts": IDENTITY,
}
"""By boto3's name of the service."""

_NO_READS: Final[Mapping[str, ReadCall]] = {}


@dataclass(frozen=True)
class Reached:
    """What came of asking: the services that can't be reached, sorted by name, and of the others the first page of each
    answer without an error."""

    lost: Sequence[Unreachable]
    answers: Mapping[ReadCall, Page]


def probe(
    probes: Clients,
    services: Collection[str],
    lookups: Lookups | None = None,
    seconds: float = PROBE_SECONDS,
    clock: Clock | None = None,
    threads: Threads = SYSTEM_THREADS,
    first_reads: Mapping[str, ReadCall] = _NO_READS,
) -> Reached:
    """What comes of asking each of the services (boto3's names), within so many seconds: its read of `first_reads`, or
    a cheap one.

    A service that answers with an error, even of missing permission or credentials, counts as reached. What passes (a
    connection that is cut, an error of the service's own, throttling) is borne for a few seconds of `clock`. `lookups`
    are look-ups that are on their way already (`resolve_services`).
    """
    clock = clock or SystemClock()
    lookups = resolve_services(probes, services) if lookups is None else lookups
    reads = {service: first_reads.get(service, cheap) for service, cheap in _CHEAP.items() if service in services}
    # In daemons, because a thread stuck in name resolution must not hold up the end of the process.
    asked = {service: submit(partial(_ask, probes, read, clock), threads) for service, read in reads.items()}
    threads.wait(asked.values(), seconds)
    late = TimeoutError(f"within {seconds:.0f} seconds (timed out)")
    came = {service: answer.result() if answer.done() else late for service, answer in asked.items()}
    errors = {service: answer for service, answer in came.items() if isinstance(answer, Exception)}
    lost = [unreachable(service, probes[service], error, lookups) for service, error in errors.items()]
    return Reached(
        sorted((result for result in lost if result), key=lambda result: result.service),
        {reads[service]: answer for service, answer in came.items() if not isinstance(answer, Exception)},
    )


def resolve_services(probes: Clients, services: Collection[str]) -> Lookups:
    """The look-ups of the hosts that this host must know to reach the services: theirs, or their proxy's."""
    return resolve({first_host(probes[service]) for service in services})


def _ask(probes: Clients, read: ReadCall, clock: Clock) -> Page | Exception:
    """The first page of an answer, or the error."""
    try:
        with readable():
            return send("", lambda: _lasting(probes, read), clock=clock, retryable=PROBES)
    except AwsError as other:
        return other


def _lasting(probes: Clients, read: ReadCall) -> Page | Exception:
    """The answer, or an error that another try in a moment won't change: silence has lasted long enough, and whoever
    answers in AWS's place goes on doing so. Raises any other."""
    try:
        return method_of(probes[read.service], read.operation)(**read.arguments())
    except (InterceptedResponse, ReadTimeoutError) as error:
        return error


def sentences(found: Sequence[Unreachable]) -> Sequence[str]:
    """One for each service, but a proxy that lets nobody through is named once for all."""
    return list(dict.fromkeys(map(str, found)))
