"""Changing in place: properties, then tags. Every call is the same when it is done twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ocpprov.aws.retry import UPDATES
from ocpprov.engine.events import EventKind
from ocpprov.engine.shared_lists import with_items
from ocpprov.engine.steps import DetachStep, RetainStep, TagStep, UpdateStep
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.context import Context
from ocpprov.runs.journal import Record


def update(kind: Kind, step: UpdateStep, context: Context) -> None:
    """Set what the step names. Tags come first: a ledger is written before its children change. Raises AwsError."""
    live = context.live_state.current(step.logical_id) or step.live
    context.tell(EventKind.STARTED, step.logical_id, kind.type, live.id, action="update")
    tag(kind, step, context)
    if step.tags and context.journal.is_open(kind.type, step.logical_id):
        # An earlier run made it and was killed before it had its tags.
        now, run = context.clock.now(), context.owner.run
        context.journal.write(Record("created", now, run, step.logical_id, kind.type, id=live.id))
    if step.changed:
        desired = _with_kept(context.properties(kind, step.resource), step)
        context.send(
            lambda: kind.update(context.clients, live, desired, step.changed), UPDATES, step.logical_id, kind.type
        )
    context.tell(EventKind.UPDATED, step.logical_id, kind.type, live.id)


def detach(kind: Kind, step: DetachStep, context: Context) -> None:
    """Take out of lists what is about to be deleted; the update that comes later starts from there. Raises AwsError."""
    live = step.live
    rest = {**live.properties, **step.rest}
    context.send(lambda: kind.update(context.clients, live, rest, list(step.rest)), UPDATES, step.logical_id, kind.type)
    context.live_state.add(step.logical_id, replace(live, properties=rest))


def tag(kind: Kind, step: UpdateStep | RetainStep | TagStep, context: Context) -> None:
    """Put and remove the step's tags. Raises AwsError."""
    edit, live = step.tags, step.live
    if edit:
        context.send(
            lambda: kind.tag(context.clients, live.id, edit.put, edit.remove), UPDATES, step.logical_id, kind.type
        )


def retain(kind: Kind, step: RetainStep, context: Context) -> None:
    """Take our tags off and leave the resource to its user. Raises AwsError."""
    tag(kind, step, context)
    context.tell(EventKind.FORGOTTEN, step.logical_id, kind.type, step.live.id)


def _with_kept(properties: Mapping[str, Any], step: UpdateStep) -> dict[str, Any]:
    """The wanted properties, with what others added to shared lists."""
    return {**properties, **{name: with_items(properties.get(name, ()), items) for name, items in step.keep.items()}}
