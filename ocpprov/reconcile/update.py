"""Changing in place: properties, then tags. Every call is the same when it is done twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ocpprov.aws.retry import UPDATES
from ocpprov.engine.actions import Step
from ocpprov.engine.compare import with_items
from ocpprov.engine.events import EventKind
from ocpprov.engine.resources import Live
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.context import Context
from ocpprov.runs.journal import Record


def update(kind: Kind, step: Step, context: Context) -> None:
    """Set what the step names. Tags come first: a ledger is written before its children change. Raises AwsError."""
    live = context.known.current(step.logical_id) or _live(step)
    context.tell(EventKind.STARTED, step.logical_id, kind.type, live.id, action="update")
    tag(kind, step, context)
    if step.tags and context.journal.is_open(kind.type, step.logical_id):
        # An earlier run made it and was killed before it had its tags.
        now, run = context.clock.now(), context.owner.run
        context.journal.write(Record("created", now, run, step.logical_id, kind.type, id=live.id))
    if step.changed and step.resource is not None:
        desired = _with_kept(context.properties(kind, step.resource), step)
        context.send(
            lambda: kind.update(context.clients, live, desired, step.changed), UPDATES, step.logical_id, kind.type
        )
    context.tell(EventKind.UPDATED, step.logical_id, kind.type, live.id)


def let_go(kind: Kind, step: Step, context: Context) -> None:
    """Take out of lists what is about to be deleted; the update that comes later starts from there. Raises AwsError."""
    live = _live(step)
    if step.resource is None:
        raise ValueError(f"{step.name} has nothing to leave")
    rest = step.resource.properties
    context.send(lambda: kind.update(context.clients, live, rest, step.changed), UPDATES, step.logical_id, kind.type)
    context.known.add(step.logical_id, replace(live, properties=rest))


def tag(kind: Kind, step: Step, context: Context) -> None:
    """Put and remove the step's tags. Raises AwsError."""
    edit, live = step.tags, _live(step)
    if edit:
        context.send(
            lambda: kind.tag(context.clients, live.id, edit.put, edit.remove), UPDATES, step.logical_id, kind.type
        )


def forget(kind: Kind, step: Step, context: Context) -> None:
    """Take our tags off and leave the resource to its user. Raises AwsError."""
    tag(kind, step, context)
    context.tell(EventKind.FORGOTTEN, step.logical_id, kind.type, _live(step).id)


def _live(step: Step) -> Live:
    if step.live is None:
        raise ValueError(f"{step.name} has nothing to change")
    return step.live


def _with_kept(properties: Mapping[str, Any], step: Step) -> dict[str, Any]:
    """The wanted properties, with what others added to shared lists."""
    return {**properties, **{name: with_items(properties.get(name, ()), items) for name, items in step.keep.items()}}
