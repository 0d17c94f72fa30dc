"""In which order the steps may run: needs before dependents, moves before deletions, and deletions first where AWS
allows only one of a thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from ocpprov.engine.graph import Graph
from ocpprov.engine.kind_facts import Identity, KindFacts, UniqueKey
from ocpprov.engine.steps import (
    Barrier,
    CreateStep,
    DeleteStep,
    DetachStep,
    Step,
    UpdateStep,
    barrier_name,
    build_name,
)
from ocpprov.engine.strong_components import component_of
from ocpprov.engine.unique_keys import UniqueKeys
from ocpprov.engine.values import Value, texts_in

T = TypeVar("T")


def with_order(
    steps: Sequence[Step],
    wanted: Mapping[str, Mapping[str, Value]],
    graph: Graph,
    kinds: Mapping[str, KindFacts],
) -> tuple[list[Step], frozenset[str]]:
    """The steps with their `after` filled in, and the logical ids that are interrupted: their old one goes first.

    What AWS demands are hard edges. That others have moved before something is deleted is wished for, and left out
    where it would make a circle: then the deletion comes first, and AWS lets it (a route goes black), or refuses until
    the other deletions are done.
    """
    edges = _Edges(steps, graph, kinds)
    interrupted: set[str] = set()
    edges.detach_first()
    for build in edges.builds:
        edges.require(build.name, map(build_name, graph.needs[build.logical_id]))
    for build, delete in edges.in_the_way(wanted):
        edges.require(build.name, [delete.name])
        if delete.logical_id == build.logical_id:
            interrupted.add(build.logical_id)
    edges.delete_users_first()
    edges.send_what_goes_in_circles()
    edges.move_first()
    return edges.steps_in_order(), frozenset(interrupted)


@dataclass
class _Edges:
    """What each step waits for, by name: what it has to, and what it ought to. `sent` are deletions that could go along
    with another one and have to be sent all the same."""

    steps: Sequence[Step]
    graph: Graph
    kinds: Mapping[str, KindFacts]
    after: dict[str, set[str]] = field(init=False)
    wished: dict[str, set[str]] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    barriers: dict[str, Barrier] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.after = {step.name: set() for step in self.steps}
        for step in self.steps:
            self.require(step.name, step.after)

    @cached_property
    def builds(self) -> Sequence[CreateStep | UpdateStep]:
        return [step for step in self.steps if isinstance(step, CreateStep | UpdateStep)]

    @cached_property
    def deletes(self) -> Sequence[DeleteStep]:
        return [step for step in self.steps if isinstance(step, DeleteStep)]

    @cached_property
    def deletes_by_id(self) -> Mapping[str, Sequence[DeleteStep]]:
        return _grouped((delete.live.id, delete) for delete in self.deletes)

    def require(self, name: str, needs: Iterable[str]) -> None:
        """It has to wait for those of the needs that are steps of this run."""
        self.after[name].update(need for need in needs if need in self.after)

    def wish(self, name: str, needs: Iterable[str]) -> None:
        """It ought to wait for these."""
        self.wished.setdefault(name, set()).update(needs)

    def all_of(self, names: Collection[str], *about: object) -> str:
        """The one step to wait for instead of all of these."""
        if len(names) == 1:
            return next(iter(names))
        name = barrier_name(*about)
        if name not in self.barriers:
            self.barriers[name] = Barrier(name=name)
            self.after[name] = set(names)
        return name

    def detach_first(self) -> None:
        """Who lets go of something does so before it is deleted, and is brought to its end later."""
        for step in self.steps:
            if isinstance(step, DetachStep):
                for id in _detached(step):
                    for delete in self.deletes_by_id.get(id, ()):
                        self.require(delete.name, [step.name])
                self.require(build_name(step.logical_id), [step.name])

    def in_the_way(
        self, wanted: Mapping[str, Mapping[str, Value]]
    ) -> Iterator[tuple[CreateStep | UpdateStep, DeleteStep]]:
        """What is to be made, or changed, and what is deleted of which AWS allows only one: the same key, or a unique
        one that it doesn't have yet."""
        keyed: dict[tuple[str, UniqueKey], list[DeleteStep]] = {}
        unique: UniqueKeys[DeleteStep] = UniqueKeys()
        for delete in self.deletes:
            kind = self.kinds[delete.type]
            key = None if kind.identity is Identity.TAGS else kind.key(delete.live.properties)
            if key is not None:
                keyed.setdefault((delete.type, key), []).append(delete)
            for each in kind.unique(delete.live.properties):
                unique.add((delete.type, *each), delete)
        for build in self.builds:
            kind, properties = self.kinds[build.type], wanted[build.logical_id]
            own: Sequence[UniqueKey] = ()
            if isinstance(build, UpdateStep):
                own = kind.unique(build.live.properties) if build.changed else kind.unique(properties)
            elif (key := None if kind.identity is Identity.TAGS else kind.key(properties)) is not None:
                yield from ((build, delete) for delete in keyed.get((build.type, key), ()))
            for each in (each for each in kind.unique(properties) if each not in own):
                yield from ((build, delete) for delete in unique.clashing((build.type, *each)))

    def delete_users_first(self) -> None:
        """What refers to something goes before it, but for what goes along with it; and what AWS wants gone first in
        the same network."""
        for first in self.deletes:
            self.require(first.name, [first.along])
            for id in self.kinds[first.type].references(first.live):
                for then in self.deletes_by_id.get(id, ()):
                    if then is not first and then.name != first.along:
                        self.require(then.name, [first.name])
        for then in self.deletes:
            kind = self.kinds[then.type]
            network = kind.network_of(then.live)
            for type in kind.delete_after:
                firsts = self.deletes_in.get((type, network)) or self.deletes_nowhere.get(type)
                if firsts:
                    self.require(then.name, [self.all_of(firsts, "delete", type, network)])

    def send_what_goes_in_circles(self) -> None:
        """Two groups whose rules name each other: neither can go before the other one's rules. Those of one are sent,
        in one call: of the one with the most of them and to it, until no circle is left."""
        while rows := self._going_in_circles():
            into = Counter(name for row in rows for name in self._held_by(row))
            lots = Counter((row.along, row.type) for row in rows)
            lot = max(lots, key=lambda each: (lots[each] + into[each[0]], each))
            for row in rows:
                if (row.along, row.type) == lot:
                    self.sent.add(row.name)
                    self.after[row.name].discard(row.along)
                    self.after[row.along].add(row.name)

    def _going_in_circles(self) -> list[DeleteStep]:
        """What goes along with something that waits for it."""
        along = [delete for delete in self.deletes if delete.along and delete.name not in self.sent]
        if not along:
            return []
        component = component_of(self.after)
        return [row for row in along if row.along in component and component[row.name] == component[row.along]]

    def _held_by(self, row: DeleteStep) -> list[str]:
        """The steps that delete what it refers to."""
        ids = self.kinds[row.type].references(row.live)
        return [then.name for id in ids for then in self.deletes_by_id.get(id, ()) if then.name != row.along]

    @cached_property
    def deletes_in(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """Deletions by type and network. What lies in none, as far as is known, counts in each; without a network all
        of a type are meant."""
        found: dict[tuple[str, str], list[str]] = {}
        for delete in self.deletes:
            found.setdefault((delete.type, self.kinds[delete.type].network_of(delete.live)), []).append(delete.name)
        every = _grouped((delete.type, delete.name) for delete in self.deletes)
        inside = {
            place: [*names, *self.deletes_nowhere.get(place[0], ())] for place, names in found.items() if place[1]
        }
        return {**inside, **{(type, ""): names for type, names in every.items()}}

    @cached_property
    def deletes_nowhere(self) -> Mapping[str, Sequence[str]]:
        """Deletions by type of what lies in no network, as far as is known."""
        return _grouped(
            (delete.type, delete.name) for delete in self.deletes if not self.kinds[delete.type].network_of(delete.live)
        )

    def move_first(self) -> None:
        """Nobody ought to use any longer what is deleted: its successor is there, the successor's dependents have
        moved, and so has who refers to it. Of what shares its tags, such as rules, what is added comes first."""
        built = {build.logical_id: build.name for build in self.builds}
        referring = _grouped(
            (id, build.name)
            for build in self.builds
            if isinstance(build, UpdateStep)
            for id in self.kinds[build.type].references(build.live)
        )
        alike = _grouped(
            (build.type, build.name) for build in self.builds if self.kinds[build.type].identity is Identity.SHARED_TAGS
        )
        for delete in self.deletes:
            users = (delete.logical_id, *self.graph.dependents(delete.logical_id))
            self.wish(delete.name, (built[user] for user in users if user in built))
            self.wish(delete.name, referring.get(delete.live.id, ()))
            if delete.type in alike:
                self.wish(delete.name, [self.all_of(alike[delete.type], "build", delete.type)])

    def steps_in_order(self) -> list[Step]:
        """All steps, barriers included. A wish between two that wait for each other, by whatever way, is left out."""
        component = component_of({name: needs | self.wished.get(name, set()) for name, needs in self.after.items()})
        for name, needs in self.wished.items():
            self.after[name] |= {need for need in needs if component[need] != component[name]}
        every: list[Step] = [*map(self._as_sent, self.steps), *self.barriers.values()]
        return [replace(step, after=frozenset(self.after[step.name])) for step in every]

    def _as_sent(self, step: Step) -> Step:
        """What goes along is no part of a call, but told together."""
        if not isinstance(step, DeleteStep) or not step.along:
            return step
        if step.name in self.sent:
            return replace(step, along="")
        return replace(step, batch=(step.type, "along", step.along))


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _detached(step: DetachStep) -> set[str]:
    """Ids, or other texts, that its lists hold now and not any longer afterwards."""
    before = {text for name in step.rest for text in texts_in(step.live.properties.get(name))}
    return before - {text for items in step.rest.values() for text in texts_in(items)}
