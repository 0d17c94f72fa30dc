"""Which claims count. Tags say whose a resource is, and tags get copied: by modules, backup tools, tag editors. What
carries this plan's tags and can't be what they say is a stranger's, and left alone.

A claim doesn't count on what the plan names as existing, on another type than its logical id has, in a VPC that is
neither this plan's nor named by it, or beside the resource that its tags were copied from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, combinations
from typing import Final

from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.ownership import (
    PLAN,
    RESOURCE,
    REVISION,
    claimed_by,
    generated_name,
    identity_tags,
    lost_its_plan,
    revision,
)
from ocpprov.engine.resources import Live, Owner, State


@dataclass(frozen=True)
class Memory:
    """What is known of a plan beside its graph and AWS's tags. `types`: the type of each of its logical ids. `given`:
    ids of existing things that it names. `made`: type and id of what the journal's runs made and haven't deleted."""

    types: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    made: frozenset[tuple[str, str]] = frozenset()


NOTHING_KNOWN: Final = Memory()


@dataclass(frozen=True)
class FalseClaim:
    """A live resource with this plan's tags that isn't this plan's, and how one can tell. `twin`: the id of one that is
    just like it and this plan's, so that somebody has to say which of them is meant before anything is changed."""

    live: Live
    reason: str
    twin: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """What identifies it among all types."""
        return (self.live.type, self.live.id)

    def __str__(self) -> str:
        return f"{self.live.type} {self.live.id} carries this plan's tags, but {self.reason}"


def false_claims(
    inventory: Inventory, owner: Owner, kinds: Mapping[str, KindFacts], memory: Memory
) -> dict[tuple[str, str], FalseClaim]:
    """The claims that don't count, by type and id."""
    found: dict[tuple[str, str], FalseClaim] = {}
    claims = [
        live
        for live in inventory
        if kinds[live.type].identity is Identity.TAGS
        and live.state is not State.GONE
        and not live.service_owned
        and (claimed_by(live, owner) or lost_its_plan(live))
    ]
    evidence = _Evidence(owner, kinds)

    def left() -> list[Live]:
        return [live for live in claims if (live.type, live.id) not in found]

    found |= {stranger.place: stranger for stranger in _given(claims, memory)}
    found |= {stranger.place: stranger for stranger in _of_another_type(left(), memory, evidence)}
    found |= {stranger.place: stranger for stranger in _copies(left(), evidence)}
    found |= {stranger.place: stranger for stranger in _inhabited(left(), inventory, kinds, memory)}
    found |= {stranger.place: stranger for stranger in _elsewhere(left(), inventory, kinds, memory, evidence)}
    return found


def _named(live: Live) -> str:
    return identity_tags(live).get(RESOURCE, "")


def _given(claims: Sequence[Live], memory: Memory) -> Iterator[FalseClaim]:
    """What the plan made it may name as well; but of two with the same tags the one that it names was there before."""
    named = {(live.type, _named(live)) for live in claims if live.id not in memory.given and _named(live)}
    for live in claims:
        if live.id not in memory.given or (live.type, live.id) in memory.made:
            continue
        if memory.types.get(_named(live)) != live.type or (live.type, _named(live)) in named:
            yield FalseClaim(live, "the plan names it as existing")


def _of_another_type(claims: Sequence[Live], memory: Memory, evidence: _Evidence) -> Iterator[FalseClaim]:
    by_name: dict[str, list[Live]] = {}
    for live in claims:
        if _named(live):
            by_name.setdefault(_named(live), []).append(live)
    for name, lives in by_name.items():
        types = {live.type for live in lives}
        right = memory.types.get(name) or (types.pop() if len(types) == 1 else evidence.type_of(lives))
        for live in lives:
            if live.type != right and (live.type, live.id) not in memory.made:
                what = f"{name} is {right}" if right else f"so do others of {len(types)} types, all as {name}"
                yield FalseClaim(live, what)


def _copies(claims: Sequence[Live], evidence: _Evidence) -> Iterator[FalseClaim]:
    """Made by one request, two resources have the create-only properties of its revision, both. While AWS is still at
    work on one, its answer may lack some."""
    alike: dict[tuple[str, str, str], list[Live]] = {}
    for live in claims:
        if live.state is State.READY and _named(live) and REVISION in live.tags:
            alike.setdefault((live.type, _named(live), live.tags[REVISION]), []).append(live)
    for lives in alike.values():
        fitting = [live for live in lives if evidence.agrees(live)] if len(lives) > 1 else []
        for live in lives:
            if fitting and live not in fitting:
                yield FalseClaim(live, f"they are those of {fitting[0].id}")


def _inhabited(
    claims: Sequence[Live], inventory: Inventory, kinds: Mapping[str, KindFacts], memory: Memory
) -> Iterator[FalseClaim]:
    """Of several VPCs with the tags of one request, those in which only things of others lie, beside one with ours."""
    places = {(live.type, live.id) for live in claims}
    ours: set[str] = set()
    inhabitants: dict[str, str] = {}
    for live in inventory:
        kind = kinds[live.type]
        network = "" if kind.is_network else kind.network_of(live)
        if network and kind.identity is Identity.TAGS and not live.service_owned:
            ours |= {network} if (live.type, live.id) in places else set()
            inhabitants.setdefault(network, live.id)
    networks = [live for live in claims if kinds[live.type].is_network and _named(live) and REVISION in live.tags]
    used = {(_named(live), live.tags[REVISION]): live.id for live in networks if live.id in ours}
    for live in networks:
        original = used.get((_named(live), live.tags[REVISION]))
        if original and live.id in inhabitants and live.id not in ours and (live.type, live.id) not in memory.made:
            yield FalseClaim(
                live, f"they are those of {original}, and {inhabitants[live.id]} of others lies in it", original
            )


def _elsewhere(
    claims: Sequence[Live],
    inventory: Inventory,
    kinds: Mapping[str, KindFacts],
    memory: Memory,
    evidence: _Evidence,
) -> Iterator[FalseClaim]:
    places = _Places(inventory, kinds)
    ours = {live.id for live in claims if kinds[live.type].is_network and _named(live)} | memory.given
    for live in inventory:
        shared = kinds[live.type].identity is Identity.SHARED_TAGS
        known = live.id in memory.given or (live.type, live.id) in memory.made
        if known:
            ours |= places.of(live)
        # The mark that a plan leaves on the subnets of an existing network is a tag like others: it tells the network
        # only where nothing else does.
        if shared and claimed_by(live, evidence.owner) and (known or not memory.given):
            ours |= places.near(live.id)
    rest = [
        live for live in claims if not kinds[live.type].is_network and places.of(live) and not places.of(live) & ours
    ]
    for live in rest:
        if evidence.tells_the_place(live):
            ours |= places.of(live)
    groups = {live.id for live in claims} | memory.given
    for live in rest:
        if not places.of(live) & ours and not evidence.has_its_name(live) and PLAN not in live.claim:
            where = ", ".join(sorted(places.of(live)))
            groups -= {live.id} - memory.given
            yield FalseClaim(live, f"it lies in {where}, which is neither this plan's nor named by it")
    for live in inventory:
        kind = kinds[live.type]
        parent = live.properties.get(kind.parent_property)
        if kind.identity is not Identity.SHARED_TAGS or parent == live.id or not claimed_by(live, evidence.owner):
            continue
        if isinstance(parent, str) and parent not in groups and not places.near(parent) & ours:
            yield FalseClaim(live, f"it is in {parent}, which is neither this plan's nor named by it")


@dataclass(frozen=True)
class _Places:
    """In which VPCs a live resource lies: as it says itself, else as what it refers to says, or what links it."""

    inventory: Inventory
    kinds: Mapping[str, KindFacts]

    def of(self, live: Live) -> frozenset[str]:
        own = self.kinds[live.type].network_of(live)
        if own:
            return frozenset({own})
        referred = chain.from_iterable(map(self.near, self.kinds[live.type].references(live)))
        return self.near(live.id).union(referred)

    def near(self, id: str) -> frozenset[str]:
        """Those in which the resource of this id lies, as far as it is known."""
        is_network = any(kind.is_network and id.startswith(kind.id_prefix) for kind in self.kinds.values())
        return frozenset({id}) if is_network else self._by_id.get(id, frozenset())

    @cached_property
    def _by_id(self) -> Mapping[str, frozenset[str]]:
        """VPCs by the id of what lies in them; a gateway lies where its attachment says."""
        found: dict[str, frozenset[str]] = {}
        for live in self.inventory:
            kind = self.kinds[live.type]
            network = kind.network_of(live)
            parent = live.properties.get(kind.parent_property) if kind.identity is Identity.LINK else live.id
            if network and isinstance(parent, str) and parent != network:
                found[parent] = found.get(parent, frozenset()) | {network}
        return found


@dataclass(frozen=True)
class _Evidence:
    """What a live resource itself says for or against its tags: the revision is a hash of the create-only properties
    that the plan gave, which a copy of the tags doesn't fit."""

    owner: Owner
    kinds: Mapping[str, KindFacts]

    def type_of(self, lives: Sequence[Live]) -> str:
        """The only type of which the revision is, empty where that can't be told."""
        fitting = {live.type for live in lives if self.agrees(live)}
        fitting = fitting or {live.type for live in lives if REVISION not in live.tags}
        return fitting.pop() if len(fitting) == 1 else ""

    def agrees(self, live: Live) -> bool:
        return self._hashed(live) is not None

    def tells_the_place(self, live: Live) -> bool:
        """Whether the revision is of properties that tell the network."""
        return bool((self._hashed(live) or frozenset()).intersection(self.kinds[live.type].tell_the_network))

    def has_its_name(self, live: Live) -> bool:
        """Whether it has the name that this plan gives it, or that ocpprov generates for it."""
        kind = self.kinds[live.type]
        name = kind.name_property
        if not name or not live.tags.get(REVISION):
            return False
        if name in (self._hashed(live) or ()):
            return True
        return live.properties.get(name) == generated_name(kind, self.owner, _named(live), live.tags[REVISION])

    def _hashed(self, live: Live) -> frozenset[str] | None:
        """Names of the create-only properties whose values give the revision; None where none do."""
        kind, said = self.kinds[live.type], live.tags.get(REVISION)
        names = [row.name for row in kind.properties if row.create_only and row.name in live.properties]
        if not said:
            return None
        subsets = chain.from_iterable(combinations(names, count) for count in range(len(names), -1, -1))
        fitting = (some for some in subsets if revision(kind, {name: live.properties[name] for name in some}) == said)
        found = next(fitting, None)
        return None if found is None else frozenset(found)
