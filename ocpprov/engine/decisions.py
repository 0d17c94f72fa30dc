"""One wanted resource and what is live of it: kept, changed, made or replaced."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ocpprov.engine.actions import Unmanaged, Verb
from ocpprov.engine.bound import live_bound_text
from ocpprov.engine.claims import named
from ocpprov.engine.conflicts import which_is_meant
from ocpprov.engine.drift import (
    changes_in_place,
    create_only_changes,
    describe_other,
    tag_changes,
)
from ocpprov.engine.kind_facts import Identity, KindFacts, ListRule
from ocpprov.engine.ownership import (
    CHILDREN,
    PLAN,
    RESOURCE,
    LedgerEntries,
    decode_ledger,
    desired_tags,
    is_ledger_tag,
    revision,
    row_elsewhere,
)
from ocpprov.engine.planning_context import Decision, PlanningContext
from ocpprov.engine.resources import Live, Resource, State
from ocpprov.engine.shared_lists import member_entries
from ocpprov.engine.steps import NO_TAG_EDIT, TagEdit
from ocpprov.engine.values import Value, references, resolve_properties, texts_in

_CANDIDATES = (State.PENDING, State.READY)


def decide(resource: Resource, context: PlanningContext) -> Decision:
    """What is to become of it, given what was decided of everything that it refers to."""
    kind = context.kinds[resource.type]
    wanted = kind.normalise(resolve_properties(resource.properties, context.lookup))
    parent = _parent_of_others(resource, kind, context)
    if parent:
        context.problems.append(
            f"{resource.logical_id}: {parent} is not of this plan, and {resource.type} is never put on what "
            "is somebody else's; refer to a resource of this plan, or take this one out"
        )
    if kind.identity is Identity.TAGS:
        return _decide_tagged(resource, kind, wanted, context)
    return _decide_keyed(resource, kind, wanted, context)


def _decide_tagged(
    resource: Resource, kind: KindFacts, wanted: Mapping[str, Value], context: PlanningContext
) -> Decision:
    lives = context.identified.of(resource)
    candidates = [live for live in lives if live.state in _CANDIDATES]
    failed = [live for live in lives if live.state not in _CANDIDATES]
    current = [live for live in candidates if not create_only_changes(kind, wanted, live)]
    if not current:
        changes = create_only_changes(kind, wanted, candidates[0]) if candidates else ()
        broken = next((live for live in failed if live.state is State.BROKEN), None)
        reason = f"{broken.id} failed: {broken.reason}" if broken else "not there"
        if candidates:
            reason = f"{', '.join(change.property for change in changes)} can't be changed in place"
        verb = Verb.REPLACE if candidates else Verb.CREATE
        return Decision(resource, verb, wanted, None, changes, predecessors=[*candidates, *failed], reason=reason)
    if _leaves_its_network(resource, kind, context) or _stands_elsewhere(kind, wanted, current[0], context):
        reason = "can't move to another VPC"
        return Decision(resource, Verb.REPLACE, wanted, None, predecessors=lives, reason=reason)
    chosen = _choose(resource, current, context)
    held = {id for id in kind.references(chosen) if id in context.leaving}
    rest = _lists_without(kind, chosen, held, wanted)
    if _still_holds(kind, chosen, rest, held):
        reason = "can't let go of all that goes before its successor is there"
        return Decision(resource, Verb.REPLACE, wanted, None, predecessors=lives, reason=reason)
    decision = replace(_in_place(resource, kind, wanted, chosen, context), detached=rest)
    return replace(
        decision,
        predecessors=[live for live in lives if live is not chosen and live not in current],
        duplicates=[live for live in current if live is not chosen],
    )


def _leaves_its_network(resource: Resource, kind: KindFacts, context: PlanningContext) -> bool:
    """Whether the network of the subnets that it stands in is replaced."""
    subnets = [each for name in kind.stands_in for each in references({name: resource.properties.get(name)})]
    for subnet in subnets:
        parent = context.decisions[subnet.logical_id].resource
        name = context.kinds[parent.type].network_property
        networks = references({name: parent.properties.get(name)})
        if any(context.decisions[network.logical_id].verb is Verb.REPLACE for network in networks):
            return True
    return False


def _stands_elsewhere(kind: KindFacts, wanted: Mapping[str, Value], live: Live, context: PlanningContext) -> bool:
    """Whether the subnets that it is to stand in are existing ones of another network than its own."""
    own = kind.network_of(live)
    asked = {context.network_of(id) for name in kind.stands_in for id in texts_in(wanted.get(name))} - {""}
    return bool(asked) and bool(own) and own not in asked


def _lists_without(
    kind: KindFacts, live: Live, leaving: Collection[str], wanted: Mapping[str, Value]
) -> dict[str, Sequence[Value]]:
    """The lists of a live resource that hold something leaving, without it. AWS may have the same in two forms, ids and
    objects: the objects count where the plan gives them."""
    rest: dict[str, Sequence[Value]] = {}
    for row in kind.properties:
        present = live.properties.get(row.name)
        if row.type == "list" and isinstance(present, Sequence) and not isinstance(present, str):
            staying = [item for item in present if not _leaves(item, leaving, as_object=row.name in wanted)]
            if len(staying) < len(present):
                rest[row.name] = staying
    return rest


def _leaves(item: Value, leaving: Collection[str], *, as_object: bool) -> bool:
    return (isinstance(item, str) or as_object) and not set(leaving).isdisjoint(texts_in(item))


def _still_holds(kind: KindFacts, live: Live, rest: Mapping[str, Sequence[Value]], leaving: Collection[str]) -> bool:
    """Whether it holds on to something leaving even with these lists: one of them may not be empty, or what holds is no
    list."""
    if any(not rest[row.name] for row in kind.properties if row.keeps_one and row.name in rest):
        return True
    let_go = replace(live, properties={**live.properties, **rest})
    return not set(leaving).isdisjoint(kind.references(let_go))


def _choose(resource: Resource, current: Sequence[Live], context: PlanningContext) -> Live:
    """Of several current ones, the only one that something of ours uses. Where that can't be told, which of them is the
    plan's is a problem that the user has to solve."""
    if len(current) == 1:
        return current[0]
    in_use = [live for live in current if live.id in context.used]
    if len(in_use) != 1:
        state = "things of this plan use more than one" if in_use else "nothing of this plan uses any"
        context.problems.append(
            which_is_meant(resource.logical_id, context.kinds[resource.type], [live.id for live in current], state)
        )
    return (in_use or current)[0]


def _in_place(
    resource: Resource, kind: KindFacts, wanted: Mapping[str, Value], live: Live, context: PlanningContext
) -> Decision:
    remembered_members = _ledger(kind, live, context)
    difference = changes_in_place(
        kind, wanted, live, context.our_ids, remembered_members, context.defaults, context.said_of
    )
    remembered = context.remembered.get(resource.logical_id, LedgerEntries())
    bound = _bound(kind, wanted, live, context)
    tags = desired_tags(context.owner, kind, resource, revision(kind, wanted), remembered, bound)
    tagging = tag_changes(tags, live)
    if not difference.changes and _only_catches_up(tagging.edit, live, remembered, context):
        tagging = replace(tagging, edit=NO_TAG_EDIT, changes=())
    context.others.extend(describe_other(resource.logical_id, [*difference.others, *tagging.others]))
    untagged = kind.identity is Identity.TAGS and not {PLAN, RESOURCE}.isdisjoint(tagging.edit.put)
    # One that is known by its place alone was written anew by somebody: that is drift of ours.
    mislabelled = live.known_as is not None
    adopted = untagged and not mislabelled and not (PLAN in live.claim and RESOURCE not in live.claim)
    verb = Verb.KEEP
    if difference.changes or tagging.changes:
        verb = Verb.ADOPT if adopted else Verb.UPDATE
    reason = "ownership tags were missing; put back" if untagged else ""
    if mislabelled:
        reason = f"its tags were those of another, {live.tags.get(RESOURCE)}; put back"
    return Decision(
        resource, verb, wanted, live, difference.changes, tagging.changes, difference.keep, tagging.edit, reason=reason
    )


def _bound(kind: KindFacts, wanted: Mapping[str, Value], live: Live, context: PlanningContext) -> str:
    """What its tag should say of where it lies. Where AWS's answer lacks a part, it stays as it is."""
    changing = {name: value for name, value in wanted.items() if name in kind.bound_by}
    known = {**live.properties, **changing}
    needed = [row.name for row in kind.properties if row.required or row.name == kind.name_property]
    if any(known.get(name) is None for name in kind.bound_by if name in needed):
        return ""
    return live_bound_text(kind, live, known, context.memory.given)


def _ledger(kind: KindFacts, live: Live, context: PlanningContext) -> frozenset[str]:
    """What is remembered on a resource, or on what it belongs to, and the last plan had: a ledger by itself proves
    nothing. Where it has none of that, an earlier version made it, and what the last plan had is enough."""
    if not any(row.list_rule is ListRule.CONTAINS for row in kind.properties):
        return frozenset()
    parent = live.properties.get(kind.parent_property)
    holders = [live] if kind.identity is Identity.TAGS else context.live(parent) if isinstance(parent, str) else ()
    found: set[str] = set()
    for holder in holders:
        had = member_entries(kind, live.properties) & context.memory.entries_of(named(holder))
        remembered = decode_ledger(CHILDREN, holder.tags)
        found |= {entry for entry in remembered if context.memory.had(named(holder), entry)}
        found |= set() if had & remembered else had
    return frozenset(found)


def _only_catches_up(edit: TagEdit, live: Live, remembered: LedgerEntries, context: PlanningContext) -> bool:
    """Whether the tags lack nothing but the memory of links and list members that are there: earlier versions didn't
    write it, and that alone is no reason for a change."""
    if edit.remove or not edit.put or not all(is_ledger_tag(CHILDREN, key) for key in edit.put):
        return False
    new = decode_ledger(CHILDREN, edit.put) - decode_ledger(CHILDREN, live.tags)
    return new <= remembered.links & _present(live, context)


def _present(live: Live, context: PlanningContext) -> frozenset[str]:
    """What could be remembered of the links and list members that a live resource has."""
    found = set(member_entries(context.kinds[live.type], live.properties))
    for link in context.links_of(live):
        kind = context.kinds[link.type]
        found |= {kind.ledger_entry(link.properties) or "", *member_entries(kind, link.properties)}
    return frozenset(found)


def _decide_keyed(
    resource: Resource, kind: KindFacts, wanted: Mapping[str, Value], context: PlanningContext
) -> Decision:
    lives = context.with_key(resource.type, kind.key(wanted))
    live = next((live for live in lives if live.state in _CANDIDATES), None)
    if live is None:
        return Decision(resource, Verb.CREATE, wanted, reason="not there")
    create_only = create_only_changes(kind, wanted, live)
    theirs = _end_of_others(resource, kind, wanted, live, context)
    if theirs:
        text = f"{live.type} {live.id} leads to {theirs}, which is not of this plan, where the plan has another"
        context.others.append(Unmanaged(resource.logical_id, f"{text}; --allow {resource.logical_id} changes it"))
        return Decision(resource, Verb.KEEP, wanted, live)
    if create_only:
        reason = f"{', '.join(change.property for change in create_only)} can't be changed in place"
        return Decision(resource, Verb.REPLACE, wanted, None, create_only, predecessors=[live], reason=reason)
    if _is_somebody_elses(live, kind, wanted, context):
        context.problems.append(
            f"{resource.logical_id}: {live.type} {live.id} is there already, says something else, and is not of this "
            "plan; remove it by hand if nobody needs it, or take this resource out of the plan"
        )
    return _in_place(resource, kind, wanted, live, context)


def _end_of_others(
    resource: Resource, kind: KindFacts, wanted: Mapping[str, Value], live: Live, context: PlanningContext
) -> str:
    """The id of what somebody else has linked with ours in place of what the plan has, where AWS keeps one only; empty
    where it is AWS's own or ours, which is drift to repair, or where the user has allowed it."""
    if kind.identity is not Identity.LINK or resource.logical_id in context.memory.allowed:
        return ""
    parent, asked = live.properties.get(kind.parent_property), set(texts_in(list(wanted.values())))
    others = [id for id in kind.references(live) if id not in asked and id != parent]
    # One that goes by the id of what it belongs to keeps it when somebody replaces what it links.
    if (kind.type, live.id) in context.memory.made and live.id != parent:
        return ""
    if _link_was_ours(kind, live, context):
        return ""
    # Not in the union of both: it is as large as the plan, and there are as many links.
    theirs = [id for id in others if id not in context.our_ids and id not in context.defaults]
    return theirs[0] if theirs else ""


def _link_was_ours(kind: KindFacts, live: Live, context: PlanningContext) -> bool:
    """Whether the last plan had the link as it is, and the tags of what it belongs to say so."""
    parent, entry = live.properties.get(kind.parent_property), kind.ledger_entry(live.properties)
    if not isinstance(parent, str) or entry is None:
        return False
    return any(
        entry in decode_ledger(CHILDREN, holder.tags) and context.memory.had(named(holder), entry)
        for holder in context.live(parent)
    )


def _parent_of_others(resource: Resource, kind: KindFacts, context: PlanningContext) -> str | None:
    """What isn't of this plan and would be given a link or an object, as the plan names it; None otherwise."""
    parent = resource.properties.get(kind.parent_property if kind.identity is Identity.LINK else kind.lies_in)
    if not isinstance(parent, str) or parent in context.our_ids or parent in context.names:
        return None
    return parent


def _is_somebody_elses(live: Live, kind: KindFacts, wanted: Mapping[str, Value], context: PlanningContext) -> bool:
    """Whether it is another's row in another's zone or table: different from ours, and not remembered as ours."""
    parent = live.properties.get(kind.parent_property)
    if kind.identity is not Identity.LEDGER or parent in context.our_ids:
        return False
    if row_elsewhere(parent, kind.ledger_entry(live.properties)) in context.remembered_elsewhere:
        return False
    return bool(changes_in_place(kind, wanted, live, context.our_ids).changes)
