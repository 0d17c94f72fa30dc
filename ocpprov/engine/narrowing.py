"""A part of what was planned: some deletions, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.drift import ledger_edit
from ocpprov.engine.ownership import CHILDREN, decode_ledger
from ocpprov.engine.steps import Barrier, DeleteStep, Step, TagStep


def only_deletions(
    actions: Actions, places: Set[tuple[str, str]], rows: Mapping[str, Set[str]], *, every_row: Set[str] = frozenset()
) -> Actions:
    """The same with the deletions of these (type and id) alone, in the order that they had. Of a parent's ledger, by
    its logical id, the `rows` are forgotten once they are gone; those in `every_row` forget all that they were to."""
    chosen = [step for step in actions.steps if isinstance(step, DeleteStep) and (step.type, step.live.id) in places]
    names = {step.name for step in chosen}
    alone = [replace(step, along="") if step.along not in names else step for step in chosen]
    steps: list[Step] = [*alone, *_ledgers(actions, rows, every_row)]
    waits = {step.name: step.after for step in actions.steps if isinstance(step, Barrier)}
    return replace(
        actions,
        actions=[
            each
            for each in actions.actions
            if each.verb is Verb.KEEP or (each.verb is Verb.DELETE and each.step_name in names)
        ],
        steps=[replace(step, after=_through(step.after, waits) & names) for step in steps],
    )


def _through(after: frozenset[str], barriers: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What is waited for, and behind barriers what those wait for."""
    return after.union(*(barriers.get(name, frozenset()) for name in after))


def _ledgers(actions: Actions, rows: Mapping[str, Set[str]], every_row: Set[str]) -> list[TagStep]:
    found = []
    for step in actions.steps:
        if not isinstance(step, TagStep) or step.logical_id not in {*rows, *every_row}:
            continue
        before = decode_ledger(CHILDREN, step.live.tags)
        stale = before - decode_ledger(CHILDREN, _edited(step))
        gone = stale if step.logical_id in every_row else stale & rows.get(step.logical_id, frozenset())
        edit = ledger_edit(CHILDREN, before - gone, step.live.tags)
        if gone and edit:
            found.append(replace(step, tags=edit))
    return found


def _edited(step: TagStep) -> dict[str, str]:
    """The tags as the step would leave them."""
    kept = {key: value for key, value in step.live.tags.items() if key not in step.tags.remove}
    return {**kept, **step.tags.put}
