"""What AWS has, by type: the value that planning compares a plan with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ocpprov.engine.resources import Live


@dataclass(frozen=True)
class Inventory:
    """Live resources by type, each once. `unseen` says, in words, what couldn't be looked at and needn't be known."""

    lives: Mapping[str, Sequence[Live]] = field(default_factory=dict)
    unseen: Sequence[str] = ()

    def of(self, type: str) -> Sequence[Live]:
        return self.lives.get(type, ())

    def __iter__(self) -> Iterator[Live]:
        for lives in self.lives.values():
            yield from lives
