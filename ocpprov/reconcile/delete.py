"""Deleting: sent until it is accepted or found gone, then awaited; a stranger in the way is named at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from ocpprov.aws.codes import Fault
from ocpprov.aws.errors import AwsError, classify, is_aws_error
from ocpprov.aws.retry import DELETES
from ocpprov.engine.actions import Step
from ocpprov.engine.events import EventKind
from ocpprov.engine.resources import Live, State
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.blockers import Blocked, strangers
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.wait import Goal, Waiter
from ocpprov.runs.journal import Record


def delete(kind: Kind, steps: Sequence[Step], context: Context, waiter: Waiter) -> None:
    """Delete the resources of one batch; returns when they are gone. Raises AwsError, Blocked, NotSettled."""
    lives = [(step.logical_id, step.live) for step in steps if step.live is not None]
    for logical_id, live in lives:
        context.tell(EventKind.STARTED, logical_id, kind.type, live.id, action="delete")
    going = [live for _, live in lives if live.state is not State.DELETING]
    if going:
        _send(kind, going, context)
    if kind.settles:
        futures: list[Future[None]] = [waiter.watch(kind, name, live.id, Goal.GONE) for name, live in lives]
        for future in futures:
            future.result()
    for logical_id, live in lives:
        context.known.remove(live)
        now = context.clock.now()
        context.journal.write(Record("deleted", now, context.owner.run, logical_id, kind.type, id=live.id))
        context.tell(EventKind.DELETED, logical_id, kind.type, live.id)


def _send(kind: Kind, lives: Sequence[Live], context: Context) -> None:
    try:
        _until_accepted(kind, lives[0], lambda: kind.delete_many(context.clients, lives), context)
    except AwsError as error:
        if error.fault is not Fault.NOT_VISIBLE:
            raise
        if len(lives) > 1:
            # One of a batch being gone makes AWS refuse them all.
            for live in lives:
                _send(kind, [live], context)


def _until_accepted(kind: Kind, live: Live, request: Callable[[], None], context: Context) -> None:
    """Send, and again while something holds on to it. A stranger that does ends the attempts."""

    def attempt() -> None:
        try:
            request()
        except Exception as error:
            _raise_if_strangers(error, live, context)
            raise

    patience = {**DELETES, Fault.BUSY: kind.delete_deadline}
    context.send(attempt, patience, live.id, kind.type)


def _raise_if_strangers(error: Exception, live: Live, context: Context) -> None:
    if is_aws_error(error) and classify(error) is Fault.BUSY:
        found = strangers(live, context)
        if found:
            raise Blocked(live, found) from error
