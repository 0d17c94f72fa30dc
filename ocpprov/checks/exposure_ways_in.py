"""Who gets to some subnets: the VPC itself, the internet, and what lies behind other gateways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ocpprov.checks.exposure_group_words import listed
from ocpprov.openshift.group_needs import Member
from ocpprov.reachability.network import Network, Subnet, Via
from ocpprov.reachability.paths import ways_from
from ocpprov.reachability.spans import Span, addresses, blocks

INTERNET: Final = "the internet"
_PRIVATE: Final = tuple(map(addresses, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
"""Addresses that the internet hasn't (RFC 1918, RFC 6598)."""


def laid_open(network: Network, members: Sequence[Member], peers: Sequence[Span]) -> str:
    """Which members are open to whom of these addresses. Whether a machine has a public address isn't known."""
    whom: dict[str, list[str]] = {}
    for member in members:
        whom.setdefault(_reached(network, member, peers), []).append(member.who)
    return "; ".join(f"{listed(who)} to {reached}" for reached, who in whom.items())


def _reached(network: Network, member: Member, peers: Sequence[Span]) -> str:
    inside = [part for span in peers for block in network.blocks if (part := span.common(block))]
    outside = [left for span in peers for left in _minus(span, network.blocks)]
    in_vpc, ways = list(_in_vpc(network, inside)), list(dict.fromkeys(_ways_in(network, member, outside)))
    if outside and not ways:
        closed = "no route leads there"
        return f"{in_vpc[0]} (from outside of it {closed})" if in_vpc else f"nobody now: {closed}"
    return ", ".join([*in_vpc, *ways])


def _in_vpc(network: Network, inside: Sequence[Span]) -> Iterator[str]:
    if inside and all(any(part.holds(block) for part in inside) for block in network.blocks):
        yield "everybody in the VPC"
    elif inside:
        yield f"{', '.join(map(blocks, dict.fromkeys(inside)))} in the VPC"


def _ways_in(network: Network, member: Member, outside: Sequence[Span]) -> Iterator[str]:
    for subnet in member.subnets:
        for whom in ways_in(network, subnet, outside):
            if whom != INTERNET or not member.never_public:
                yield whom


def ways_in(network: Network, subnet: Subnet, outside: Iterable[Span]) -> Iterator[str]:
    """Who of these addresses outside of the VPC gets into a subnet: by the ways that its table has for the answers. By
    a NAT gateway nobody comes in."""
    for span in outside:
        found = ways_from(network, subnet, span)
        if found is None:
            table = subnet.route_table or f"the route table of {subnet.id}"
            yield f"whoever {table} leads to, which couldn't be read"
            continue
        for way in found:
            if way.route is None or not way.route.active:
                continue
            if way.route.via is Via.INTERNET_GATEWAY and _minus(way.addresses, _PRIVATE):
                yield INTERNET
            elif way.route.via is Via.OTHER:
                yield f"what lies behind {way.route.target}"


def _minus(span: Span, taken: Iterable[Span]) -> Sequence[Span]:
    left: list[Span] = [span]
    for each in taken:
        left = [part for one in left for part in one.minus(each)]
    return left
