"""Replacements that go in the order of Terraform's default, delete before create: predecessors that AWS must lose
before their successors can be made.

They have the name or the place of something that is to be made, or hold on to what has: so they go first, and whoever
refers to them lets go of them before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from ocpprov.engine.kind_facts import KindFacts, UniqueKey
from ocpprov.engine.resources import Live
from ocpprov.engine.unique_keys import UniqueKeys


@dataclass
class _OfAType:
    """What was decided of one type so far: unique keys of what is to be made, and predecessors that may stay until
    their successor is there, by their unique keys and by what they refer to. The first `seen` of those that leave have
    been looked up among them."""

    made: UniqueKeys[None] = field(default_factory=UniqueKeys)
    staying: UniqueKeys[str] = field(default_factory=UniqueKeys)
    referring: dict[str, list[str]] = field(default_factory=dict)
    seen: int = 0


class Leaving(Set[str]):
    """Ids of the predecessors that leave first, known better with each decision."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self._order: list[str] = []
        self._types: dict[str, _OfAType] = {}

    def __contains__(self, id: object) -> bool:
        return id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def decided(self, kind: KindFacts, made: Sequence[UniqueKey], predecessors: Iterable[Live]) -> None:
        """A resource of a type was decided: one with the unique keys `made` has to be made, `predecessors` go."""
        known = self._types.setdefault(kind.type, _OfAType())
        for key in made:
            known.made.add(key, None)
            self._add(known.staying.clashing(key))
        for live in predecessors:
            theirs, references = kind.unique(live.properties), kind.references(live)
            for key in theirs:
                known.staying.add(key, live.id)
            for id in references:
                known.referring.setdefault(id, []).append(live.id)
            if any(True for key in theirs for _ in known.made.clashing(key)) or not self._ids.keys().isdisjoint(
                references
            ):
                self._add([live.id])
        while known.seen < len(self._order):
            self._add(known.referring.get(self._order[known.seen], ()))
            known.seen += 1

    def _add(self, ids: Iterable[str]) -> None:
        for id in ids:
            if id not in self._ids:
                self._ids[id] = None
                self._order.append(id)
