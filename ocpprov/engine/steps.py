"""From decisions to steps: what is sent to AWS for each, and what goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ocpprov.engine.actions import Operation, Step, TagEdit, Verb
from ocpprov.engine.compare import ledger_edit, member_entries
from ocpprov.engine.decisions import Decision, World
from ocpprov.engine.deletions import Deletion
from ocpprov.engine.ownership import (
    CHILDREN,
    PREFIX,
    RECORDS,
    Remembered,
    decode_ledger,
)
from ocpprov.engine.protocols import Identity, KindFacts, UniqueKey
from ocpprov.engine.resources import Live, Resource


def late_ledgers(world: World, deletions: Sequence[Deletion], unseen: Collection[str]) -> Iterator[Step]:
    """After the last change of its children, a parent's ledger is written as the plan has it. While rows of some
    types are `unseen`, nobody knows which rows elsewhere are gone, and none is forgotten."""
    blind = any(world.kinds[type].identity is Identity.LEDGER for type in unseen)
    for logical_id, decision in world.decisions.items():
        live = decision.live
        if live is None or decision.verb in (Verb.CREATE, Verb.REPLACE):
            continue
        for ledger, wanted in world.remembered.get(logical_id, Remembered()).by_ledger().items():
            stale = decode_ledger(ledger, live.tags) - wanted
            if not stale or (blind and ledger == RECORDS):
                continue
            staying = stale & _left_there(live, deletions, world) if ledger == CHILDREN else frozenset()
            if stale == staying:
                continue
            builds = {f"build {child}" for child, each in world.decisions.items() if _belongs_to(each, live, world)}
            gone = {deletion.step_name for deletion in deletions if deletion.parent == live.id}
            yield Step(
                f"ledger {ledger} {logical_id}",
                Operation.TAG,
                live.type,
                logical_id,
                resource=decision.resource,
                live=live,
                tags=ledger_edit(ledger, wanted | staying, {**live.tags, **decision.tags.put}),
                after=frozenset({*gone, *builds, f"build {logical_id}"}),
            )


def _belongs_to(decision: Decision, parent: Live, world: World) -> bool:
    value = decision.wanted.get(world.kinds[decision.resource.type].parent_property)
    return isinstance(value, str) and value in (parent.id, parent.ref)


def _left_there(parent: Live, deletions: Sequence[Deletion], world: World) -> frozenset[str]:
    """What could be remembered of what belongs to a resource, isn't wanted and doesn't go, such as statements of ours
    in a policy that has some of others: it mustn't be forgotten."""
    known = {(deletion.live.type, deletion.live.id) for deletion in deletions}
    known |= {(each.live.type, each.live.id) for each in world.decisions.values() if each.live is not None}
    return frozenset(
        entry
        for live in world.inventory
        if live.properties.get(world.kinds[live.type].parent_property) in (parent.id, parent.ref)
        and world.kinds[live.type].identity is Identity.LINK
        and (live.type, live.id) not in known
        for entry in member_entries(world.kinds[live.type], live.properties)
    )


def build_steps(world: World) -> Iterator[Step]:
    """What makes and changes the wanted."""
    for logical_id, decision in world.decisions.items():
        if decision.verb is Verb.KEEP:
            continue
        kind = world.kinds[decision.resource.type]
        if decision.lets_go and decision.live is not None:
            yield _letting_go(logical_id, decision, decision.live)
        creating = decision.verb in (Verb.CREATE, Verb.REPLACE)
        names = [change.property for change in decision.changes if not change.property.startswith("Tags.")]
        yield Step(
            f"build {logical_id}",
            Operation.CREATE if creating else Operation.UPDATE,
            decision.resource.type,
            logical_id,
            resource=decision.resource,
            live=decision.live,
            changed=[] if creating else names,
            keep=decision.keep,
            tags=decision.tags,
            remembered=world.remembered.get(logical_id, Remembered()),
            batch=_batch(kind, decision.resource) if creating else None,
            seconds=kind.typical_seconds if creating else 1,
        )


def _letting_go(logical_id: str, decision: Decision, live: Live) -> Step:
    return Step(
        f"let go {logical_id}",
        Operation.LET_GO,
        decision.resource.type,
        logical_id,
        resource=replace(decision.resource, properties={**live.properties, **decision.lets_go}),
        live=live,
        changed=list(decision.lets_go),
    )


def _batch(kind: KindFacts, resource: Resource) -> UniqueKey | None:
    batch = kind.batch(resource.properties)
    return None if batch is None else (resource.type, batch)


def deletion_steps(deletions: Sequence[Deletion], kinds: Mapping[str, KindFacts]) -> Iterator[Step]:
    """What takes away the unwanted."""
    for deletion in deletions:
        kind = kinds[deletion.live.type]
        forget = deletion.verb is Verb.FORGET
        batch = kind.batch(deletion.live.properties)
        yield Step(
            deletion.step_name,
            Operation.FORGET if forget else Operation.DELETE,
            deletion.live.type,
            deletion.logical_id,
            live=deletion.live,
            tags=TagEdit(remove=[key for key in deletion.live.tags if key.startswith(PREFIX)]) if forget else TagEdit(),
            # The memory of a row in somebody else's zone goes after the row.
            after=frozenset(
                other.step_name for other in deletions if other.elsewhere and other.parent == deletion.live.id
            ),
            batch=None if batch is None or forget else (deletion.live.type, "delete", batch),
            seconds=kind.typical_seconds,
        )
