"""What planning decides about each wanted resource, and what it knows while it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ocpprov.engine.actions import Change, Unmanaged, Verb
from ocpprov.engine.claims import UnprovenClaim, named
from ocpprov.engine.delete_before_create import Leaving
from ocpprov.engine.graph import Graph
from ocpprov.engine.identify import Identified
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, KindFacts, UniqueKey
from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import CLUSTER, PLAN_ID, RECORDS, LedgerEntries, decode_ledger, takes_all_tags
from ocpprov.engine.resources import Live, Owner, Resource, State
from ocpprov.engine.steps import NO_TAG_EDIT, TagEdit
from ocpprov.engine.values import GetAtt, Ref, Unknown, Value


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of one wanted resource. `wanted` are its properties as far as they are known; `live` is the one
    that stays, None where one has to be made; `detached` are the lists without what goes before its successor is there.
    """

    resource: Resource
    verb: Verb
    wanted: Mapping[str, Value]
    live: Live | None = None
    changes: Sequence[Change] = ()
    tag_changes: Sequence[Change] = ()
    keep: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    tags: TagEdit = NO_TAG_EDIT
    predecessors: Sequence[Live] = ()
    duplicates: Sequence[Live] = ()
    detached: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    reason: str = ""


@dataclass
class PlanningContext:
    """What planning has found out so far. `remembered`: what each resource has to remember, by logical id. `leaving`:
    ids that AWS must lose before their successors can be made. `unproven`, by type and id, carry our tags, and nothing
    shows that they are ours; `proven` are those of which something does."""

    graph: Graph
    inventory: Inventory
    owner: Owner
    kinds: Mapping[str, KindFacts]
    identified: Identified
    remembered: Mapping[str, LedgerEntries]
    memory: Memory
    unproven: Mapping[tuple[str, str], UnprovenClaim]
    proven: frozenset[tuple[str, str]] = frozenset()
    decisions: dict[str, Decision] = field(default_factory=dict)
    leaving: Leaving = field(default_factory=Leaving)
    others: list[Unmanaged] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def lookup(self, reference: Ref | GetAtt) -> Value:
        """What a reference gives, unknown where this run makes or replaces what it refers to, or AWS doesn't say it."""
        live = self.decisions[reference.logical_id].live
        if live is None:
            return Unknown(reference)
        if isinstance(reference, Ref):
            return live.ref or live.id
        return live.attributes.get(reference.attribute, Unknown(reference, is_unanswered=True))

    def live(self, id: str) -> Sequence[Live]:
        """The live resources of an id; a bucket and its policy share one."""
        return self._by_id.get(id, ())

    def with_key(self, type: str, key: UniqueKey | None) -> Sequence[Live]:
        """The live resources that a key identifies among those of its type."""
        return self._by_key.get((type, key), ()) if key else ()

    def links_of(self, parent: Live) -> Iterator[Live]:
        """The links that belong to a live resource, whoever made them."""
        for name in dict.fromkeys((parent.id, parent.ref or parent.id)):
            yield from self._links.get(name, ())

    def said_of(self, id: str, name: str) -> Value:
        """A property of the live resource of an id; nothing where it isn't there, or doesn't have it."""
        return next((live.properties[name] for live in self.live(id) if name in live.properties), None)

    def network_of(self, id: str) -> str:
        """The network in which the resource of an id lies, empty where it is in none or not there."""
        networks = (self.kinds[live.type].network_of(live) for live in self.live(id))
        return next((network for network in networks if network), "")

    @property
    def is_destroy(self) -> bool:
        """Whether all of the plan is to go."""
        return not self.graph.resources

    def may_be_another_plans(self, live: Live) -> bool:
        """Whether what goes, and isn't going already, could have been made by another plan of this name: nobody has
        applied this one from here, and neither the plan's id nor its cluster, which are in the tags of what takes
        enough of them, tells."""
        known = self.is_destroy or self.memory.is_known_here or live.id in self.memory.allowed
        if known or live.state is State.DELETING or (live.type, live.id) in self.memory.made:
            return False
        own = {PLAN_ID: self.owner.plan_id, CLUSTER: self.owner.cluster}
        if self.kinds[live.type].identity is Identity.TAGS and takes_all_tags(self.kinds[live.type]):
            return not any(value and live.tags.get(key) == value for key, value in own.items())
        return not any(own.values())

    @cached_property
    def our_or_given(self) -> frozenset[str]:
        """Ids of what is the plan's, and of what it names as existing."""
        return frozenset(self.our_ids) | self.memory.given

    @cached_property
    def our_ids(self) -> frozenset[str]:
        """Ids of what is ours by its own tags."""
        return frozenset(live.id for live in self.identified.all())

    @cached_property
    def logical_ids(self) -> Mapping[str, str]:
        """Those of what is ours, by whatever identifies it."""
        return {id: named(live) for live in self.identified.all() for id in (live.id, live.ref) if id and named(live)}

    @cached_property
    def defaults(self) -> frozenset[str]:
        """Ids of what AWS makes by itself, such as a VPC's first group."""
        return frozenset(live.id for live in self.inventory if live.service_owned)

    @cached_property
    def remembered_elsewhere(self) -> Mapping[str, Live]:
        """Rows of ours in other people's zones and tables (`<parent id> <entry>`), each with what remembers it; that
        rather than what has its tags."""
        holders = sorted(self.identified.all(), key=lambda live: live.known_as is None)
        return {entry: live for live in holders for entry in decode_ledger(RECORDS, live.tags)}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that the plan gives literally."""
        resources = self.graph.resources.values()
        given = (each.properties.get(self.kinds[each.type].name_property or "") for each in resources)
        return frozenset(name for name in given if isinstance(name, str))

    @cached_property
    def used(self) -> frozenset[str]:
        """Ids that something of ours refers to, which serves this plan."""
        return frozenset(
            id for live in self.inventory if self._is_a_use(live) for id in self.kinds[live.type].references(live)
        )

    def _is_a_use(self, live: Live) -> bool:
        """Whether what it refers to serves this plan. AWS puts a group, a table and an ACL into each VPC."""
        kind = self.kinds[live.type]
        if kind.identity is Identity.TAGS:
            return live.id in self.our_ids
        if live.service_owned:
            return False
        parent = live.properties.get(kind.parent_property)
        others = [id for id in kind.references(live) if id != parent]
        return parent in self.our_ids and bool(others) and all(id in self.our_ids for id in others)

    @cached_property
    def _by_id(self) -> Mapping[str, Sequence[Live]]:
        found: dict[str, list[Live]] = {}
        for live in self.inventory:
            found.setdefault(live.id, []).append(live)
        return found

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, UniqueKey | None], Sequence[Live]]:
        found: dict[tuple[str, UniqueKey | None], list[Live]] = {}
        for live in self.inventory:
            kind = self.kinds[live.type]
            if kind.identity is not Identity.TAGS:
                found.setdefault((live.type, kind.key(live.properties)), []).append(live)
        return found

    @cached_property
    def _links(self) -> Mapping[str, Sequence[Live]]:
        found: dict[str, list[Live]] = {}
        for live in self.inventory:
            kind = self.kinds[live.type]
            parent = live.properties.get(kind.parent_property)
            if kind.identity is Identity.LINK and isinstance(parent, str):
                found.setdefault(parent, []).append(live)
        return found
