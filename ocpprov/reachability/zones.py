"""Hosted zones with their records, and which of those answer a name.

Source: Route 53 developer guide, "Considerations when working with a private hosted zone" and "How Route 53 routes
traffic when there are wildcards".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocpprov.reachability.domains import wildcards


@dataclass(frozen=True)
class Target:
    """What a record leads to, without the last dot. `final`: a load balancer or an endpoint, behind which no other name
    is."""

    name: str
    final: bool = False


@dataclass(frozen=True)
class Record:
    """One record set: `targets` of an alias or a CNAME, `addresses` of one with values."""

    name: str
    type: str
    targets: Sequence[Target] = ()
    addresses: Sequence[str] = ()


@dataclass(frozen=True)
class Zone:
    """`name` is without the last dot. `records` are None where nobody here may read them, for which `owner` is the
    account to ask, empty for this one."""

    id: str
    name: str
    records: Sequence[Record] | None = ()
    owner: str = ""

    def __str__(self) -> str:
        return f"{self.id} ({self.name})"

    def of(self, host: str) -> Sequence[Record]:
        """The record sets that are asked for a name, of any type: those of the very name, else of the nearest `*` above
        it."""
        for name in (host, *wildcards(host)):
            if found := [record for record in self.records or () if record.name == name]:
                return found
        return ()
