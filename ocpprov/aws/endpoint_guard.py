"""Plain http to another host is refused, before anything is sent: whoever is on the way would read session tokens,
answers of STS and bootstrap.ign, and could answer in AWS's place."""

from __future__ import annotations

import ipaddress
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.masking import without_password
from ocpprov.aws.services import SERVICES
from ocpprov.aws.unreachable import proxy_of
from ocpprov.engine.problem import Problem

if TYPE_CHECKING:
    from botocore.client import BaseClient

OPTION: Final = "--insecure-endpoint"
_METADATA: Final = (ipaddress.ip_network("169.254.0.0/16"), ipaddress.ip_network("fd00:ec2::/32"))
"""Where AWS has an instance's metadata service: on the instance's own link."""


class InsecureEndpoint(AwsError):
    """An address that would be spoken to in clear. Nothing was sent there."""

    def __init__(self, problem: Problem, host: str) -> None:
        super().__init__(ErrorClass.INVALID, AwsMessage(type(self).__name__, problem.placed_detail, host=host))
        self.problem = problem

    @property
    def next_step(self) -> str:
        return self.problem.remedy


@dataclass
class EndpointGuard:
    """Looks at the address of each client of a run. With `allowed` what is in clear is told of once (`warn`).

    `places` says of services (boto3's names) where a plan gives their URLs, `settings` is the file of the AWS CLI's
    settings with the profile, in words."""

    allowed: bool
    warn: Callable[[str], None]
    places: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _warned: bool = False

    def check(self, client: BaseClient) -> None:
        """Raises InsecureEndpoint."""
        url = client.meta.endpoint_url
        if urlsplit(url).scheme == "https":
            return
        proxy = proxy_of(client)
        # Behind a proxy it is the proxy that is spoken to in clear, and nobody knows how it goes on.
        urls = (url, *((proxy.geturl(),) if proxy else ()))
        if not all(_is_this_host(host) for each in urls for host in _hosts(each)):
            through = f" through the proxy {proxy.hostname}" if proxy else ""
            self._refuse(self._place(_service_of(client)), url, through)

    def check_metadata(self, url: str) -> None:
        """The same for a request to an instance's metadata service, which speaks http on the instance's own link."""
        if urlsplit(url).scheme != "https" and not all(_is_this_host(host) or _is_link(host) for host in _hosts(url)):
            place = urlsplit(without_password(url))
            self._refuse("AWS_EC2_METADATA_SERVICE_ENDPOINT", f"{place.scheme}://{place.netloc}", "")

    def _refuse(self, where: str, url: str, through: str) -> None:
        shown = without_password(url)
        detail = f"{shown} is plain http to another host{through}"
        read = "whoever is on the way reads session tokens, AWS's answers and bootstrap.ign"
        if not self.allowed:
            remedy = f"write https://, or give {OPTION} where nobody can be on the way"
            raise InsecureEndpoint(Problem(where, f"{detail}: {read}", remedy), urlsplit(shown).netloc)
        with self._lock:
            if not self._warned:
                self._warned = True
                self.warn(f"{where}: {detail}, as {OPTION} allows: {read}")

    def _place(self, service: str) -> str:
        """Where the address of a service comes from, in the order in which botocore looks."""
        if place := self.places.get(service):
            return place
        own = variable_of(service)
        for name in (own, "AWS_ENDPOINT_URL"):
            if os.environ.get(name):
                return name
        return f"endpoint_url of {service} in {self.settings}"


def variable_of(service: str) -> str:
    """The variable with an own URL for a service, by boto3's name."""
    if known := SERVICES.get(service):
        return known.endpoint_variable
    return f"AWS_ENDPOINT_URL_{service.upper().replace('-', '_')}"


def _service_of(client: BaseClient) -> str:
    return client.meta.service_model.service_name


def _hosts(url: str) -> Sequence[str]:
    """The host of a URL, as Python reads it and as urllib3 does, which speaks to it: of `http://a\\@b` that isn't the
    same."""
    try:
        spoken_to = parse_url(url).host or ""
    except LocationParseError:
        spoken_to = ""
    return urlsplit(url).hostname or "", spoken_to.strip("[]")


def _is_this_host(host: str) -> bool:
    """By what is written: what a name server says may be another thing tomorrow."""
    if host in ("localhost", "localhost."):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_link(host: str) -> bool:
    try:
        return any(ipaddress.ip_address(host) in network for network in _METADATA)
    except ValueError:
        return False
