"""What a live resource itself says for its tags where `ocpprov:bound` is missing, as it is on what older versions made:
the revision is a hash of the create-only properties that the plan gave, which a copy of the tags doesn't fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, combinations

from ocpprov.engine.kind_facts import KindFacts
from ocpprov.engine.ownership import RESOURCE, REVISION, generated_name, identity_tags, revision, revision_hash
from ocpprov.engine.resources import Live, Owner


@dataclass(frozen=True)
class RevisionEvidence:
    """Revisions worked out again from what is live."""

    owner: Owner
    kinds: Mapping[str, KindFacts]

    def tells(self, live: Live) -> bool:
        """Whether it shows that the tags are of this very resource: by a property that says where it lies or what it is
        called, or by the name that ocpprov generates for it."""
        kind, hashed = self.kinds[live.type], self.hashed(live)
        return bool(set(hashed or ()) & set(kind.bound_by)) or self._has_generated_name(live)

    def hashed(self, live: Live) -> frozenset[str] | None:
        """Names of the create-only properties whose values give the revision; None where none do."""
        kind, said = self.kinds[live.type], live.tags.get(REVISION)
        if not said:
            return None
        names = [row.name for row in kind.properties if row.create_only and row.name in live.properties]
        for some in chain.from_iterable(combinations(names, count) for count in range(len(names), -1, -1)):
            made = revision(kind, {name: live.properties[name] for name in some})
            if revision_hash(made) == revision_hash(said):
                return frozenset(some)
        return None

    def _has_generated_name(self, live: Live) -> bool:
        kind, said = self.kinds[live.type], live.tags.get(REVISION)
        if not kind.name_property or not said:
            return False
        name = generated_name(kind, self.owner, identity_tags(live).get(RESOURCE, ""), said)
        return live.properties.get(kind.name_property) == name
