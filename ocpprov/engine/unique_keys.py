"""Keys that AWS allows only once, looked up by what clashes with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Generic, TypeVar

from ocpprov.engine.kind_facts import UniqueKey

T = TypeVar("T")

_Place = tuple[int, int]
"""Address and prefix length of a network."""


def clash(one: UniqueKey, other: UniqueKey) -> bool:
    """Whether AWS would refuse both at once: equal part by part, networks where they overlap."""
    return len(one) == len(other) and all(_clash_part(a, b) for a, b in zip(one, other, strict=True))


def _clash_part(one: object, other: object) -> bool:
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return one.overlaps(other)
    return one == other


class UniqueKeys(Generic[T]):
    """Values by their unique keys. Adding one and finding what clashes take a time that doesn't grow with their number
    (of keys with more than one network in them it does)."""

    def __init__(self) -> None:
        self._plain: dict[UniqueKey, list[T]] = {}
        self._networks: dict[UniqueKey, _Networks[T]] = {}
        self._several: list[tuple[UniqueKey, T]] = []

    def add(self, key: UniqueKey, value: T) -> None:
        """Keep the value under the key."""
        networks = [part for part in key if isinstance(part, IPv4Network)]
        if not networks:
            self._plain.setdefault(key, []).append(value)
        elif len(networks) == 1:
            self._networks.setdefault(_without_network(key), _Networks()).add(networks[0], value)
        else:
            self._several.append((key, value))

    def clashing(self, key: UniqueKey) -> Iterator[T]:
        """The values of all keys that can't be there at the same time as this one."""
        networks = [part for part in key if isinstance(part, IPv4Network)]
        if not networks:
            yield from self._plain.get(key, ())
        elif len(networks) == 1:
            bucket = self._networks.get(_without_network(key))
            yield from bucket.overlapping(networks[0]) if bucket else ()
        else:
            yield from (value for other, value in self._several if clash(key, other))


def _without_network(key: UniqueKey) -> UniqueKey:
    return tuple(IPv4Network if isinstance(part, IPv4Network) else part for part in key)


@dataclass
class _Networks(Generic[T]):
    """Of two networks that overlap, one lies in the other: a network is looked up under its own place, and, for each
    prefix length that was asked for, under the place of that length in which it lies."""

    members: list[tuple[IPv4Network, T]] = field(default_factory=list)
    exactly: dict[_Place, list[T]] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    inside: dict[int, dict[int, list[T]]] = field(default_factory=dict)

    def add(self, network: IPv4Network, value: T) -> None:
        self.members.append((network, value))
        self.exactly.setdefault((int(network.network_address), network.prefixlen), []).append(value)
        self.lengths.add(network.prefixlen)
        for length, places in self.inside.items():
            _put_inside(network, value, length, places)

    def overlapping(self, network: IPv4Network) -> Iterator[T]:
        for length in self.lengths:
            if length < network.prefixlen:
                yield from self.exactly.get((_masked(network, length), length), ())
        if network.prefixlen not in self.inside:
            places = self.inside.setdefault(network.prefixlen, {})
            for member, value in self.members:
                _put_inside(member, value, network.prefixlen, places)
        yield from self.inside[network.prefixlen].get(int(network.network_address), ())


def _put_inside(network: IPv4Network, value: T, length: int, places: dict[int, list[T]]) -> None:
    if network.prefixlen >= length:
        places.setdefault(_masked(network, length), []).append(value)


def _masked(network: IPv4Network, length: int) -> int:
    return int(network.network_address) >> (32 - length) << (32 - length)
