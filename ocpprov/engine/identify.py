"""Which live resource is which logical id of the plan, also where somebody took a tag away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ocpprov.engine.claims import Claims, UnprovenClaim
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.known_ids import UNKNOWN
from ocpprov.engine.matching import Matching
from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import (
    PLAN,
    RESOURCE,
    RUN,
    claimed_by,
    identity_tags,
    lost_its_plan,
)
from ocpprov.engine.resources import Live, Owner, Resource, State


@dataclass(frozen=True)
class Identified:
    """Tagged live resources of ours by (type, logical id), also of ids that the plan no longer has; `nameless` are
    ours without a logical id that fits."""

    named: Mapping[tuple[str, str], Sequence[Live]] = field(default_factory=dict)
    nameless: Sequence[Live] = ()

    def of(self, resource: Resource) -> Sequence[Live]:
        return self.named.get((resource.type, resource.logical_id), ())

    def all(self) -> Iterator[Live]:
        for lives in self.named.values():
            yield from lives
        yield from self.nameless


def identify(
    graph: Graph, inventory: Inventory, owner: Owner, kinds: Mapping[str, KindFacts], claims: Claims, memory: Memory
) -> Identified:
    """Assign every live resource that has an identity of its own and is ours.

    A proven one that names its logical id is assigned by it. One that lost a tag is assigned where it fits: by what
    refers to it, by a unique key, or, if it is proven, as the only one with the wanted create-only properties; with
    those of them that are known, where what they refer to has lost its tag as well. What is refuted is never taken, and
    what carries no tag of ours only where the user said so.
    """
    named: dict[tuple[str, str], list[Live]] = {}
    pool: list[Live] = []
    for live in inventory:
        place = (live.type, live.id)
        if kinds[live.type].identity is not Identity.TAGS or live.service_owned or live.state is State.GONE:
            continue
        logical_id = identity_tags(live).get(RESOURCE)
        if place in claims.proven and claimed_by(live, owner) and logical_id:
            named.setdefault((live.type, logical_id), []).append(live)
        elif place in claims.proven or place in claims.unclear:
            pool.append(live)
    runs = {live.tags[RUN] for lives in named.values() for live in lives if RUN in live.tags}
    own = {
        (live.type, live.id)
        for live in pool
        if claimed_by(live, owner) or live.tags.get(RUN) in runs or (live.type, live.id) in memory.made
    }
    own |= {(live.type, live.id) for live in pool if live.id in memory.allowed}
    while pool:
        fit = Matching(graph, inventory, kinds, named, owner, pool, claims.proven, own, memory.given)
        placed = fit.places() or replace(fit, loosely=True).places()
        if not placed:
            break
        for live, logical_id in placed:
            named.setdefault((live.type, logical_id), []).append(live)
        gone = {(live.type, live.id) for live, _ in placed}
        pool = [live for live in pool if (live.type, live.id) not in gone]
    proven = [live for live in pool if (live.type, live.id) in claims.proven]
    # The journal, or the user, says of what lost the plan's name that it is this plan's. What has another one's tags
    # may be something that the plan wants.
    nameless = [
        live
        for live in proven
        if (claimed_by(live, owner) or (lost_its_plan(live) and (live.type, live.id) in own))
        and (live.known_as != UNKNOWN or live.id in memory.allowed or not graph.resources)
    ]
    return Identified(named, nameless)


def settle(claims: Claims, identified: Identified, inventory: Inventory, owner: Owner) -> Claims:
    """The claims once it is known what the plan takes: that is proven, and what is shown to be real but names no plan
    isn't, as it may be another plan's."""
    taken = {(live.type, live.id) for live in identified.all()}
    # Marks of several plans on one subnet share its id.
    taken |= {(live.type, live.id) for live in inventory if claimed_by(live, owner)} & claims.proven
    left = claims.proven - taken
    homeless = {
        (live.type, live.id): UnprovenClaim(live, _why_homeless(live))
        for live in inventory
        if (live.type, live.id) in left and (not claimed_by(live, owner) or live.known_as == UNKNOWN)
    }
    unclear = {place: claim for place, claim in claims.unclear.items() if place not in taken}
    refuted = {place: claim for place, claim in claims.refuted.items() if place not in taken}
    return Claims((claims.proven - homeless.keys()) | taken, {**unclear, **homeless}, refuted)


def _why_homeless(live: Live) -> str:
    if live.known_as == UNKNOWN:
        return "they are those of another one, and nothing shows which it is"
    if lost_its_plan(live):
        return f"{PLAN} is missing, and nothing shows of which plan it is"
    return "nothing that the plan has is like it"
