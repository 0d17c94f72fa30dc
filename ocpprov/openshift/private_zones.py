"""Private hosted zones that serve the cluster's VPC, and what they answer there of AWS's own names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ocpprov.reachability.domains import holds, nearest, wildcards


@dataclass(frozen=True)
class PrivateZone:
    """`name` is without the last dot. `owner` is the account that has it, empty for this one. `records` are the names
    that have addresses in it, as Route 53 writes them but for the last dot; None where nobody here may read them."""

    id: str
    name: str
    owner: str = ""
    records: frozenset[str] | None = None

    def __str__(self) -> str:
        whose = f" of account {self.owner}" if self.owner else ""
        return f"the private zone {self.id} ({self.name}){whose}"

    def holds(self, host: str) -> bool:
        """Whether a name is the zone's, or below it: then nobody else answers it, but a zone that is nearer."""
        return holds(self.name, host)

    def answers(self, host: str) -> bool | None:
        """Whether it has an address for a name that it holds, None where that can't be seen. A zone of that very name
        is there for nothing else."""
        if self.records is None:
            return True if host == self.name else None
        return bool({host, f"*.{host}", *wildcards(host)} & self.records)


def zone_for(host: str, zones: Iterable[PrivateZone]) -> PrivateZone | None:
    """The one that a name is looked up in: of those that hold it the nearest."""
    return nearest(host, zones)
