"""Whether each service can be reached, found out with one cheap read call each, before anything is changed."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ReadTimeoutError

from ocpprov.aws.clock import SystemClock
from ocpprov.aws.errors import AwsError, ForeignAnswer
from ocpprov.aws.names import LookUps, look_up
from ocpprov.aws.reads import readable
from ocpprov.aws.retry import PROBES
from ocpprov.aws.retry import call as send
from ocpprov.aws.unreachable import Unreachable, first_host, unreachable
from ocpprov.engine.protocols import Clock

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

PROBE_SECONDS: Final = 11.0
"""Longest time on the wall for all probes together: a name with several addresses may take several timeouts."""


def probe(
    probes: Clients,
    services: Collection[str],
    names: LookUps | None = None,
    seconds: float = PROBE_SECONDS,
    clock: Clock | None = None,
) -> Sequence[Unreachable]:
    """The services (boto3's names) that can't be reached, sorted by name, within so many seconds.

    A service that answers with an error, even of missing permission or credentials, counts as reached. What passes (a
    connection that is cut, an error of the service's own, throttling) is borne for a few seconds of `clock`. `names`
    are look-ups that are on their way already (`look_up_names`).
    """
    clock = clock or SystemClock()
    names = look_up_names(probes, services) if names is None else names
    calls = {service: call for service, call in _calls(probes).items() if service in services}
    answers: queue.SimpleQueue[tuple[str, Exception | None]] = queue.SimpleQueue()
    for service, call in calls.items():
        # Daemons, because a thread stuck in name resolution must not hold up the end of the process.
        threading.Thread(target=_ask, args=(service, call, answers, clock), daemon=True).start()
    clients = probes.by_service()
    errors = _collect(answers, calls, seconds)
    found = [unreachable(service, clients[service], error, names) for service, error in errors.items()]
    return sorted((result for result in found if result), key=lambda result: result.service)


def look_up_names(probes: Clients, services: Collection[str]) -> LookUps:
    """The look-ups of the names that this host must know to reach the services: theirs, or their proxy's."""
    clients = probes.by_service()
    return look_up({first_host(clients[service]) for service in services if service in clients})


def _calls(probes: Clients) -> Mapping[str, Callable[[], object]]:
    return {
        "ec2": lambda: probes.ec2.describe_vpcs(MaxResults=5),
        "elb": lambda: probes.elb.describe_load_balancers(PageSize=1),
        "elbv2": lambda: probes.elbv2.describe_load_balancers(PageSize=1),
        "iam": lambda: probes.iam.list_roles(MaxItems=1),
        "route53": lambda: probes.route53.list_hosted_zones(MaxItems="1"),
        "s3": lambda: probes.s3.list_buckets(MaxBuckets=1),
        "sts": probes.sts.get_caller_identity,
    }


def _ask(
    service: str,
    call: Callable[[], object],
    answers: queue.SimpleQueue[tuple[str, Exception | None]],
    clock: Clock,
) -> None:
    try:
        with readable():
            error = send("", lambda: _lasting(call), clock=clock, retryable=PROBES)
    except AwsError as other:
        answers.put((service, other))
    else:
        answers.put((service, error))


def _lasting(call: Callable[[], object]) -> Exception | None:
    """The error that another try in a moment won't change: silence has lasted long enough, and whoever answers in AWS's
    place goes on doing so. None where there was an answer. Raises any other."""
    try:
        call()
    except (ForeignAnswer, ReadTimeoutError) as error:
        return error
    return None


def _collect(
    answers: queue.SimpleQueue[tuple[str, Exception | None]], services: Collection[str], seconds: float
) -> dict[str, Exception | None]:
    """The error of each service, None where it answered; TimeoutError for those that took too long."""
    deadline = time.monotonic() + seconds
    late = TimeoutError(f"within {seconds:.0f} seconds (timed out)")
    errors: dict[str, Exception | None] = dict.fromkeys(services, late)
    for _ in services:
        try:
            service, error = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        errors[service] = error
    return errors


def sentences(found: Sequence[Unreachable]) -> Sequence[str]:
    """One for each service, but a proxy that lets nobody through is named once for all."""
    return list(dict.fromkeys(map(str, found)))
