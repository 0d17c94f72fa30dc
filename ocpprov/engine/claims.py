"""What says by its tags that it is a plan's: the claims, and which of them are proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ocpprov.engine.ownership import RESOURCE, identity_tags
from ocpprov.engine.resources import Live

Place = tuple[str, str]
"""Type and id: what identifies a live resource among all types."""


@dataclass(frozen=True)
class UnprovenClaim:
    """A live resource with this plan's tags that isn't shown to be this plan's, and why; `is_refuted` where something
    shows that it is another's."""

    live: Live
    reason: str
    is_refuted: bool = False

    @property
    def place(self) -> Place:
        return (self.live.type, self.live.id)

    @property
    def logical_id(self) -> str:
        """The one that its tags say; empty where they say none."""
        return named(self.live)

    def __str__(self) -> str:
        return f"{self.live.type} {self.live.id} carries this plan's tags, but {self.reason}"


@dataclass(frozen=True)
class Claims:
    """The claims of a plan. `proven` ones count, `refuted` ones don't; of `unclear` ones nothing shows either, so that
    only the plan can tell: what something proven refers to, or what has a unique key that it wants, is its own."""

    proven: frozenset[Place] = frozenset()
    unclear: Mapping[Place, UnprovenClaim] = field(default_factory=dict)
    refuted: Mapping[Place, UnprovenClaim] = field(default_factory=dict)

    @property
    def unproven(self) -> dict[Place, UnprovenClaim]:
        return {**self.refuted, **self.unclear}


def named(live: Live) -> str:
    """The logical id that a live resource says it has."""
    return identity_tags(live).get(RESOURCE, "")
