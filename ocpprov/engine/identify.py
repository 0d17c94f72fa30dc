"""Which live resource is which logical id of the plan, also where somebody took a tag away."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ocpprov.engine.compare import create_only_changes
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import (
    RESOURCE,
    RUN,
    claimed_by,
    given_create_only,
    identity_tags,
    lost_its_plan,
    with_certain_name,
)
from ocpprov.engine.protocols import Identity, KindFacts
from ocpprov.engine.resources import Live, Owner, Resource, State
from ocpprov.engine.unique_keys import clash
from ocpprov.engine.values import GetAtt, Ref, Unknown, Value, is_known, resolve


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
    graph: Graph,
    inventory: Inventory,
    owner: Owner,
    kinds: Mapping[str, KindFacts],
    strangers: Container[tuple[str, str]] = (),
) -> Identified:
    """Assign every live resource that has an identity of its own; of `strangers` (type and id) the tags don't count.

    One that names plan and logical id is assigned by them. One that lost a tag, but carries another of ours, is
    assigned where it fits: by what refers to it, by a unique key, or as the only one with the wanted create-only
    properties; with those of them that are known, where what they refer to has lost its tag as well. What carries no
    tag of ours is never taken.
    """
    named: dict[tuple[str, str], list[Live]] = {}
    pool: list[Live] = []
    for live in inventory:
        if kinds[live.type].identity is not Identity.TAGS or live.service_owned or live.state is State.GONE:
            continue
        if (live.type, live.id) in strangers:
            continue
        logical_id = identity_tags(live).get(RESOURCE)
        if claimed_by(live, owner) and logical_id:
            named.setdefault((live.type, logical_id), []).append(live)
        elif claimed_by(live, owner) or lost_its_plan(live):
            pool.append(live)
    runs = {live.tags[RUN] for lives in named.values() for live in lives if RUN in live.tags}
    while pool:
        fit = _Fit(graph, inventory, kinds, named, owner)
        placed = _place(pool, fit) or _place(pool, replace(fit, loosely=True))
        if not placed:
            break
        for live, logical_id in placed:
            named.setdefault((live.type, logical_id), []).append(live)
            pool.remove(live)
    nameless = [live for live in pool if claimed_by(live, owner) or live.tags.get(RUN) in runs]
    return Identified(named, nameless)


def _place(pool: Sequence[Live], fit: _Fit) -> list[tuple[Live, str]]:
    placed = ((live, fit.resource_for(live, pool)) for live in pool)
    return [(live, logical_id) for live, logical_id in placed if logical_id]


@dataclass(frozen=True)
class _Fit:
    graph: Graph
    inventory: Inventory
    kinds: Mapping[str, KindFacts]
    named: Mapping[tuple[str, str], Sequence[Live]]
    owner: Owner
    loosely: bool = False

    def resource_for(self, live: Live, pool: Sequence[Live]) -> str | None:
        open_ids = [
            resource
            for resource in self.graph.resources.values()
            if resource.type == live.type and not self.named.get((resource.type, resource.logical_id))
        ]
        said = live.tags.get(RESOURCE)
        if said:
            open_ids = [resource for resource in open_ids if resource.logical_id == said]
        for resource in open_ids:
            if self._referred(resource, live) or self._same_unique_key(resource, live):
                return resource.logical_id
        rivals = [other for other in pool if other.type == live.type and other is not live]
        equal = [resource for resource in open_ids if self._equal(resource, live)]
        if len(equal) == 1 and not any(self._equal(equal[0], rival) for rival in rivals):
            return equal[0].logical_id
        return None

    def _lookup(self, reference: Ref | GetAtt) -> Value:
        resource = self.graph.resources.get(reference.logical_id)
        lives = self.named.get((resource.type, resource.logical_id), ()) if resource else ()
        if len(lives) != 1:
            return Unknown(reference)
        live = lives[0]
        if isinstance(reference, Ref):
            return live.ref or live.id
        return live.attributes.get(reference.attribute, Unknown(reference))

    def _wanted(self, resource: Resource) -> Mapping[str, Value]:
        kind = self.kinds[resource.type]
        resolved = resolve(resource.properties, self._lookup)
        return kind.normalise(resolved if isinstance(resolved, Mapping) else {})

    def _equal(self, resource: Resource, live: Live) -> bool:
        kind, wanted = self.kinds[resource.type], self._wanted(resource)
        if self.loosely:
            wanted = {name: value for name, value in wanted.items() if is_known(value)}
            if not given_create_only(kind, wanted):
                return False
        return not create_only_changes(kind, wanted, live)

    def _same_unique_key(self, resource: Resource, live: Live) -> bool:
        kind = self.kinds[resource.type]
        wanted = kind.unique(with_certain_name(kind, self.owner, resource.logical_id, self._wanted(resource)))
        return any(clash(one, other) for one in wanted for other in kind.unique(live.properties))

    def _referred(self, resource: Resource, live: Live) -> bool:
        for other in self.graph.resources.values():
            for name, value in other.properties.items():
                refers = isinstance(value, Ref | GetAtt) and value.logical_id == resource.logical_id
                if refers and any(_points(holder, name, live) for holder in self._holders(other, name)):
                    return True
        return False

    def _holders(self, other: Resource, apart_from: str) -> Iterator[Live]:
        """Live resources that are `other`, by name or, for a link, by all its references but one."""
        yield from self.named.get((other.type, other.logical_id), ())
        if self.kinds[other.type].identity is Identity.LINK:
            wanted = {
                name: value
                for name, value in self._wanted(other).items()
                if name != apart_from and not isinstance(value, Unknown)
            }
            for live in self.inventory.of(other.type):
                if wanted and all(live.properties.get(name) == value for name, value in wanted.items()):
                    yield live


def _points(holder: Live, property_name: str, target: Live) -> bool:
    value = holder.properties.get(property_name)
    return isinstance(value, str) and value in (target.id, target.ref)
