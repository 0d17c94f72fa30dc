"""Looking up hosts' addresses, all at the same time, with a bound on the time that nothing else gives."""

from __future__ import annotations

import socket
import time
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from ocpprov.aws.timeouts import submit


@dataclass(frozen=True)
class Lookups:
    """Look-ups on their way. A name server that never answers holds up nobody but its own thread."""

    answers: Mapping[str, Future[list[str]]]

    def addresses(self, host: str, until: float) -> list[str]:
        """The addresses of a host, sorted; none where it has none, or has no answer at `until` (monotonic seconds)."""
        try:
            return self.answers[host].result(max(0.0, until - time.monotonic()))
        except (KeyError, OSError, TimeoutError):
            return []

    def silent(self, host: str) -> bool:
        """Whether there is no answer yet."""
        return host in self.answers and not self.answers[host].done()


def resolve(hosts: Collection[str]) -> Lookups:
    """Begin to look up each host."""
    return Lookups({host: submit(partial(_addresses, host)) for host in hosts if host})


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except UnicodeError:
        # A label that is no name in DNS.
        return []
    return sorted({str(each[4][0]).partition("%")[0] for each in found})
