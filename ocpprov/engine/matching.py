"""One round of finding out which live resources that lost a tag are which resources of the plan: by what refers to
them, by a unique key, or by create-only properties that only they have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from ocpprov.engine.bound import given_places
from ocpprov.engine.drift import create_only_changes
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.ownership import RESOURCE, given_create_only, is_generated_name, with_certain_name
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.unique_keys import UniqueKeys
from ocpprov.engine.values import GetAtt, Ref, Unknown, Value, is_known, resolve_properties


@dataclass(frozen=True)
class Matching:
    """One round: which of the `pool` is which resource that has no live one yet, as far as `named` tells. Of what isn't
    `proven` only a reference or a unique key tells, and only in a place that is ours or `given`. Properties tell only
    of what is this plan's `own`: another plan's that lost its name may have the same."""

    graph: Graph
    inventory: Inventory
    kinds: Mapping[str, KindFacts]
    named: Mapping[tuple[str, str], Sequence[Live]]
    owner: Owner
    pool: Sequence[Live]
    proven: Collection[tuple[str, str]] = frozenset()
    own: Collection[tuple[str, str]] = frozenset()
    given: Collection[str] = frozenset()
    loosely: bool = False

    def places(self) -> list[tuple[Live, str]]:
        """Those of the pool that fit, each with its logical id."""
        found = ((live, self._resource_for(live)) for live in self.pool)
        return [(live, resource.logical_id) for live, resource in found if resource]

    def _resource_for(self, live: Live) -> Resource | None:
        is_proven = (live.type, live.id) in self.proven
        if not is_proven and not self._is_among_ours(live):
            return None
        for resource in self._referred_to(live):
            if _may_be(live, resource):
                return resource
        for resource in self._with_its_key(live):
            if _may_be(live, resource) and self._is_this_plans(live, resource):
                return resource
        if not is_proven or (live.type, live.id) not in self.own:
            return None
        equal = self._equal_to(live)
        if len(equal) == 1 and not self._has_rival(equal[0], live):
            return equal[0]
        return None

    def _is_among_ours(self, live: Live) -> bool:
        """Whether it lies in a network that is ours or that the plan names, or in none."""
        kind = self.kinds[live.type]
        place = "" if kind.is_network else kind.network_of(live)
        return not place or place in self.given or place in self._our_places

    def _is_this_plans(self, live: Live, resource: Resource) -> bool:
        """Whether it has the place or the name of the resource as this plan's: another plan may want the same of an
        existing network, or give the same name, and what it made may have lost its plan's."""
        kind = self.kinds[live.type]
        if (live.type, live.id) in self.own or live.properties.get(kind.lies_in) in self._our_places:
            return True
        place = kind.network_of(live)
        if place in self._our_places:
            return place not in given_places(live.tags)
        name = live.properties.get(kind.name_property or "")
        return isinstance(name, str) and is_generated_name(kind, self.owner, [resource.logical_id], name)

    @cached_property
    def _our_places(self) -> frozenset[str]:
        return frozenset(live.id for lives in self.named.values() for live in lives)

    @cached_property
    def _open(self) -> Sequence[Resource]:
        resources = self.graph.resources.values()
        return [each for each in resources if not self.named.get((each.type, each.logical_id))]

    @cached_property
    def _wanted(self) -> Mapping[str, Mapping[str, Value]]:
        """The properties of each resource, as far as they are known; only a link's and an open one's are asked for."""
        links = (each for each in self.graph.resources.values() if self.kinds[each.type].identity is Identity.LINK)
        return {each.logical_id: self._resolved(each) for each in (*self._open, *links)}

    def _resolved(self, resource: Resource) -> Mapping[str, Value]:
        kind = self.kinds[resource.type]
        return kind.normalise(resolve_properties(resource.properties, self._lookup))

    def _lookup(self, reference: Ref | GetAtt) -> Value:
        resource = self.graph.resources.get(reference.logical_id)
        lives = self.named.get((resource.type, resource.logical_id), ()) if resource else ()
        if len(lives) != 1:
            return Unknown(reference)
        live = lives[0]
        if isinstance(reference, Ref):
            return live.ref or live.id
        return live.attributes.get(reference.attribute, Unknown(reference))

    def _referred_to(self, live: Live) -> Iterator[Resource]:
        """Resources to which something of the plan refers that is live and points at this."""
        for name in dict.fromkeys((live.id, live.ref or live.id)):
            yield from self._pointed_at.get((live.type, name), ())

    @cached_property
    def _pointed_at(self) -> Mapping[tuple[str, str], Sequence[Resource]]:
        """By type and id, the open resources that have to be what live holders of references to them point at."""
        found: dict[tuple[str, str], list[Resource]] = {}
        open_ones = {each.logical_id: each for each in self._open}
        for other in self.graph.resources.values():
            for name, value in other.properties.items():
                target = open_ones.get(value.logical_id) if isinstance(value, Ref | GetAtt) else None
                if target is not None:
                    for holder in self._holders(other, name):
                        points_at = holder.properties.get(name)
                        if isinstance(points_at, str):
                            found.setdefault((target.type, points_at), []).append(target)
        return found

    def _holders(self, other: Resource, apart_from: str) -> Iterator[Live]:
        """Live resources that are `other`, by name or, for a link, by all its references but one."""
        yield from self.named.get((other.type, other.logical_id), ())
        if self.kinds[other.type].identity is Identity.LINK:
            wanted = {
                name: value
                for name, value in self._wanted[other.logical_id].items()
                if name != apart_from and not isinstance(value, Unknown)
            }
            for live in self._links_with(other.type, wanted) if wanted else ():
                if all(live.properties.get(name) == value for name, value in wanted.items()):
                    yield live

    def _links_with(self, type: str, wanted: Mapping[str, Value]) -> Sequence[Live]:
        """Those that may have these properties: they have one of the texts among them."""
        some = next(((name, value) for name, value in wanted.items() if isinstance(value, str)), None)
        if some is None:
            return self.inventory.of(type)
        return self._links.get((type, *some), ())

    @cached_property
    def _links(self) -> Mapping[tuple[str, str, str], Sequence[Live]]:
        """Live links by type, property and text."""
        found: dict[tuple[str, str, str], list[Live]] = {}
        for live in self.inventory:
            if self.kinds[live.type].identity is Identity.LINK:
                for name, value in live.properties.items():
                    if isinstance(value, str):
                        found.setdefault((live.type, name, value), []).append(live)
        return found

    def _with_its_key(self, live: Live) -> Iterator[Resource]:
        """Open resources that AWS allows only once, with the key that this has."""
        for key in self.kinds[live.type].unique(live.properties):
            yield from self._by_key.clashing((live.type, *key))

    @cached_property
    def _by_key(self) -> UniqueKeys[Resource]:
        found: UniqueKeys[Resource] = UniqueKeys()
        for resource in self._open:
            kind, wanted = self.kinds[resource.type], self._wanted[resource.logical_id]
            for key in kind.unique(with_certain_name(kind, self.owner, resource.logical_id, wanted)):
                found.add((resource.type, *key), resource)
        return found

    def _equal_to(self, live: Live) -> list[Resource]:
        """Open resources whose create-only properties this has: two at most, as more say no more."""
        candidates = self._alike.of_live(live)
        equal = (each for each in candidates if _may_be(live, each) and self._equal(each, live))
        return list(islice(equal, 2))

    def _has_rival(self, resource: Resource, live: Live) -> bool:
        """Whether another one may be the resource as well; one that says it is another resource is no rival."""
        rivals = (rival for rival in self._alike.of_resource(resource) if rival is not live)
        return any(_may_be(rival, resource) and self._equal(resource, rival) for rival in rivals)

    def _equal(self, resource: Resource, live: Live) -> bool:
        kind, wanted = self.kinds[resource.type], self._wanted[resource.logical_id]
        if self.loosely:
            wanted = {name: value for name, value in wanted.items() if is_known(value)}
            if not given_create_only(kind, wanted):
                return False
        return not create_only_changes(kind, wanted, live)

    @cached_property
    def _alike(self) -> _Alike:
        return _Alike(self._open, self.pool, self._wanted, self.kinds)


@dataclass(frozen=True)
class _Alike:
    """Open resources and live ones of the pool, put together by the texts among their create-only properties, so that
    not each is compared with each."""

    resources: Sequence[Resource]
    pool: Sequence[Live]
    wanted: Mapping[str, Mapping[str, Value]]
    kinds: Mapping[str, KindFacts]

    def of_live(self, live: Live) -> Iterator[Resource]:
        """Open resources that may be this."""
        for names, by_texts in self._resources.get(live.type, {}).items():
            texts = tuple(live.properties.get(name) for name in names)
            if None in texts:
                yield from (resource for group in by_texts.values() for resource in group)
            else:
                yield from by_texts.get(texts, ())

    def of_resource(self, resource: Resource) -> Iterator[Live]:
        """Those of the pool that may be this."""
        names = self._names(resource)
        if names not in self._lives:
            self._lives[names] = _grouped_lives(self.pool, names)
        texts = tuple(self.wanted[resource.logical_id][name] for name in names)
        by_texts = self._lives[names]
        yield from by_texts.get((resource.type, texts), ())
        yield from by_texts.get((resource.type, None), ())

    def _names(self, resource: Resource) -> tuple[str, ...]:
        wanted = self.wanted[resource.logical_id]
        rows = self.kinds[resource.type].properties
        return tuple(row.name for row in rows if row.create_only and isinstance(wanted.get(row.name), str))

    @cached_property
    def _resources(self) -> Mapping[str, Mapping[tuple[str, ...], Mapping[tuple[Value, ...], Sequence[Resource]]]]:
        found: dict[str, dict[tuple[str, ...], dict[tuple[Value, ...], list[Resource]]]] = {}
        for resource in self.resources:
            names = self._names(resource)
            texts = tuple(self.wanted[resource.logical_id][name] for name in names)
            found.setdefault(resource.type, {}).setdefault(names, {}).setdefault(texts, []).append(resource)
        return found

    @cached_property
    def _lives(self) -> dict[tuple[str, ...], Mapping[tuple[str, tuple[Value, ...] | None], Sequence[Live]]]:
        return {}


def _may_be(live: Live, resource: Resource) -> bool:
    """Whether its tags don't say that it is another resource."""
    said = live.tags.get(RESOURCE) if live.known_as is None else live.known_as
    return said in (None, "", resource.logical_id)


def _grouped_lives(
    pool: Sequence[Live], names: tuple[str, ...]
) -> Mapping[tuple[str, tuple[Value, ...] | None], Sequence[Live]]:
    """By type and the texts of these properties; under None those of which one is missing."""
    found: dict[tuple[str, tuple[Value, ...] | None], list[Live]] = {}
    for live in pool:
        texts = tuple(live.properties.get(name) for name in names)
        whole = None if any(not isinstance(text, str) for text in texts) else texts
        found.setdefault((live.type, whole), []).append(live)
    return found
