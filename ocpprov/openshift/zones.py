"""Availability zones, and how what belongs to them is numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_ZONES: Final = 3


@dataclass(frozen=True)
class Zone:
    """An availability zone of the plan; `index` counts from 0 and stays with the zone's resources for ever."""

    index: int
    name: str

    def named(self, stem: str) -> str:
        """A logical id as Red Hat's templates count them: `NAT`, `NAT2`, `NAT3`."""
        return stem if self.index == 0 else f"{stem}{self.index + 1}"
