"""The cluster's subnets with their zones and blocks, whoever makes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocpprov.engine.values import Value
from ocpprov.openshift.layout import Layout
from ocpprov.plan.openshift_blocks import subnet_blocks


@dataclass(frozen=True)
class PlacedSubnet:
    """A subnet: its id or a reference to it, its zone's name, its block."""

    id: Value
    zone: str
    cidr: str
    public: bool

    def row(self) -> dict[str, Value]:
        """As JSON has it."""
        return {"id": self.id, "zone": self.zone, "cidr": self.cidr, "public": self.public}

    def parts(self) -> tuple[Value, ...]:
        """In words, for one line."""
        return (self.id, self.zone, self.cidr, "public" if self.public else "private")


def placed_subnets(layout: Layout) -> Iterator[PlacedSubnet]:
    """Public ones, then private ones, each side in zone order. Raises ValueError where the machine network has no room
    for them."""
    for public, ids in ((True, layout.public_subnets), (False, layout.private_subnets)):
        for index, id in enumerate(ids):
            known = layout.facts.subnets.get(id) if isinstance(id, str) else None
            if known is not None:
                yield PlacedSubnet(id, known.zone, known.cidr, public)
            else:
                blocks = subnet_blocks(layout.section)
                zone = layout.zones[index]
                block = (blocks.public if public else blocks.private)[zone.index]
                yield PlacedSubnet(id, zone.name, str(block), public)
