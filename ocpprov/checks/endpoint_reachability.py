"""Which of the plan's services can be reached from here, and by which way."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ocpprov.aws.dns import Lookups
from ocpprov.aws.masking import address_of
from ocpprov.aws.service_probes import PROBE_SECONDS, probe, resolve_services
from ocpprov.aws.unreachable import Unreachable, proxy_of
from ocpprov.checks.result import Check, failed, passed

if TYPE_CHECKING:
    from botocore.client import BaseClient

    from ocpprov.aws.clients import Clients

_NAMES_SECONDS: Final = 0.5
"""What is left for the look-ups of those that answered, after the probes."""
_LEAST_SECONDS: Final = 8.0
"""What probes get, however late it is: more than a silent service takes."""


def endpoint_reachability(probes: Clients, services: Collection[str], until: float) -> Iterator[Check]:
    """A result for each service (boto3's names), sorted by name; before `until` (monotonic seconds), unless that is
    less than _LEAST_SECONDS away."""
    lookups = resolve_services(probes, services)
    left = max(_LEAST_SECONDS, min(PROBE_SECONDS, until - time.monotonic() - _NAMES_SECONDS))
    lost: Mapping[str, Unreachable] = {found.service: found for found in probe(probes, services, lookups, left).lost}
    for service in sorted(services):
        if found := lost.get(service):
            yield lost_service(found)
        else:
            yield passed(f"reach-{service}", f"{service} at {_way(probes[service], lookups, until)}")


def lost_service(found: Unreachable) -> Check:
    """The result for a service that can't be reached."""
    return failed(f"reach-{found.service}", f"{found.service} at {found.host}: {found.cause}", found.remedy)


def _way(client: BaseClient, lookups: Lookups, until: float) -> str:
    """Host and, without a proxy on the way, addresses: a private one is an endpoint in the VPC."""
    url = urlsplit(client.meta.endpoint_url)
    place = address_of(client.meta.endpoint_url)
    if proxy := proxy_of(client):
        return f"{place} through the proxy {address_of(proxy.geturl())}"
    addresses = lookups.addresses(url.hostname or "", until)
    kinds = sorted({_kind(address) for address in addresses})
    return f"{place} ({', '.join(addresses)}: {' and '.join(kinds)})" if addresses else place


def _kind(address: str) -> str:
    found = ipaddress.ip_address(address)
    return "this host" if found.is_loopback else "private" if found.is_private else "public"
