"""Which of the plan's services can be reached from here, and by which way."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ocpprov.aws.reachability import Unreachable, probe, proxy_of
from ocpprov.checks.result import Check, failed, passed, unknown, warned

if TYPE_CHECKING:
    from botocore.client import BaseClient

    from ocpprov.aws.clients import Clients

_LOOKUP_SECONDS: Final = 2.0
_CLOCK_SLACK: Final = 240.0
"""Seconds: AWS refuses signatures that are more than five minutes off (common errors, RequestExpired)."""


def reach(probes: Clients, services: Collection[str]) -> Iterator[Check]:
    """A result for each service (boto3's names), sorted by name; in less than 15 seconds together."""
    lost: Mapping[str, Unreachable] = {found.service: found for found in probe(probes, services)}
    clients = probes.by_service()
    for service in sorted(services):
        if found := lost.get(service):
            yield failed(f"reach-{service}", f"{service} at {found.host}: {found.cause}", found.remedy)
        else:
            yield passed(f"reach-{service}", f"{service} at {_way(clients[service])}")


def clock(date: str, now: float) -> Check:
    """The host's clock against AWS's, from the `Date` of an answer that came just now. `now` is in seconds of Unix
    time."""
    try:
        theirs = parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return unknown("clock", "the answer had no date", "compare this host's clock with another one")
    off = now - theirs
    if abs(off) < _CLOCK_SLACK:
        return passed("clock", f"within {max(1, round(abs(off)))} s of AWS's")
    direction = "ahead of" if off > 0 else "behind"
    here = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    detail = f"this host's clock ({here}) is {abs(off):.0f} s {direction} AWS's"
    return warned("clock", detail, "set it (chronyd, 169.254.169.123): AWS refuses what is signed 5 minutes off")


def _way(client: BaseClient) -> str:
    """Host and, without a proxy on the way, addresses: a private one is an endpoint in the VPC."""
    url = urlsplit(client.meta.endpoint_url)
    if proxy := proxy_of(client):
        return f"{url.netloc} through the proxy {proxy.netloc.rpartition('@')[2]}"
    addresses = _addresses(url.hostname or "")
    kinds = sorted({_kind(address) for address in addresses})
    return f"{url.netloc} ({', '.join(addresses)}: {' and '.join(kinds)})" if addresses else url.netloc


def _kind(address: str) -> str:
    found = ipaddress.ip_address(address)
    return "this host" if found.is_loopback else "private" if found.is_private else "public"


def _addresses(host: str) -> list[str]:
    """In a thread of its own, because nothing else bounds the time of a look-up."""
    answer: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
        except OSError:
            found = []
        answer.put(sorted({str(each[4][0]).partition("%")[0] for each in found}))

    threading.Thread(target=look_up, daemon=True).start()
    try:
        return answer.get(timeout=_LOOKUP_SECONDS)
    except queue.Empty:
        return []
