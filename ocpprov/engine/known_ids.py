"""Which of a plan's own things have the tags of another one of them, and what the journal says they are.

A tag editor, or a tool that passes a network's tags on, copies the tags of ours onto others of ours as well. By their
ids the journal knows what these are, whatever they say by now: their tags are put back, and nobody takes them for a
second one of what they say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ocpprov.engine.bound import Agreement, agreement
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import ON_DELETE, ON_DELETE_RETAIN, RESOURCE, claimed_by
from ocpprov.engine.resources import Live, Owner, State

UNKNOWN: Final = ""


def with_known_ids(inventory: Inventory, owner: Owner, kinds: Mapping[str, KindFacts], memory: Memory) -> Inventory:
    """The inventory, in which what the journal has, or the user allows, and what has the tags of another one, is known
    as what it was made as."""
    mislabelled = _Mislabelled(inventory, owner, kinds, memory)
    if not mislabelled.suspects:
        return inventory
    lives = {type: list(map(mislabelled.known, each)) for type, each in inventory.lives.items()}
    return replace(inventory, lives=lives)


@dataclass(frozen=True)
class _Mislabelled:
    """What may have another's tags, and what speaks for it."""

    inventory: Inventory
    owner: Owner
    kinds: Mapping[str, KindFacts]
    memory: Memory

    @cached_property
    def suspects(self) -> frozenset[tuple[str, str]]:
        """Those whose tags name another logical id than the journal has, or one of another type. Nobody looks at the
        rest."""
        return frozenset((live.type, live.id) for live in self.inventory if self._is_suspect(live))

    def known(self, live: Live) -> Live:
        """The same, with the logical id that counts."""
        if (live.type, live.id) not in self.suspects or not self._is_anothers(live):
            return live
        name = self._made_as(live)
        is_proven = live.id in self.memory.allowed or self._agreement(live) is Agreement.AGREES
        if not name and not is_proven:
            return live
        # Tags that were exchanged are on one another: what they say of it is still there.
        kept = {ON_DELETE: ON_DELETE_RETAIN} if (live.type, name) in self._retained else {}
        return replace(live, known_as=name, claim={**live.claim, **kept})

    def _is_suspect(self, live: Live) -> bool:
        said = live.tags.get(RESOURCE)
        if not said or self._made_as(live) == said:
            return False
        return (
            (self._is_known(live) or self.memory.types.get(said, live.type) != live.type)
            and self.kinds[live.type].identity is Identity.TAGS
            and live.state is not State.GONE
            and claimed_by(live, self.owner)
        )

    def _is_anothers(self, live: Live) -> bool:
        """Whether the tags are another one's: a name alone that the journal doesn't have may be a new one, and what
        nothing contradicts a second one of that name."""
        said, made_as, types = live.tags[RESOURCE], self._made_as(live), self.memory.types
        differs = self._agreement(live) is Agreement.DIFFERS
        is_of_another_type = types.get(said, live.type) != live.type
        is_contradicted = bool(made_as) or differs or is_of_another_type
        if is_contradicted and not self._elsewhere.isdisjoint({(types.get(said, live.type), said), (live.type, said)}):
            return True
        if not made_as:
            return differs and (is_of_another_type or any(self._are_tags_of(live, other) for other in self.inventory))
        if types.get(made_as) != live.type and types.get(said) == live.type:
            return False
        return differs or is_of_another_type

    def _are_tags_of(self, live: Live, other: Live) -> bool:
        """Whether the tags speak of that one."""
        kind = self.kinds[other.type]
        return kind.identity is Identity.TAGS and agreement(kind, replace(other, tags=live.tags)) is Agreement.AGREES

    def _is_known(self, live: Live) -> bool:
        return (live.type, live.id) in self.memory.made or live.id in self.memory.allowed

    def _agreement(self, live: Live) -> Agreement:
        return agreement(self.kinds[live.type], live)

    def _made_as(self, live: Live) -> str:
        return self.memory.made_as.get((live.type, live.id), UNKNOWN)

    @cached_property
    def _elsewhere(self) -> frozenset[tuple[str, str]]:
        """Type and logical id of what the journal has as such, or what says so and may."""
        return frozenset(self._named_rightly())

    def _named_rightly(self) -> Iterator[tuple[str, str]]:
        for live in self.inventory:
            if self._made_as(live):
                yield live.type, self._made_as(live)
            elif self._may_be_believed(live):
                yield live.type, live.tags.get(RESOURCE, UNKNOWN)

    def _may_be_believed(self, live: Live) -> bool:
        is_suspect = (live.type, live.id) in self.suspects
        return not is_suspect and claimed_by(live, self.owner) and self._agreement(live) is not Agreement.DIFFERS

    @cached_property
    def _retained(self) -> Collection[tuple[str, str]]:
        """Type and logical id of what tags say, wherever they are, that it is to be kept."""
        return frozenset(
            (live.type, live.tags.get(RESOURCE, UNKNOWN))
            for live in self.inventory
            if live.tags.get(ON_DELETE) == ON_DELETE_RETAIN and claimed_by(live, self.owner)
        )
