"""From decisions to steps: what is sent to AWS for each, and what goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ocpprov.engine.actions import Verb
from ocpprov.engine.kind_facts import KindFacts, UniqueKey
from ocpprov.engine.ownership import LedgerEntries, is_ownership_tag
from ocpprov.engine.planning_context import PlanningContext
from ocpprov.engine.readiness import demanded_by_aws
from ocpprov.engine.resources import Resource, State
from ocpprov.engine.steps import (
    CreateStep,
    DeleteStep,
    DetachStep,
    RetainStep,
    Step,
    TagEdit,
    UpdateStep,
    build_name,
    detach_name,
)
from ocpprov.engine.unwanted import Deletion


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
                remembered=context.remembered.get(logical_id, LedgerEntries()),
                batch=_batch(resource, context),
                seconds=kind.seconds_to_make(resource.properties),
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


def _batch(resource: Resource, context: PlanningContext) -> UniqueKey | None:
    """What has to wait until something is ready doesn't hold up the rest."""
    batch = context.kinds[resource.type].batch(resource.properties)
    if batch is None:
        return None
    # They share their tags, and these say whether one stays.
    return (resource.type, batch, resource.deletion_policy, _waits(resource, context))


def _waits(resource: Resource, context: PlanningContext) -> bool:
    for needed in context.graph.needs[resource.logical_id]:
        decision = context.decisions[needed]
        if decision.live is None or decision.live.state is State.PENDING:
            kind = context.kinds[decision.resource.type]
            if demanded_by_aws(kind, needed, resource):
                return True
    return False


def deletion_steps(deletions: Sequence[Deletion], kinds: Mapping[str, KindFacts]) -> Iterator[Step]:
    """What takes away the unwanted."""
    rows: dict[str, list[str]] = {}
    deleted = {each.live.id: each.step_name for each in deletions if each.verb is not Verb.FORGET}
    for deletion in deletions:
        if deletion.elsewhere:
            rows.setdefault(deletion.parent, []).append(deletion.step_name)
    for deletion in deletions:
        live = deletion.live
        kind = kinds[live.type]
        batch = kind.delete_batch(live.properties)
        # The memory of a row in somebody else's zone goes after the row.
        after = frozenset(rows.get(live.id, ()))
        if deletion.verb is Verb.FORGET:
            yield RetainStep(
                name=deletion.step_name,
                type=live.type,
                logical_id=deletion.logical_id,
                live=live,
                tags=TagEdit(remove=[key for key in live.tags if is_ownership_tag(key)]),
                after=after,
            )
            continue
        yield DeleteStep(
            name=deletion.step_name,
            type=live.type,
            logical_id=deletion.logical_id,
            live=live,
            after=after,
            batch=None if batch is None else (live.type, "delete", batch),
            seconds=kind.typical_deletion_seconds,
            along=deleted.get(str(live.properties.get(kind.ends_with)), "") if kind.ends_with else "",
        )
