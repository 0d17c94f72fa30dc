"""What planning decides about each wanted resource, and what it knows while it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ocpprov.engine.actions import Change, Other, TagEdit, Verb
from ocpprov.engine.claims import Memory, Stranger
from ocpprov.engine.graph import Graph
from ocpprov.engine.identify import Identified
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import (
    Remembered,
)
from ocpprov.engine.protocols import KindFacts
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.values import GetAtt, Ref, Unknown, Value


@dataclass(frozen=True)
class Decision:
    """What is to become of one wanted resource. `wanted` are its properties as far as they are known; `lets_go` are the
    lists without what goes before its successor is there."""

    resource: Resource
    verb: Verb
    wanted: Mapping[str, Value]
    live: Live | None = None
    changes: Sequence[Change] = ()
    keep: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    tags: TagEdit = TagEdit()
    predecessors: Sequence[Live] = ()
    duplicates: Sequence[Live] = ()
    lets_go: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    reason: str = ""


@dataclass
class World:
    """What planning has found out so far. `leaving` are ids that AWS must lose before their successors can be made;
    `defaults` those of what AWS puts into every VPC; `strangers`, by type and id, carry our tags and aren't ours."""

    graph: Graph
    inventory: Inventory
    owner: Owner
    kinds: Mapping[str, KindFacts]
    identified: Identified
    remembered: Mapping[str, Remembered]
    elsewhere: frozenset[str]
    our_ids: frozenset[str]
    defaults: frozenset[str]
    memory: Memory = field(default_factory=Memory)
    strangers: Mapping[tuple[str, str], Stranger] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    leaving: set[str] = field(default_factory=set)
    others: list[Other] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def lookup(self, reference: Ref | GetAtt) -> Value:
        decision = self.decisions[reference.logical_id]
        live = decision.live
        if live is None or decision.verb in (Verb.CREATE, Verb.REPLACE):
            return Unknown(reference)
        if isinstance(reference, Ref):
            return live.ref or live.id
        return live.attributes.get(reference.attribute, Unknown(reference))
