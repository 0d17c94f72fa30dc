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
        """Whether it shows that the tags are of this very resource: by all that says where it lies and what it is
        called, and can't change (the network alone is that of many), or by the name that ocpprov generates for it."""
        kind, hashed = self.kinds[live.type], self.hashed(live)
        fixed = self._fixed(live) & set(kind.bound_by)
        return (bool(fixed) and fixed <= set(hashed or ())) or self._has_generated_name(live)

    def tells_one(self, live: Live) -> bool:
        """Whether what can't change is all that tells it from others of its type, so that it can't have their tags."""
        kind = self.kinds[live.type]
        return not kind.bound_by_id and set(kind.bound_by) <= {row.name for row in kind.properties if row.create_only}

    def _fixed(self, live: Live) -> frozenset[str]:
        rows = self.kinds[live.type].properties
        return frozenset(row.name for row in rows if row.create_only and live.properties.get(row.name) is not None)

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
