"""Deleting: sent until it is accepted or found gone, then awaited; a stranger in the way is named at once."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, classify, is_aws_error, is_closed
from ocpprov.aws.retry import CREATES, DELETES
from ocpprov.engine.events import EventKind
from ocpprov.engine.resources import Live, State
from ocpprov.engine.steps import DeleteStep
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.blocker import Blocked, Blocker, StillHeld
from ocpprov.reconcile.blockers import blockers_of
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.lingering_deletions import LingeringDeletions
from ocpprov.reconcile.observe import observe_kind
from ocpprov.reconcile.wait import Goal, Waiter
from ocpprov.runs.journal import Record


def delete(
    kind: Kind,
    steps: Sequence[DeleteStep],
    context: Context,
    waiter: Waiter,
    lingering: LingeringDeletions | None = None,
) -> None:
    """Delete the resources of one batch; returns when they are gone. Raises AwsError, Blocked,
    StillHeld, NotSettled. What went along with something else is only told and noted."""
    lives = [(step.logical_id, step.live) for step in steps]
    for logical_id, live in lives:
        context.tell(EventKind.STARTED, logical_id, kind.type, live.id, action="delete")
    going = [step.live for step in steps if not step.along and step.live.state is not State.DELETING]
    if going:
        (lingering or LingeringDeletions(context, waiter)).wait_for(kind, going)
        _send(kind, going, context)
    if kind.settles:
        for watch in [waiter.watch(kind, name, live.id, Goal.GONE) for name, live in lives]:
            watch.result()
    for logical_id, live in lives:
        context.live_state.remove(live, context.clock.monotonic())
        now = context.clock.now()
        context.journal.write(Record("deleted", now, context.owner.run, logical_id, kind.type, id=live.id))
        context.tell(EventKind.DELETED, logical_id, kind.type, live.id)


def _send(kind: Kind, lives: Sequence[Live], context: Context) -> None:
    try:
        _until_accepted(kind, lives, context)
    except AwsError as error:
        if error.error_class is not ErrorClass.NOT_VISIBLE or len(lives) == 1:
            raise
        # One of a batch being gone makes AWS refuse them all.
        for live in lives:
            _send(kind, [live], context)


def _until_accepted(kind: Kind, lives: Sequence[Live], context: Context) -> None:
    """Send, and again while something holds on to it, or AWS doesn't know yet what it lists. A stranger that holds on
    ends the attempts."""
    first, alone = lives[0], len(lives) == 1
    found = context.live_state.found()
    lives = [kind.with_contents(live, found) for live in lives]
    unanswered = False
    going: list[Blocker] = []

    def attempt() -> None:
        nonlocal unanswered, going
        try:
            kind.delete_many(context.clients, lives)
        except Exception as error:
            error_class = classify(error) if is_aws_error(error) else None
            if error_class is ErrorClass.NOT_VISIBLE and alone and not _any_listed(kind, lives, context):
                return
            # What is gone carries no tag: who may delete only what carries the plan's is denied it then.
            if error_class is ErrorClass.DENIED and unanswered and not _any_listed(kind, lives, context):
                return
            unanswered = unanswered or error_class is ErrorClass.UNKNOWN_OUTCOME
            if error_class is ErrorClass.BUSY:
                going = _going(error, first, context, told=going)
            raise

    retries = {**DELETES, ErrorClass.BUSY: kind.delete_deadline}
    if alone:
        retries[ErrorClass.NOT_VISIBLE] = CREATES[ErrorClass.NOT_VISIBLE]
    try:
        context.send(attempt, retries, first.id, kind.type)
    except AwsError as error:
        if going and error.error_class is ErrorClass.BUSY:
            raise StillHeld(first, going) from error
        raise


def _any_listed(kind: Kind, lives: Sequence[Live], context: Context) -> bool:
    """Whether one is there after all: what was made or changed a moment ago isn't known everywhere at AWS."""
    ids = {live.id for live in lives}
    there = observe_kind(kind, context.live_state.found(), context.reader)
    return any(each.id in ids and each.state in (State.PENDING, State.READY, State.BROKEN) for each in there)


def _going(error: Exception, live: Live, context: Context, told: Sequence[Blocker]) -> list[Blocker]:
    """What holds on to it and goes by itself, each told once. Raises Blocked where something doesn't."""
    found = _blockers(live, context)
    if theirs := [blocker for blocker in found if not blocker.going]:
        raise Blocked(live, theirs) from error
    for blocker in found:
        if blocker not in told:
            reason = f"{live.id} has to wait for {blocker.what}: {blocker.step}"
            context.tell(EventKind.NOTE, type=live.type, id=live.id, reason=reason)
    return found


def _blockers(live: Live, context: Context) -> list[Blocker]:
    """Where nobody lets us look for them, whatever it is may go by itself. Raises AwsError for any other failure."""
    try:
        return blockers_of(live, context)
    except AwsError as error:
        if not is_closed(error):
            raise
        what = f"something that can't be looked at ({error.operation}: {error.code})"
        return [Blocker(what, "let the user look who uses it", going=True)]
