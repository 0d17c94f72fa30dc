"""What lies in a live resource, is linked to it or refers to it, and which of that isn't the plan's.

Who uses what claims to be ours tells much about it: a copy of our tags on somebody's resource doesn't put anything of
ours there.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ocpprov.engine.claims import Place
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import CHILDREN, claimed_by, decode_ledger
from ocpprov.engine.resources import Live, Owner, State


@dataclass(frozen=True)
class Users:
    """Who uses what, as far as `claims`, what says that it is the owner's, needs to know."""

    claims: Sequence[Live]
    inventory: Inventory
    owner: Owner
    kinds: Mapping[str, KindFacts]
    memory: Memory

    def of(self, id: str) -> Sequence[Live]:
        """What refers to what has this id."""
        return self._by_id.get(id, ())

    def foreign(self, live: Live, refuted: Container[Place]) -> Iterator[Live]:
        """What isn't ours and lies in it, is linked to it or refers to it."""
        for user in self.of(live.id):
            kind = self.kinds[user.type]
            if kind.identity is Identity.TAGS:
                foreign = (user.type, user.id) not in self._claimed or (user.type, user.id) in refuted
            elif kind.identity is Identity.SHARED_TAGS:
                foreign = not claimed_by(user, self.owner)
            elif kind.identity is Identity.LEDGER:
                foreign = not self._is_remembered(user, refuted)
            else:
                foreign = any(id not in self._claimed_ids for id in kind.references(user))
            if foreign:
                yield user

    def _is_remembered(self, row: Live, refuted: Container[Place]) -> bool:
        """Whether what it belongs to has it in its ledger, and isn't another's."""
        entry = self.kinds[row.type].ledger_entry(row.properties)
        parents = [parent for id in self._parent(row) for parent in self._claims_by_id.get(id, ())]
        return any(
            entry in decode_ledger(CHILDREN, parent.tags)
            for parent in parents
            if (parent.type, parent.id) not in refuted
        )

    @cached_property
    def _claims_by_id(self) -> Mapping[str, Sequence[Live]]:
        found: dict[str, list[Live]] = {}
        for live in self.claims:
            found.setdefault(live.id, []).append(live)
        return found

    @cached_property
    def _claimed(self) -> frozenset[Place]:
        return frozenset((live.type, live.id) for live in self.claims)

    @cached_property
    def _claimed_ids(self) -> frozenset[str]:
        names = {name for live in self.claims for name in (live.id, live.ref) if name}
        return frozenset(names | self.memory.given)

    @cached_property
    def _by_id(self) -> Mapping[str, Sequence[Live]]:
        """By id, what refers to it."""
        found: dict[str, list[Live]] = {}
        for live in self.inventory:
            if not live.service_owned and live.state is not State.GONE:
                for id in {*self.kinds[live.type].references(live), *self._parent(live)} - {live.id}:
                    found.setdefault(id, []).append(live)
        return found

    def _parent(self, live: Live) -> Iterator[str]:
        parent = live.properties.get(self.kinds[live.type].parent_property)
        if isinstance(parent, str):
            yield parent
