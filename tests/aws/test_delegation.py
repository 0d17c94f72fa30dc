"""Who leads to a zone, by name servers of the test's own: one is the resolver, and the domain above's only server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import dns.exception
import dns.resolver
import pytest
from dnslib import NS, QTYPE, RCODE, RR, SOA, A  # type: ignore[import-untyped]
from dnslib.server import BaseResolver, DNSServer  # type: ignore[import-untyped]

from ocpprov.aws import delegation
from ocpprov.aws.delegation import Asking, delegation_by, delegation_of
from ocpprov.aws.from_here import Delegation

ZONE = "prod.example.com"
ABOVE = {"NS example.com.": ["ns.example.com."], "A ns.example.com.": ["127.0.0.1"]}
LED = frozenset({"ns-1.awsdns.test.", "ns-2.awsdns.test."})


class Names(BaseResolver):  # type: ignore[misc]
    """Knows answers by type and name. Of those asked without recursion, as the domain above's server, it refers to what
    is under `referral`, or says `rcode`."""

    def __init__(self) -> None:
        self.know({})

    def know(
        self, answers: Mapping[str, list[str]], referral: list[str] | None = None, rcode: int = RCODE.NOERROR
    ) -> None:
        """From now on it knows this."""
        self._answers = answers
        self._referral = referral
        self._rcode = rcode

    def resolve(self, request: Any, handler: Any) -> Any:
        reply, name = request.reply(), str(request.q.qname)
        if request.header.rd == 0:
            reply.header.rcode = self._rcode
            for server in self._referral or ():
                reply.add_auth(RR(name, QTYPE.NS, rdata=NS(server)))
            if self._referral is None:
                reply.add_auth(RR("example.com.", QTYPE.SOA, rdata=SOA("ns.example.com.", "a.example.com.")))
            return reply
        found = self._answers.get(f"{QTYPE[request.q.qtype]} {name}")
        if found is None:
            reply.header.rcode = RCODE.NXDOMAIN
        for each in found or ():
            rdata = NS(each) if request.q.qtype == QTYPE.NS else A(each)
            reply.add_answer(RR(name, request.q.qtype, rdata=rdata))
        return reply


class Silent:
    """dnslib's logger, without a word."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


@pytest.fixture(scope="module")
def names() -> Names:
    return Names()


@pytest.fixture(scope="module")
def way(names: Names) -> Iterator[Asking]:
    server = DNSServer(names, address="127.0.0.1", port=0, logger=Silent())
    server.start_thread()
    port = server.server.server_address[1]
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], port, 2.0
    yield Asking(resolver, port)
    server.stop()


@pytest.mark.parametrize(
    ("answers", "told", "found"),
    [
        (ABOVE, {"referral": sorted(LED)}, Delegation(LED)),
        (ABOVE, {}, Delegation()),
        (ABOVE, {"rcode": RCODE.NXDOMAIN}, Delegation()),
        ({**ABOVE, f"NS {ZONE}.": ["ns-9.awsdns.test."]}, {"referral": sorted(LED)}, Delegation(LED)),
        ({"NS com.": ["ns.com."], "A ns.com.": ["127.0.0.1"]}, {"referral": sorted(LED)}, Delegation(LED)),
    ],
    ids=["led", "not led", "no such name", "what the resolver remembers doesn't count", "further up"],
)
def test_the_domain_above_is_asked(
    names: Names, way: Asking, answers: dict[str, list[str]], told: dict[str, Any], found: Delegation
) -> None:
    names.know(answers, **told)
    assert delegation_by(ZONE, way) == found


@pytest.mark.parametrize(
    ("answers", "found"),
    [({f"NS {ZONE}.": sorted(LED)}, Delegation(LED)), ({}, Delegation()), ({f"NS {ZONE}.": []}, Delegation())],
    ids=["it knows the zone", "no such name", "no name servers"],
)
def test_where_its_servers_say_nothing_the_resolver_is_asked(
    names: Names, way: Asking, answers: dict[str, list[str]], found: Delegation
) -> None:
    names.know({**ABOVE, **answers}, rcode=RCODE.REFUSED)
    assert delegation_by(ZONE, way) == found
    names.know({**ABOVE, "A ns.example.com.": [], **answers})
    assert delegation_by(ZONE, way) == found


def test_name_servers_that_know_no_domain_tell_nothing(names: Names, way: Asking) -> None:
    names.know({f"NS {ZONE}.": sorted(LED)})
    assert delegation_by(ZONE, way).trouble == "the name servers here know no domain above it"


def test_without_anybody_to_ask_it_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object) -> Delegation:
        raise dns.exception.Timeout("nobody answered: the question, and by whom")  # type: ignore[no-untyped-call]

    monkeypatch.setattr(delegation, "delegation_by", nobody)
    assert delegation_of(ZONE).servers == frozenset()
    assert delegation_of(ZONE).trouble == "nobody answered"


def test_it_takes_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> Delegation:
        raise TimeoutError

    monkeypatch.setattr(delegation, "delegation_by", late)
    assert delegation_of(ZONE).trouble == "no answer within 15 seconds"
