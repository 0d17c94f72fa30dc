"""Whether each service can be reached, found out with one cheap read call each, before anything is changed."""

from __future__ import annotations

import errno
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from ocpprov.aws.codes import Fault
from ocpprov.aws.errors import ForeignAnswer, chain, classify, describe, is_aws_error
from ocpprov.aws.services import SERVICES

if TYPE_CHECKING:
    from botocore.client import BaseClient

    from ocpprov.aws.clients import Clients

PROBE_SECONDS: Final = 13.0
"""Longest time on the wall for all probes together: a name with several addresses may take several timeouts."""


@dataclass(frozen=True)
class Unreachable:
    """A service that can't be reached: where it was sought, why it isn't reached, and what to set. `by_proxy`: the
    cause is a proxy that lets nobody through, whatever the service."""

    service: str
    host: str
    cause: str
    remedy: str
    by_proxy: bool = False

    def __str__(self) -> str:
        if self.by_proxy:
            return f"{self.cause}; {self.remedy}"
        return f"{self.service} can't be reached at {self.host}: {self.cause}; {self.remedy}"


def probe(probes: Clients, services: Collection[str]) -> Sequence[Unreachable]:
    """The services (boto3's names) that can't be reached, sorted by name, in less than 15 seconds.

    A service that answers with an error, even of missing permission or credentials, counts as reached.
    """
    calls = {service: call for service, call in _calls(probes).items() if service in services}
    answers: queue.SimpleQueue[tuple[str, Exception | None]] = queue.SimpleQueue()
    for service, call in calls.items():
        # Daemons, because a thread stuck in name resolution must not hold up the end of the process.
        threading.Thread(target=_ask, args=(service, call, answers), daemon=True).start()
    clients = probes.by_service()
    errors = _collect(answers, calls)
    found = [_unreachable(service, clients[service], error) for service, error in errors.items()]
    return sorted((result for result in found if result), key=lambda result: result.service)


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


def _ask(service: str, call: Callable[[], object], answers: queue.SimpleQueue[tuple[str, Exception | None]]) -> None:
    try:
        call()
    except Exception as error:
        answers.put((service, error))
    else:
        answers.put((service, None))


def _collect(
    answers: queue.SimpleQueue[tuple[str, Exception | None]], services: Collection[str]
) -> dict[str, Exception | None]:
    """The error of each service, None where it answered; TimeoutError for those that took too long."""
    deadline = time.monotonic() + PROBE_SECONDS
    errors: dict[str, Exception | None] = {service: TimeoutError() for service in services}
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


def _unreachable(service: str, client: BaseClient, error: Exception | None) -> Unreachable | None:
    if error is None:
        return None
    if is_aws_error(error):
        if classify(error) not in (Fault.NOT_SENT, Fault.UNKNOWN_OUTCOME):
            return None
    elif not isinstance(error, TimeoutError):
        raise error
    host = urlsplit(client.meta.endpoint_url).netloc
    if (status := _wants_password(error)) and (proxy := proxy_of(client)):
        return Unreachable(service, host, _locked_out(proxy, status), _NAME_AND_PASSWORD, by_proxy=True)
    cause, remedy = _explain(service, error)
    return Unreachable(service, host, cause, remedy)


def _wants_password(error: Exception) -> str:
    """What a proxy answered to a request without the right user and password; empty where that isn't the matter."""
    for cause in chain(error):
        if isinstance(cause, ForeignAnswer) and cause.status == _PASSWORD_WANTED:
            return str(cause.status)
        text = str(cause).removeprefix(_TUNNEL)
        if isinstance(cause, OSError) and str(cause).startswith(_TUNNEL) and text.startswith(_PASSWORD_STATUSES):
            return text
    return ""


def proxy_of(client: BaseClient) -> SplitResult | None:
    """The proxy on the way to a service: the plan's, else the environment's."""
    place = urlsplit(client.meta.endpoint_url)
    given: Mapping[str, str] | None = getattr(client.meta.config, "proxies", None)
    if given is None and proxy_bypass(place.netloc):
        return None
    url = (getproxies() if given is None else given).get(place.scheme)
    # A variable may name host and port alone.
    return urlsplit(url if "//" in url else f"//{url}") if url else None


def _locked_out(proxy: SplitResult, status: str) -> str:
    """Without the password, which may be nearly right."""
    refuses = "doesn't accept the user and password that it is given" if proxy.password else "wants a user and password"
    return f"the proxy {proxy.netloc.rpartition('@')[2]} {refuses} (it answered {status})"


def _explain(service: str, error: Exception) -> tuple[str, str]:
    """Cause and remedy, from the error that says most."""
    causes = list(chain(error))
    by_proxy = any(type(cause).__name__ == "ProxyConnectionError" for cause in causes)
    variable = SERVICES[service].endpoint_variable
    elsewhere = f"set {variable} (or aws.serviceEndpoints) to an endpoint that this host can reach, or HTTPS_PROXY"
    if SERVICES[service].dispensable:
        elsewhere += f"; or go on with --without {service}"
    for cause in causes:
        if explained := _explain_tls(cause) or _explain_refusal(cause):
            return explained
        if failed := _connection_failure(cause):
            subject, remedy = ("the proxy", _OTHER_PROXY) if by_proxy else ("the host", elsewhere)
            return f"{subject} {failed}", remedy
    return _explain_silence(error, causes), elsewhere


_PASSWORD_WANTED: Final = 407
_PASSWORD_STATUSES: Final = ("407", "401")
"""tinyproxy answers 401 to a wrong password."""
_NAME_AND_PASSWORD: Final = (
    "write HTTPS_PROXY (or aws.proxy) as http://USER:PASSWORD@HOST:PORT, or add AWS's hosts to NO_PROXY"
)
_OTHER_PROXY: Final = "set HTTPS_PROXY (or aws.proxy) to a proxy that runs, or add the host to NO_PROXY"
_LET_THROUGH: Final = "let the proxy in HTTPS_PROXY (or aws.proxy) allow this host, or add the host to NO_PROXY"
_CA_BUNDLE: Final = "set AWS_CA_BUNDLE (or aws.caBundle) to a readable file with the CA's certificate"
_TUNNEL: Final = "Tunnel connection failed: "
"""How Python begins its message about a proxy that refuses to connect; the proxy's status follows."""


def _explain_tls(cause: BaseException) -> tuple[str, str] | None:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate isn't trusted ({cause.verify_message})", _CA_BUNDLE
    if isinstance(cause, FileNotFoundError):
        return "the file of trusted certificates doesn't exist", _CA_BUNDLE
    return None


def _explain_refusal(cause: BaseException) -> tuple[str, str] | None:
    if isinstance(cause, ForeignAnswer):
        return f"somebody on the way, such as a proxy, answered {cause.status} in its place", _LET_THROUGH
    if isinstance(cause, OSError) and str(cause).startswith(_TUNNEL):
        return f"the proxy answered {str(cause).removeprefix(_TUNNEL)}", _LET_THROUGH
    return None


def _connection_failure(cause: BaseException) -> str:
    if isinstance(cause, socket.gaierror):
        return "has a name that DNS doesn't know"
    if isinstance(cause, ConnectionRefusedError):
        return "refuses the connection"
    if isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return "has no route from here"
    return ""


def _explain_silence(error: Exception, causes: Sequence[BaseException]) -> str:
    names = {type(cause).__name__ for cause in causes}
    if "ConnectTimeoutError" in names:
        return "the connection timed out"
    if "ReadTimeoutError" in names:
        return "the host takes the connection and doesn't answer (timed out)"
    if isinstance(error, TimeoutError):
        return f"no answer within {PROBE_SECONDS:.0f} seconds (timed out)"
    message = describe(error)
    return f"{message.code}: {message.message}"
