"""From decisions to steps: what is sent to AWS for each, and what goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ocpprov.engine.actions import Verb
from ocpprov.engine.compare import ledger_edit, member_entries
from ocpprov.engine.deletions import Deletion
from ocpprov.engine.ownership import CHILDREN, PREFIX, RECORDS, Remembered, decode_ledger
from ocpprov.engine.planning_context import Decision, PlanningContext
from ocpprov.engine.protocols import Identity, KindFacts, UniqueKey
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.steps import (
    CreateStep,
    DeleteStep,
    DetachStep,
    RetainStep,
    Step,
    TagEdit,
    TagStep,
    UpdateStep,
    build_name,
    detach_name,
    ledger_name,
)


def build_steps(context: PlanningContext) -> Iterator[Step]:
    """What makes and changes the wanted."""
    for logical_id, decision in context.decisions.items():
        if decision.verb is Verb.KEEP:
            continue
        resource, live = decision.resource, decision.live
        if live is None:
            kind = context.kinds[resource.type]
            yield CreateStep(
                name=build_name(logical_id),
                type=resource.type,
                logical_id=logical_id,
                resource=resource,
                remembered=context.remembered.get(logical_id, Remembered()),
                batch=_batch(kind, resource),
                seconds=kind.typical_seconds,
            )
            continue
        if decision.detached:
            yield DetachStep(
                name=detach_name(logical_id),
                type=resource.type,
                logical_id=logical_id,
                live=live,
                rest=decision.detached,
            )
        yield UpdateStep(
            name=build_name(logical_id),
            type=resource.type,
            logical_id=logical_id,
            resource=resource,
            live=live,
            changed=[change.property for change in decision.changes],
            keep=decision.keep,
            tags=decision.tags,
        )


def _batch(kind: KindFacts, resource: Resource) -> UniqueKey | None:
    batch = kind.batch(resource.properties)
    return None if batch is None else (resource.type, batch)


def deletion_steps(deletions: Sequence[Deletion], kinds: Mapping[str, KindFacts]) -> Iterator[Step]:
    """What takes away the unwanted."""
    rows: dict[str, list[str]] = {}
    for deletion in deletions:
        if deletion.elsewhere:
            rows.setdefault(deletion.parent, []).append(deletion.step_name)
    for deletion in deletions:
        live = deletion.live
        kind = kinds[live.type]
        batch = kind.batch(live.properties)
        # The memory of a row in somebody else's zone goes after the row.
        after = frozenset(rows.get(live.id, ()))
        if deletion.verb is Verb.FORGET:
            yield RetainStep(
                name=deletion.step_name,
                type=live.type,
                logical_id=deletion.logical_id,
                live=live,
                tags=TagEdit(remove=[key for key in live.tags if key.startswith(PREFIX)]),
                after=after,
                seconds=kind.typical_seconds,
            )
            continue
        yield DeleteStep(
            name=deletion.step_name,
            type=live.type,
            logical_id=deletion.logical_id,
            live=live,
            after=after,
            batch=None if batch is None else (live.type, "delete", batch),
            seconds=kind.typical_seconds,
        )


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
        for ledger, wanted in context.remembered.get(logical_id, Remembered()).by_ledger().items():
            stale = decode_ledger(ledger, live.tags) - wanted
            if not stale or (blind and ledger == RECORDS):
                continue
            staying = stale & _left_there(live, known, context) if ledger == CHILDREN else frozenset()
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
