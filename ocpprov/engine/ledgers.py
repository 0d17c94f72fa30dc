"""What resources have to remember of what can't carry tags itself: worked out from the plan, and written when it is
true."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ocpprov.engine.drift import ledger_edit
from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.ownership import (
    CHILDREN,
    RECORDS,
    RETAINED,
    LedgerEntries,
    decode_ledger,
    retained_entry,
    row_elsewhere,
)
from ocpprov.engine.planning_context import Decision, PlanningContext
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.shared_lists import member_entries
from ocpprov.engine.steps import Step, TagStep, build_name, ledger_name
from ocpprov.engine.unwanted import Deletion
from ocpprov.engine.values import Ref, references


def planned_ledgers(resources: Mapping[str, Resource], kinds: Mapping[str, KindFacts]) -> dict[str, LedgerEntries]:
    """By logical id: what each resource has to remember of the rows, links and list members that the plan has. One in a
    parent of ours is remembered there; a row in somebody else's on the first resource of ours that it points at."""
    children: dict[str, set[str]] = {}
    elsewhere: dict[str, set[str]] = {}
    links: dict[str, set[str]] = {}
    retained: dict[str, set[str]] = {}
    names = {
        name: Ref(each.logical_id)
        for each in resources.values()
        if isinstance(name := each.properties.get(kinds[each.type].name_property or ""), str)
    }
    for resource in resources.values():
        kind = kinds[resource.type]
        properties = kind.normalise(resource.properties)
        parent = resource.properties.get(kind.parent_property)
        if isinstance(parent, str) and kind.identity is Identity.LINK:
            # A bucket's policy, or a role's, may name what it belongs to instead of referring to it.
            parent = names.get(parent, parent)
        holder = parent.logical_id if isinstance(parent, Ref) else resource.logical_id
        if isinstance(parent, Ref) or kind.identity is Identity.TAGS:
            links.setdefault(holder, set()).update(member_entries(kind, properties))
        stays = resource.deletion_policy == "Retain" and kind.identity in (Identity.LEDGER, Identity.LINK)
        if stays and isinstance(parent, Ref):
            retained.setdefault(holder, set()).add(retained_entry(kind, resource.properties, {}))
        entry = kind.ledger_entry(properties)
        if entry is None:
            continue
        if isinstance(parent, Ref):
            (children if kind.identity is Identity.LEDGER else links).setdefault(holder, set()).add(entry)
        elif isinstance(parent, str) and kind.identity is Identity.LEDGER:
            for reference in references(resource.properties):
                target = resources.get(reference.logical_id)
                if target is not None and kinds[target.type].identity is Identity.TAGS:
                    elsewhere.setdefault(reference.logical_id, set()).add(row_elsewhere(parent, entry))
                    if stays:
                        retained.setdefault(reference.logical_id, set()).add(row_elsewhere(parent, entry))
                    break
    ledgers = (children, elsewhere, links, retained)
    return {
        logical_id: LedgerEntries(*(frozenset(ledger.get(logical_id, ())) for ledger in ledgers))
        for logical_id in set().union(*ledgers)
    }


def late_ledgers(context: PlanningContext, deletions: Sequence[Deletion], unseen: Collection[str]) -> Iterator[Step]:
    """After the last change of its children, a parent's ledger is written as the plan has it. While rows of some
    types are `unseen`, nobody knows which rows elsewhere are gone, and none is forgotten."""
    blind = any(context.kinds[type].identity is Identity.LEDGER for type in unseen)
    gone: dict[str, set[str]] = {}
    for deletion in deletions:
        gone.setdefault(deletion.parent, set()).add(deletion.step_name)
    builds = _builds_by_parent(context)
    known = {(deletion.live.type, deletion.live.id) for deletion in deletions}
    known |= {(each.live.type, each.live.id) for each in context.decisions.values() if each.live is not None}
    for logical_id, decision in context.decisions.items():
        live = decision.live
        if live is None:
            continue
        for ledger, wanted in context.remembered.get(logical_id, LedgerEntries()).by_ledger().items():
            stale = decode_ledger(ledger, live.tags) - wanted
            if not stale or (blind and ledger == RECORDS):
                continue
            left = {CHILDREN: _left_there, RETAINED: _links_left}.get(ledger)
            staying = stale & left(live, known, context) if left else frozenset()
            if stale == staying:
                continue
            children = builds.get(live.id, set()) | builds.get(live.ref, set())
            yield TagStep(
                name=ledger_name(ledger, logical_id),
                type=live.type,
                logical_id=logical_id,
                live=live,
                tags=ledger_edit(ledger, wanted | staying, {**live.tags, **decision.tags.put}),
                after=frozenset({*gone.get(live.id, ()), *children, build_name(logical_id)}),
            )


def _builds_by_parent(context: PlanningContext) -> dict[str, set[str]]:
    """By the id of what each belongs to, the steps that make and change children."""
    found: dict[str, set[str]] = {}
    for logical_id, decision in context.decisions.items():
        parent = _parent(decision, context)
        if parent:
            found.setdefault(parent, set()).add(build_name(logical_id))
    return found


def _parent(decision: Decision, context: PlanningContext) -> str:
    value = decision.wanted.get(context.kinds[decision.resource.type].parent_property)
    return value if isinstance(value, str) else ""


def _left_there(parent: Live, known: Collection[tuple[str, str]], context: PlanningContext) -> frozenset[str]:
    """What could be remembered of what belongs to a resource, isn't wanted and doesn't go, such as statements of ours
    in a policy that has some of others: it mustn't be forgotten."""
    return frozenset(
        entry
        for live in context.links_of(parent)
        if (live.type, live.id) not in known
        for entry in member_entries(context.kinds[live.type], live.properties)
    )


def _links_left(parent: Live, known: Collection[tuple[str, str]], context: PlanningContext) -> frozenset[str]:
    """Links that the plan no longer has and that stay between what is ours, as they are remembered."""
    links = (live for live in context.links_of(parent) if (live.type, live.id) not in known)
    return frozenset(retained_entry(context.kinds[live.type], live.properties, context.logical_ids) for live in links)
