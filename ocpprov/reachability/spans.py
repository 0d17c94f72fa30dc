"""Addresses and ports as ranges, and what is left of some traffic once a rule has taken its part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from typing import Final


@dataclass(frozen=True, order=True)
class Span:
    """Whole numbers from `first` to `last`, both in it: addresses as numbers, or ports."""

    first: int
    last: int

    def common(self, other: Span) -> Span | None:
        """What is in both; None where nothing is."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None

    def holds(self, other: Span) -> bool:
        """Whether all of the other one is in it."""
        return self.first <= other.first and other.last <= self.last

    def minus(self, other: Span) -> Sequence[Span]:
        """What is left of it without the other one: none, one or two."""
        if self.common(other) is None:
            return (self,)
        before = (Span(self.first, other.first - 1),) if self.first < other.first else ()
        after = (Span(other.last + 1, self.last),) if other.last < self.last else ()
        return (*before, *after)


ALL_PORTS: Final = Span(0, 65535)
EVERYWHERE: Final = Span(0, 2**32 - 1)


def addresses(block: str) -> Span:
    """The addresses of an IPv4 block in CIDR notation, or of one address; host bits don't matter."""
    network = IPv4Network(block, strict=False)
    return Span(int(network.network_address), int(network.broadcast_address))


def blocks(span: Span) -> str:
    """Addresses in CIDR notation, as few blocks as they take, separated by commas."""
    return ", ".join(map(str, _cut(span)))


def in_blocks(span: Span) -> Sequence[Span]:
    """The same cut, as spans: each is one block."""
    return tuple(Span(int(each.network_address), int(each.broadcast_address)) for each in _cut(span))


def _cut(span: Span) -> Iterator[IPv4Network]:
    return summarize_address_range(IPv4Address(span.first), IPv4Address(span.last))


@dataclass(frozen=True, order=True)
class Share:
    """A part of some traffic: the addresses of its other side, and its ports (with ICMP, its types)."""

    peers: Span
    ports: Span

    def common(self, other: Share) -> Share | None:
        """What is in both; None where nothing is."""
        peers, ports = self.peers.common(other.peers), self.ports.common(other.ports)
        return Share(peers, ports) if peers and ports else None

    def minus(self, other: Share) -> Sequence[Share]:
        """What is left of it without the other one, in parts that don't overlap."""
        peers = self.peers.common(other.peers)
        if peers is None or self.common(other) is None:
            return (self,)
        outside = (Share(left, self.ports) for left in self.peers.minus(other.peers))
        inside = (Share(peers, left) for left in self.ports.minus(other.ports))
        return (*outside, *inside)


def without(shares: Iterable[Share], taken: Share) -> list[Share]:
    """What is left of all of them."""
    return [left for share in shares for left in share.minus(taken)]
