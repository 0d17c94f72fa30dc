"""Doing what was planned: every step of the actions through the scheduler, then waiting until all of it is ready."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError
from ocpprov.aws.timeouts import call_while_wanted
from ocpprov.engine import scheduler
from ocpprov.engine.actions import Actions
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.engine.events import EventKind
from ocpprov.engine.resources import Live, State
from ocpprov.engine.slots import LendingClock, Slots
from ocpprov.engine.steps import CreateStep, DeleteStep, DetachStep, RetainStep, Step, TagStep, UpdateStep
from ocpprov.engine.threads import ThreadsExhausted
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.create import complete, create
from ocpprov.reconcile.delete import delete
from ocpprov.reconcile.lingering_deletions import LingeringDeletions
from ocpprov.reconcile.prerequisites import PrerequisiteNotReady, Prerequisites
from ocpprov.reconcile.update import detach, retain, tag, update
from ocpprov.reconcile.wait import Goal, Waiter, Watch


@dataclass(frozen=True)
class Failure:
    """One step that failed."""

    resource: str
    type: str
    error: BaseException


@dataclass(frozen=True)
class Result:
    """How a run ended. `skipped`: logical id of what wasn't begun, and of the failed one because of which (empty: the
    run was stopped). `current`: what exists now, by logical id. `done`: the names of the steps that were done."""

    failures: Sequence[Failure]
    skipped: Mapping[str, str]
    unsettled: Sequence[Failure]
    current: Mapping[str, Live]
    interrupted: bool
    done: frozenset[str] = frozenset()

    @property
    def ok(self) -> bool:
        return not (self.failures or self.skipped or self.unsettled or self.interrupted)


def execute(actions: Actions, context: Context, cancellation: Cancellation, concurrency: int) -> Result:
    """Run the steps. Failures are in the result; `Interrupted` comes out when the run is asked to leave at once.

    Without credentials nothing new is started: each step would fail in its turn."""
    slots = Slots(concurrency, context.threads)
    context = replace(context, slots=slots, clock=LendingClock(context.clock, slots))
    waiter = Waiter(context)
    locked_out = threading.Event()

    def stopping() -> bool:
        return cancellation.stopping() or locked_out.is_set()

    prerequisites = Prerequisites(actions.graph, context, waiter, stopping)
    work = _Worker(context, waiter, prerequisites, LingeringDeletions(context, waiter, stopping), locked_out)

    pool = context.threads.pool(concurrency * scheduler.WAITING_FOR_EACH)
    leaving, steps = cancellation.leave.is_set, context.pacing.timed(actions.steps, context.kinds)
    try:
        outcome = scheduler.run(steps, work.do, pool, stopping, leaving, slots, context.threads)
    finally:
        # Nobody is at work any more, or whoever is mustn't hold up the end.
        pool.shutdown(wait=False, cancel_futures=True)
    by_name = {step.name: step for step in actions.steps}
    failures = [
        Failure(by_name[name].logical_id, by_name[name].type, error)
        for name, error in outcome.failed.items()
        if not isinstance(error, PrerequisiteNotReady)
    ]
    for failure in failures:
        context.tell(EventKind.FAILED, failure.resource, failure.type, reason=str(failure.error))
    unready, skipped = _not_begun(outcome, by_name)
    for resource, cause in skipped.items():
        context.tell(EventKind.SKIPPED, resource, reason=f"because of {cause}" if cause else "the run was stopped")
    for failure in unready:
        context.tell(EventKind.FAILED, failure.resource, failure.type, reason=str(failure.error))
    unsettled = [*unready, *_await_readiness(context, waiter, cancellation, {each.resource for each in unready})]
    return Result(
        failures, skipped, unsettled, context.live_state.by_logical_id(), cancellation.stopping(), outcome.done
    )


def _not_begun(outcome: scheduler.Outcome, steps: Mapping[str, Step]) -> tuple[list[Failure], dict[str, str]]:
    """What didn't get ready, each once, and what wasn't begun, with the cause: that, or what failed."""
    unready: dict[str, Failure] = {}
    skipped = {steps[name].logical_id: _logical_id(steps, cause) for name, cause in outcome.skipped.items()}
    for name, error in outcome.failed.items():
        if isinstance(error, PrerequisiteNotReady):
            skipped[steps[name].logical_id] = error.needed if error.error else ""
            if error.error:
                unready[error.needed] = Failure(error.needed, error.type, error.error)
    return list(unready.values()), skipped


def _logical_id(steps: Mapping[str, Step], name: str) -> str:
    return steps[name].logical_id if name in steps else ""


@dataclass(frozen=True)
class _Worker:
    context: Context
    waiter: Waiter
    prerequisites: Prerequisites
    lingering: LingeringDeletions
    locked_out: threading.Event

    def do(self, steps: Sequence[Step]) -> None:
        """One batch; all of it is of one type and one sort of step."""
        try:
            names = dict.fromkeys(step.logical_id for step in steps if step.logical_id)
            with self.context.about(names, self.context.slots.urgency()):
                self._do(steps)
        except AwsError as error:
            if error.error_class is ErrorClass.CREDENTIALS:
                self.locked_out.set()
            raise

    def _do(self, steps: Sequence[Step]) -> None:
        first = steps[0]
        kind = self.context.kinds[first.type]
        self.prerequisites.await_ready([step for step in steps if isinstance(step, CreateStep | UpdateStep)])
        match first:
            case CreateStep():
                create(kind, [step for step in steps if isinstance(step, CreateStep)], self.context)
            case DeleteStep():
                deletes = [step for step in steps if isinstance(step, DeleteStep)]
                delete(kind, deletes, self.context, self.waiter, self.lingering)
            case UpdateStep():
                update(kind, first, self.context)
            case DetachStep():
                detach(kind, first, self.context)
            case RetainStep():
                retain(kind, first, self.context)
            case TagStep():
                tag(kind, first, self.context)
            case _:
                raise TypeError(f"{first.name} is no step that sends anything")


def _await_readiness(
    context: Context, waiter: Waiter, cancellation: Cancellation, known: Collection[str]
) -> list[Failure]:
    """Wait, all at the same time, for whatever exists but isn't ready; of the `known` it is known already that they
    aren't in time. What waits for us to complete it is completed first: an earlier run may have been cut off."""
    if cancellation.stopping():
        return []
    pending: list[tuple[str, Live, Watch]] = []
    unsettled: list[Failure] = []
    for logical_id, live in context.live_state.by_logical_id().items():
        if live.state is State.PENDING and logical_id not in known:
            kind = context.kinds[live.type]
            try:
                # What this run has made was completed with that.
                if (live.type, live.id) in context.live_state.before:
                    completing = partial(complete, kind, logical_id, live, context)
                    call_while_wanted(completing, cancellation.check, context.threads)
                pending.append((logical_id, live, waiter.watch(kind, logical_id, live.id, Goal.READY)))
            except Interrupted:
                return unsettled
            except (AwsError, ThreadsExhausted) as error:
                context.tell(EventKind.FAILED, logical_id, live.type, live.id, reason=str(error))
                unsettled.append(Failure(logical_id, live.type, error))
    for logical_id, live, watch in pending:
        try:
            watch.result()
        except Exception as error:
            context.tell(EventKind.FAILED, logical_id, live.type, live.id, reason=str(error))
            unsettled.append(Failure(logical_id, live.type, error))
        except Interrupted:
            cancellation.interrupt()
            break
    return unsettled
