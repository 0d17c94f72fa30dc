"""Who leads to a public zone: what the domain above it names as the zone's name servers.

The servers of the domain above are asked themselves, as a resolver that follows them to servers that know nothing of
the zone only says that it failed. Where none of them can be reached (port 53 is often closed), the system's resolver
is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver

from ocpprov.aws.from_here import Delegation
from ocpprov.aws.timeouts import call_with_timeout

_SECONDS: Final = 15.0
"""For all of it."""
_QUERY_SECONDS: Final = 2.0
_MOST_SERVERS: Final = 4
"""Of the domain above, so many are tried."""
_NS: Final = dns.rdatatype.NS
_NOBODY: Final = (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer)


def system_resolver() -> dns.resolver.Resolver:
    """The one that the system is told to use. Raises dns.exception.DNSException where it is told none."""
    resolver = dns.resolver.Resolver()
    resolver.lifetime = 2 * _QUERY_SECONDS
    return resolver


@dataclass(frozen=True)
class Asking:
    """A resolver, and the port of the servers that aren't asked through it."""

    resolver: dns.resolver.Resolver = field(default_factory=system_resolver)
    port: int = 53


def delegation_of(zone: str) -> Delegation:
    """Who leads to the zone, as seen from here; within seconds, whoever is silent."""
    try:
        return call_with_timeout(_SECONDS, lambda: delegation_by(zone, Asking()))
    except TimeoutError:
        return Delegation(trouble=f"no answer within {_SECONDS:.0f} seconds")
    except dns.exception.DNSException as error:
        return Delegation(trouble=_words(error))


def delegation_by(zone: str, asking: Asking) -> Delegation:
    """The same by this resolver. Raises dns.exception.DNSException where nobody can be asked."""
    name = dns.name.from_text(zone)
    above = _servers_above(name, asking.resolver)
    if not above:
        return Delegation(trouble="the name servers here know no domain above it")
    for address in _addresses(above, asking.resolver):
        found = _referral(name, address, asking.port)
        if found is not None:
            return Delegation(found)
    try:
        return Delegation(_names(asking.resolver.resolve(name, _NS)))
    except _NOBODY:
        return Delegation()


def _servers_above(zone: dns.name.Name, resolver: dns.resolver.Resolver) -> Sequence[str]:
    """The name servers of the nearest domain above the zone that has any."""
    above = zone
    while above != dns.name.root:
        above = above.parent()
        try:
            return sorted(_names(resolver.resolve(above, _NS)))
        except _NOBODY:
            continue
    return ()


def _addresses(servers: Iterable[str], resolver: dns.resolver.Resolver) -> Iterator[str]:
    for number, server in enumerate(servers):
        if number == _MOST_SERVERS:
            return
        try:
            yield from sorted(str(each) for each in resolver.resolve(server, dns.rdatatype.A))[:1]
        except dns.exception.DNSException:
            continue


def _referral(zone: dns.name.Name, address: str, port: int) -> frozenset[str] | None:
    """The name servers that a server of the domain above names for the zone; None where it says nothing of use."""
    query = dns.message.make_query(zone, _NS)
    query.flags &= ~dns.flags.RD
    try:
        answer, _ = dns.query.udp_with_fallback(query, address, timeout=_QUERY_SECONDS, port=port)
    except (dns.exception.DNSException, OSError, EOFError):
        return None
    if answer.rcode() == dns.rcode.NXDOMAIN:
        return frozenset()
    if answer.rcode() != dns.rcode.NOERROR:
        return None
    sections = [*answer.answer, *answer.authority]
    return frozenset(str(each.target) for rows in sections if rows.name == zone and rows.rdtype == _NS for each in rows)


def _names(answer: dns.resolver.Answer) -> frozenset[str]:
    return frozenset(str(each.target) for each in answer)


def _words(error: dns.exception.DNSException) -> str:
    """An error without the questions that it repeats."""
    return str(error).partition(":")[0].strip() or type(error).__name__
