"""Whether each service can be reached, found out with one cheap read call each, before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Final

from botocore.exceptions import ReadTimeoutError

from ocpprov.aws.clients import Clients
from ocpprov.aws.clock import SystemClock
from ocpprov.aws.dns import Lookups, resolve
from ocpprov.aws.errors import AwsError, InterceptedResponse
from ocpprov.aws.reads import readable
from ocpprov.aws.retry import PROBES
from ocpprov.aws.retry import call as send
from ocpprov.aws.timeouts import submit
from ocpprov.aws.unreachable import Unreachable, first_host, unreachable
from ocpprov.engine.protocols import Clock
from ocpprov.engine.threads import SYSTEM_THREADS, Threads

PROBE_SECONDS: Final = 11.0
"""Longest time on the wall for all probes together: a name with several addresses may take several timeouts."""


def probe(
    probes: Clients,
    services: Collection[str],
    lookups: Lookups | None = None,
    seconds: float = PROBE_SECONDS,
    clock: Clock | None = None,
    threads: Threads = SYSTEM_THREADS,
) -> Sequence[Unreachable]:
    """The services (boto3's names) that can't be reached, sorted by name, within so many seconds.

    A service that answers with an error, even of missing permission or credentials, counts as reached. What passes (a
    connection that is cut, an error of the service's own, throttling) is borne for a few seconds of `clock`. `lookups`
    are look-ups that are on their way already (`resolve_services`).
    """
    clock = clock or SystemClock()
    lookups = resolve_services(probes, services) if lookups is None else lookups
    calls = {service: partial(call, probes) for service, call in _CALLS.items() if service in services}
    # In daemons, because a thread stuck in name resolution must not hold up the end of the process.
    asked = {service: submit(partial(_ask, call, clock), threads) for service, call in calls.items()}
    threads.wait(asked.values(), seconds)
    late = TimeoutError(f"within {seconds:.0f} seconds (timed out)")
    errors = {service: error.result() if error.done() else late for service, error in asked.items()}
    found = [unreachable(service, probes[service], error, lookups) for service, error in errors.items()]
    return sorted((result for result in found if result), key=lambda result: result.service)


def resolve_services(probes: Clients, services: Collection[str]) -> Lookups:
    """The look-ups of the hosts that this host must know to reach the services: theirs, or their proxy's."""
    return resolve({first_host(probes[service]) for service in services})


_CALLS: Final[Mapping[str, Callable[[Clients], object]]] = {
    "ec2": lambda probes: probes.ec2.describe_vpcs(MaxResults=5),
    "elb": lambda probes: probes.elb.describe_load_balancers(PageSize=1),
    "elbv2": lambda probes: probes.elbv2.describe_load_balancers(PageSize=1),
    "iam": lambda probes: probes.iam.list_roles(MaxItems=1),
    "route53": lambda probes: probes.route53.list_hosted_zones(MaxItems="1"),
    "s3": lambda probes: probes.s3.list_buckets(MaxBuckets=1),
    "sts": lambda probes: probes.sts.get_caller_identity(),
}
"""The cheap read of each service, by boto3's name."""


def _ask(call: Callable[[], object], clock: Clock) -> Exception | None:
    """The error of a service; None where it answered."""
    try:
        with readable():
            return send("", lambda: _lasting(call), clock=clock, retryable=PROBES)
    except AwsError as other:
        return other


def _lasting(call: Callable[[], object]) -> Exception | None:
    """The error that another try in a moment won't change: silence has lasted long enough, and whoever answers in AWS's
    place goes on doing so. None where there was an answer. Raises any other."""
    try:
        call()
    except (InterceptedResponse, ReadTimeoutError) as error:
        return error
    return None


def sentences(found: Sequence[Unreachable]) -> Sequence[str]:
    """One for each service, but a proxy that lets nobody through is named once for all."""
    return list(dict.fromkeys(map(str, found)))
