"""`python -m tests.support.names ADDRESS LOG NAME=ADDRESS ...`: a name server that knows these names and no other.

`*.example.com` stands for all below it. LOG gets a line for each question: `A ec2.eu-west-1.amazonaws.com`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dnslib import QTYPE, RCODE, RR, A  # type: ignore[import-untyped]
from dnslib.server import BaseResolver, DNSServer  # type: ignore[import-untyped]


class Resolver(BaseResolver):  # type: ignore[misc]
    """Answers with an IPv4 address, or with nothing for other types, or that there is no such name."""

    def __init__(self, known: Mapping[str, str], log: Path) -> None:
        self._known = known
        self._log = log

    def resolve(self, request: Any, handler: Any) -> Any:
        """The answer to one question, which is noted."""
        name = str(request.q.qname).rstrip(".").lower()
        with self._log.open("a") as log:
            log.write(f"{QTYPE[request.q.qtype]} {name}\n")
        reply = request.reply()
        address = self._known.get(name) or self._known.get("*." + name.partition(".")[2])
        if not address:
            reply.header.rcode = RCODE.NXDOMAIN
        elif request.q.qtype == QTYPE.A:
            reply.add_answer(RR(request.q.qname, QTYPE.A, rdata=A(address), ttl=0))
        return reply


def main(address: str, log: str, *known: str) -> None:
    """Serve until the process is ended, and say on stdout when that has begun."""
    Path(log).touch()
    resolver = Resolver(dict(each.split("=") for each in known), Path(log))
    DNSServer(resolver, address=address, port=53, logger=_Silent()).start_thread()
    print("serving", flush=True)  # noqa: T201
    while True:
        time.sleep(3600)


class _Silent:
    """dnslib's logger, without a word."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


if __name__ == "__main__":
    main(*sys.argv[1:])
