"""Why a service can't be reached, from the error that says most, and what to set."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from ocpprov.aws.deadlines import CallDeadlineError
from ocpprov.aws.dns import Lookups, resolve
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, CredentialsError, InterceptedResponse, chain, classify, describe, is_aws_error
from ocpprov.aws.masking import address_of
from ocpprov.aws.services import SERVICES

if TYPE_CHECKING:
    from botocore.client import BaseClient


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


def unreachable(service: str, client: BaseClient, error: Exception | None, lookups: Lookups) -> Unreachable | None:
    """What the outcome of a probe says of a service; None where it was reached. Raises an error that isn't AWS's."""
    if error is None:
        return None
    if is_aws_error(error):
        if classify(error) not in (ErrorClass.NOT_SENT, ErrorClass.UNKNOWN_OUTCOME):
            return None
    elif not isinstance(error, TimeoutError):
        raise error
    host = address_of(client.meta.endpoint_url)
    if (status := _wants_password(error)) and (proxy := proxy_of(client)):
        return Unreachable(service, host, _locked_out(proxy, status), _NAME_AND_PASSWORD, by_proxy=True)
    if (late := _late(error)) and lookups.silent(name := first_host(client)):
        cause = f"DNS gives no answer about {name} {late}"
        return Unreachable(service, host, cause, f"{_NAME_SERVERS}, or {_elsewhere(service)}")
    cause, remedy = _explain(service, client, error)
    return Unreachable(service, host, cause, remedy)


def _late(error: Exception) -> str:
    """Within what time there was no answer; empty where something else went wrong. A deadline for the whole doesn't say
    how far it came."""
    if isinstance(error, TimeoutError):
        return str(error)
    deadline = next((cause for cause in chain(error) if isinstance(cause, CallDeadlineError)), None)
    return f"within {deadline.seconds:.0f} seconds (timed out)" if deadline else ""


def sts_behind(error: CredentialsError, sts: BaseClient) -> Unreachable | None:
    """That STS can't be reached, where this is why there are no credentials; None for any other reason. `sts` is a
    client that goes the same way."""
    cause = error.__cause__
    # Of all that gives credentials only STS is asked by a name of the API.
    if isinstance(cause, Exception) and is_aws_error(cause) and describe(cause).operation:
        return unreachable("sts", sts, cause, resolve([]))
    return None


def _wants_password(error: Exception) -> str:
    """What a proxy answered to a request without the right user and password; empty where that isn't the matter."""
    for cause in chain(error):
        if isinstance(cause, InterceptedResponse) and cause.status == _PASSWORD_WANTED:
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
    return f"the proxy {address_of(proxy.geturl())} {refuses} (it answered {status})"


def _elsewhere(service: str) -> str:
    variable = SERVICES[service].endpoint_variable
    return f"set {variable} (or aws.serviceEndpoints) to an endpoint that this host can reach, or HTTPS_PROXY"


def _explain(service: str, client: BaseClient, error: Exception) -> tuple[str, str]:
    """Cause and remedy, from the error that says most."""
    causes = list(chain(error))
    by_proxy = any(type(cause).__name__ == "ProxyConnectionError" for cause in causes)
    elsewhere = _elsewhere(service)
    let_through = _LET_THROUGH if proxy_of(client) else f"have the network let this host through, or {elsewhere}"
    for cause in causes:
        if explained := _explain_tls(cause) or _explain_refusal(cause, let_through):
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
_NAME_SERVERS: Final = "check the name servers in /etc/resolv.conf"
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


def _explain_refusal(cause: BaseException, let_through: str) -> tuple[str, str] | None:
    if isinstance(cause, InterceptedResponse):
        detail = f"somebody on the way, such as a proxy or a login page, answered {cause.status} in its place"
        return detail, let_through
    if isinstance(cause, OSError) and str(cause).startswith(_TUNNEL):
        return f"the proxy answered {str(cause).removeprefix(_TUNNEL)}", let_through
    return None


def _connection_failure(cause: BaseException) -> str:
    if isinstance(cause, socket.gaierror):
        silent = cause.errno == socket.EAI_AGAIN
        return "has a name about which DNS gives no answer" if silent else "has a name that DNS doesn't know"
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
    if late := _late(error):
        return f"no whole answer {late}"
    message = describe(error)
    return str(message) if isinstance(error, AwsError) else f"{message.code}: {message.message}"


def first_host(client: BaseClient) -> str:
    """The name that has to be looked up to reach a service."""
    return (proxy_of(client) or urlsplit(client.meta.endpoint_url)).hostname or ""
