"""What of ours the plan no longer wants: predecessors, duplicates, orphans, links and remembered children."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from ocpprov.engine.actions import Verb
from ocpprov.engine.claims import UnprovenClaim, named
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, KindFacts, UniqueKey
from ocpprov.engine.ownership import (
    BOUND,
    CHILDREN,
    ON_DELETE,
    ON_DELETE_RETAIN,
    PLAN,
    RETAINED,
    claimed_by,
    decode_ledger,
    identity_tags,
    retained_entry,
    row_elsewhere,
)
from ocpprov.engine.planning_context import Decision, PlanningContext
from ocpprov.engine.resources import Live, State
from ocpprov.engine.shared_lists import all_remembered, member_entries
from ocpprov.engine.steps import delete_name
from ocpprov.engine.values import texts_in

_RETAIN: Final = "DeletionPolicy Retain"
_NOT_WANTED: Final = "not in the plan"


@dataclass(frozen=True)
class Deletion:
    """One live resource that goes. `parent` is the id of what a child belongs to, or (`elsewhere`) of the resource of
    ours that remembers a row in somebody else's zone or table; `part_of_replacement` when the action that says so is a
    replacement's."""

    live: Live
    logical_id: str
    verb: Verb
    reason: str
    parent: str = ""
    elsewhere: bool = False
    part_of_replacement: bool = False

    @property
    def step_name(self) -> str:
        return delete_name(self.live.type, self.live.id)


def unwanted_resources(context: PlanningContext) -> list[Deletion]:
    """Everything of ours that goes, each once."""
    decisions = context.decisions
    chosen: dict[tuple[str, str], Deletion] = {}
    groups: Iterable[Iterable[Deletion]] = (_predecessors(decisions), _orphans(context), _superseded(context))
    for group in groups:
        for deletion in group:
            chosen.setdefault((deletion.live.type, deletion.live.id), deletion)
    kept = {(d.live.type, d.live.id) for d in decisions.values() if d.live is not None}
    going = {id for _, id in chosen}
    ours = {live.id: live for live in context.identified.all()}
    ownership = _Ownership(context, ours, frozenset(going))
    for deletion in _children(context.inventory, ownership):
        place = (deletion.live.type, deletion.live.id)
        if place in kept or place in chosen:
            continue
        goes_along = context.kinds[deletion.live.type].goes_with_parent and not deletion.elsewhere
        if goes_along and deletion.parent in going and deletion.verb is not Verb.FORGET:
            continue
        chosen[place] = deletion
    for deletion in _others_in_exclusive(context):
        chosen.setdefault((deletion.live.type, deletion.live.id), deletion)
    return list(chosen.values())


def kept_in_what_goes(deletions: Sequence[Deletion], kinds: Mapping[str, KindFacts]) -> Iterator[str]:
    """What is kept for its user (`DeletionPolicy: Retain`) and AWS would take away with what it is in."""
    going = {each.live.id: each for each in deletions if each.verb is not Verb.FORGET}
    for each in deletions:
        if each.verb is not Verb.FORGET:
            continue
        kind = kinds[each.live.type]
        takes_tags = kind.identity in (Identity.TAGS, Identity.SHARED_TAGS)
        inside = kind.ends_with if takes_tags else kind.parent_property
        ends = [str(each.live.properties.get(inside))] if inside else []
        # AWS deletes neither end of a link that is there.
        ends += kind.references(each.live) if kind.identity is Identity.LINK else ()
        parent = next((going[id] for id in ends if id in going), None)
        if parent is not None:
            lets_go = f"the tag {ON_DELETE} off it" if takes_tags else f"it out of the tag {RETAINED} of what has it"
            yield (
                f"{each.logical_id} ({each.live.type} {each.live.id}) is to be kept, as its DeletionPolicy says, and "
                f"AWS would delete it with {parent.logical_id} ({parent.live.type} {parent.live.id}); keep that one, "
                f"too (DeletionPolicy: Retain, and an apply), or, if it may go, take {lets_go}"
            )


def _predecessors(decisions: Mapping[str, Decision]) -> Iterator[Deletion]:
    for logical_id, decision in decisions.items():
        replacing = decision.verb is Verb.REPLACE
        for live in decision.predecessors:
            reason = "it failed" if live.state is State.BROKEN else f"an earlier {logical_id}, left by a replacement"
            yield Deletion(live, logical_id, Verb.DELETE, reason, part_of_replacement=replacing)
        for live in decision.duplicates:
            yield Deletion(live, logical_id, Verb.SWEEP, f"a second {logical_id}")


def _orphans(context: PlanningContext) -> Iterator[Deletion]:
    for (type, logical_id), lives in context.identified.named.items():
        decision = context.decisions.get(logical_id)
        if decision is not None and decision.resource.type == type:
            continue
        for live in lives:
            yield _orphan(live, logical_id)
    for live in context.identified.nameless:
        yield _orphan(live, live.tags.get("Name", live.id))
    for claim in () if context.is_destroy else context.unproven.values():
        if claim.live.id in context.memory.given and claim.live.tags.get(PLAN) == context.owner.plan:
            yield Deletion(claim.live, claim.logical_id or claim.live.id, Verb.FORGET, claim.reason)


def _orphan(live: Live, logical_id: str) -> Deletion:
    if identity_tags(live).get(ON_DELETE) == ON_DELETE_RETAIN:
        return Deletion(live, logical_id, Verb.FORGET, _RETAIN)
    return Deletion(live, logical_id, Verb.DELETE, _NOT_WANTED)


def _superseded(context: PlanningContext) -> Iterator[Deletion]:
    decisions, kinds = context.decisions, context.kinds
    keys: dict[UniqueKey, str] = {}
    for logical_id, decision in decisions.items():
        for key in kinds[decision.resource.type].supersedes(decision.wanted):
            keys[(decision.resource.type, key)] = logical_id
    wanted = {
        (decision.resource.type, kinds[decision.resource.type].key(decision.wanted)) for decision in decisions.values()
    }
    for live in context.inventory:
        place = (live.type, kinds[live.type].key(live.properties))
        if live.service_owned and place in keys and place not in wanted:
            yield Deletion(live, keys[place], Verb.DELETE, "AWS's default, superseded by the planned ones")


def _others_in_exclusive(context: PlanningContext) -> Iterator[Deletion]:
    """What others put into ours where the plan wants none but its own."""
    staying = {decision.live.id: name for name, decision in context.decisions.items() if decision.live is not None}
    for live in context.inventory:
        kind = context.kinds[live.type]
        if not kind.exclusive_sort or kind.exclusive_sort not in context.memory.exclusive or live.service_owned:
            continue
        parent = live.properties.get(kind.parent_property or kind.bound_by[0])
        ours = live.id in staying or live.id in context.our_ids
        if isinstance(parent, str) and parent in staying and not ours:
            reason = f"not of this plan, which is exclusive about {kind.exclusive_sort}"
            name = f"{staying[parent]}/{kind.ledger_entry(live.properties) or live.id}"
            yield Deletion(live, name, Verb.DELETE, reason, parent=parent)


def points_at(row: Live, holder: Live) -> bool:
    """Whether a row in somebody else's zone or table leads to the resource: by its id, or by its name in DNS. Only then
    its entry in a ledger counts: who may tag the resource mustn't choose what is deleted."""
    hosts = {_host(text) for text in texts_in(holder.attributes) if "." in text}
    return any(_host(text) in {holder.id, holder.ref, *hosts} - {""} for text in texts_in(row.properties))


def _host(text: str) -> str:
    """A name in DNS in one spelling; Route 53's console writes a prefix before those of load balancers."""
    return text.rstrip(".").lower().removeprefix("dualstack.") if "." in text else text


@dataclass(frozen=True)
class _Ownership:
    """Whose a row or a link is. `ours` are live resources by id, `going` the ids of those that are deleted."""

    context: PlanningContext
    ours: Mapping[str, Live]
    going: frozenset[str]

    def parent(self, live: Live) -> Live | None:
        value = live.properties.get(self.context.kinds[live.type].parent_property)
        return self.ours.get(value) if isinstance(value, str) else None

    def goes(self, live: Live) -> bool:
        """Whether it goes when the plan doesn't have it: it is ours, or AWS demands it before its parent goes."""
        kind, parent = self.context.kinds[live.type], self.parent(live)
        if kind.identity is Identity.SHARED_TAGS:
            proven = (live.type, live.id) in self.context.proven
            # What lacks its proof goes with a group of ours, and first, as it may hold another one.
            along = parent is not None and parent.id in self.going and BOUND not in live.tags
            return claimed_by(live, self.context.owner) and (proven or along)
        if parent is None:
            return False
        if kind.identity is Identity.LINK and kind.holds_parent and parent.id in self.going:
            return True
        return self._remembers(parent, live) or (kind.identity is Identity.LINK and self._links_ours(live, parent))

    def is_retained(self, live: Live, parent: Live | None) -> bool:
        """Whether it is this plan's and to stay where that is: its own tag says so, or that of what it belongs to."""
        kind = self.context.kinds[live.type]
        if kind.identity is Identity.SHARED_TAGS:
            return live.tags.get(ON_DELETE) == ON_DELETE_RETAIN and self.goes(live)
        retained = decode_ledger(RETAINED, parent.tags) if parent else frozenset[str]()
        return bool(retained) and retained_entry(kind, live.properties, self.context.logical_ids) in retained

    def stays_linked(self, live: Live, parent: Live) -> bool:
        """Whether it links two of ours of which none goes: then it stays remembered, as otherwise the next plan would
        take it for a link that it doesn't have."""
        ends = {parent.id, *self.context.kinds[live.type].references(live)}
        is_link = self.context.kinds[live.type].identity is Identity.LINK
        return is_link and self._links_ours(live, parent) and self.going.isdisjoint(ends)

    def _remembers(self, parent: Live, live: Live) -> bool:
        """By the ledger, or, of a link, by the journal; a policy by all of its statements. The journal doesn't know
        whether what has its parent's id, such as a bucket's policy, is still the same."""
        kind = self.context.kinds[live.type]
        made = (live.type, live.id) in self.context.memory.made and live.id != parent.id
        if not self.in_ledger(parent, live):
            return kind.identity is Identity.LINK and made
        return made or live.id in self.context.memory.allowed or self._is_believed(parent, live)

    def in_ledger(self, parent: Live, live: Live) -> bool:
        """Whether the parent's tags name it."""
        kind, ledger = self.context.kinds[live.type], decode_ledger(CHILDREN, parent.tags)
        return kind.ledger_entry(live.properties) in ledger or all_remembered(
            kind, live.properties, ledger.__contains__
        )

    def _is_believed(self, parent: Live, live: Live) -> bool:
        """Whether the ledger's word is enough: whoever may tag the parent mustn't choose what is deleted. The last plan
        had it, too; or all of it goes, and nobody knows what that plan had."""
        memory = self.context.memory
        if self.context.is_destroy and not memory.knows_rows:
            return True
        kind, had = self.context.kinds[live.type], partial(memory.had, named(parent))
        entry = kind.ledger_entry(live.properties)
        members = member_entries(kind, live.properties)
        return (entry is None or had(entry)) and (not members or all_remembered(kind, live.properties, had))

    def _links_ours(self, live: Live, parent: Live) -> bool:
        """Whether both ends are ours."""
        ends = [id for id in self.context.kinds[live.type].references(live) if id not in (parent.id, parent.ref)]
        return bool(ends) and all(id in self.ours for id in ends)


def claimed_by_ledgers(context: PlanningContext, going: Sequence[Deletion]) -> Iterator[UnprovenClaim]:
    """Rows and links that only a ledger says are ours, which the plan doesn't have and neither the journal nor the last
    plan had; but for those that go with what they are in."""
    ours = {live.id: live for live in context.identified.all()}
    ownership = _Ownership(context, ours, frozenset(deletion.live.id for deletion in going))
    known = {(deletion.live.type, deletion.live.id) for deletion in going}
    known |= {(each.live.type, each.live.id) for each in context.decisions.values() if each.live is not None}
    for live in context.inventory:
        parent = ownership.parent(live)
        if parent is None or live.service_owned or (live.type, live.id) in known:
            continue
        kind = context.kinds[live.type]
        goes_along = parent.id in ownership.going and not keeps_parent(kind)
        remembered = kind.identity in (Identity.LINK, Identity.LEDGER) and ownership.in_ledger(parent, live)
        if remembered and not goes_along:
            reason = f"only the tag {CHILDREN} of {parent.id} says so: neither the journal nor the last plan had it"
            yield UnprovenClaim(live, reason)


def keeps_parent(kind: KindFacts) -> bool:
    """Whether AWS refuses to delete what it is in while it is there, whoever made it."""
    return kind.identity is Identity.LEDGER and not kind.goes_with_parent


def going_along(context: PlanningContext, going: Sequence[Deletion]) -> frozenset[tuple[str, str]]:
    """Rows and links of ours, by type and id, that need no deletion of their own: they go with what they are in."""
    ours = {live.id: live for live in context.identified.all()}
    ownership = _Ownership(context, ours, frozenset(deletion.live.id for deletion in going))
    candidates = (live for live in context.inventory if context.kinds[live.type].goes_with_parent)
    return frozenset((live.type, live.id) for live in candidates if ownership.goes(live))


def _children(inventory: Inventory, ownership: _Ownership) -> Iterator[Deletion]:
    holders = ownership.context.remembered_elsewhere
    for live in inventory:
        kind = ownership.context.kinds[live.type]
        if live.service_owned or kind.identity is Identity.TAGS:
            continue
        name = kind.ledger_entry(live.properties) or live.id
        parent = ownership.parent(live)
        holder = holders.get(row_elsewhere(live.properties.get(kind.parent_property), name))
        if parent is None and holder is not None and points_at(live, holder):
            said = named(holder) or holder.id
            stays = row_elsewhere(live.properties.get(kind.parent_property), name) in decode_ledger(
                RETAINED, holder.tags
            )
            verb, why = (Verb.FORGET, _RETAIN) if stays else (Verb.DELETE, _NOT_WANTED)
            yield Deletion(live, f"{said}/{name}", verb, why, parent=holder.id, elsewhere=True)
            continue
        stays = ownership.is_retained(live, parent)
        if stays and parent and ownership.stays_linked(live, parent):
            continue
        if stays or ownership.goes(live):
            said = f"{named(parent) or parent.id}/{name}" if parent else name
            verb, why = (Verb.FORGET, _RETAIN) if stays else (Verb.DELETE, _NOT_WANTED)
            yield Deletion(live, said, verb, why, parent=parent.id if parent else "")
