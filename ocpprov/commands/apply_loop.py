"""The run itself, as apply and destroy share it: in rounds, each of which does what the last look found to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.commands.connection import Connection
from ocpprov.commands.durations import learned_durations
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.locking import unwritable
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Action, Verb
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.claims import named
from ocpprov.engine.resources import Live, Owner
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.engine.steps import CreateStep, UpdateStep
from ocpprov.engine.threads import ThreadsExhausted
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.context import Context, LiveState
from ocpprov.reconcile.execute import Failure, Result, execute
from ocpprov.reconcile.pacing import Pacing
from ocpprov.reconcile.wait import NotSettled
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.journal import Journal, Made, Record, account_region, made
from ocpprov.ui.progress import View

_ROUNDS = 3
"""A first round, one to make again what failed by itself or to sweep, and one to be sure. What fails by itself twice is
reported: a third time would hardly end otherwise."""

_SEEN_BY_THEN: Final = 60.0
"""Seconds after which AWS lists what was made, twice the longest time that a run looks for it."""

_SECOND_ROUND = (Verb.SWEEP, Verb.DELETE, Verb.CREATE, Verb.REPLACE)


@dataclass(frozen=True)
class RunOutcome:
    """The last round of a run, and what is left to do after it (`planned`); `done` is what all of its rounds did,
    `left` what a closing look still finds to do."""

    result: Result
    planned: PlanResult
    done: Sequence[Action] = ()
    left: Sequence[Action] = ()

    @property
    def current(self) -> Mapping[str, Live]:
        """What exists by logical id: as a last look has it, where everything went well."""
        return {**self.result.current, **(self.planned.actions.current if self.result.ok else {})}


def run_rounds(
    first: PlanResult,
    refresh: Callable[[frozenset[Made]], PlanResult],
    connection: Connection,
    folder: RunFolder,
    concurrency: int,
    view: View,
    secrets: SecretTexts,
) -> RunOutcome:
    """Do what was planned, in rounds; `refresh` plans anew, and gets what the journal has by then, into which none of
    the `secrets` gets. Raises Refused when that can't be opened."""
    try:
        journal = Journal(folder.journal, account_region(connection.owner.account, connection.owner.region), secrets)
    except OSError as error:
        raise Refused(unwritable(folder.journal, error)) from error
    try:
        now = connection.clock.now()
        pacing = replace(connection.pacing, learned=learned_durations(connection.owner, folder))
        journal.write_all([*_gone(first, connection.owner, now), *newly_proven(first, connection.owner, now)])
        outcome = rounds(
            first,
            lambda: refresh(made(folder.journal, KINDS)),
            lambda planned: _execute(planned, connection, journal, concurrency, view, secrets, pacing),
        )
        if outcome.result.ok:
            journal.settle(connection.owner.run, connection.clock.now(), _SEEN_BY_THEN)
    finally:
        journal.close()
    return outcome


def _gone(first: PlanResult, owner: Owner, now: float) -> Iterator[Record]:
    """What AWS says isn't there any more needs no asking in the next run."""
    for type, id in sorted(first.gone):
        yield Record("deleted", now, owner.run, "", type, id=id)


def newly_proven(first: PlanResult, owner: Owner, now: float) -> Iterator[Record]:
    """What is this plan's and the journal doesn't know: from the first change on, the proof may change. What the user
    has allowed is proven by that word alone, so it is kept in any case. Its name is what it was found to be."""
    names = {(live.type, live.id): named(live) for live in first.inventory}
    names |= {(live.type, live.id): logical_id for logical_id, live in first.actions.current.items()}
    for type, id in sorted(first.actions.proven - first.memory.made):
        if first.actions.changes or id in first.memory.allowed:
            yield Record("proven", now, owner.run, names[type, id], type, id=id)


def rounds(
    first: PlanResult, refresh: Callable[[], PlanResult], carry_out: Callable[[PlanResult], Result]
) -> RunOutcome:
    """Carry out what was planned; then look again, and go on with what only a second look shows: duplicates, and what
    failed at AWS by itself."""
    planned = first
    failed: set[str] = set()
    done: list[Action] = []
    left: Sequence[Action] = ()
    for number in range(1, _ROUNDS + 1):
        result = carry_out(planned)
        done += [action for action in planned.actions.changes if action.step_name in result.done]
        made_something = any(isinstance(step, CreateStep | UpdateStep) for step in planned.actions.steps)
        unsettled = {failure.resource for failure in result.unsettled}
        if result.failures or result.interrupted or failed & unsettled or not made_something or number == _ROUNDS:
            break
        # What waits for something that is late would wait as long again, and so would whoever looks at what AWS hasn't
        # shown until the time for it was over.
        late = _late(result.unsettled)
        if late and (result.skipped or any(error.is_unseen for error in late)):
            break
        failed |= unsettled
        try:
            planned = refresh()
        except (Refused, ThreadsExhausted) as error:
            # Things were sent by now, so it isn't a refusal any more.
            result = replace(result, unsettled=[*result.unsettled, Failure("", "", error)])
            break
        except Interrupted:
            result = replace(result, interrupted=True)
            break
        if not any(action.verb in _SECOND_ROUND for action in planned.actions.changes):
            left = planned.actions.changes
            break
    kept = [action for action in first.actions.actions if action.verb is Verb.KEEP]
    return RunOutcome(result, planned, [*done, *kept], left)


def _late(failures: Sequence[Failure]) -> list[NotSettled]:
    return [each.error for each in failures if isinstance(each.error, NotSettled) and each.error.is_late]


def not_begun(planned: PlanResult) -> RunOutcome:
    """The end of a run that was asked to leave before its first round."""
    unknown = dict.fromkeys((step.logical_id for step in planned.actions.steps if step.logical_id), "")
    return RunOutcome(Result([], unknown, [], planned.actions.current, interrupted=True), planned)


def _execute(
    planned: PlanResult,
    connection: Connection,
    journal: Journal,
    concurrency: int,
    view: View,
    secrets: SecretTexts,
    pacing: Pacing,
) -> Result:
    actions = planned.actions
    context = Context(
        owner=connection.owner,
        kinds=KINDS,
        clients=connection.session.clients,
        reader=connection.reader,
        clock=connection.clock,
        journal=journal,
        events=view,
        live_state=LiveState(actions, planned.inventory, planned.start),
        about=lambda names, urgency: connection.subject.about(map(secrets.masked, names), urgency),
        threads=connection.threads,
        pacing=pacing,
    )
    try:
        return execute(actions, context, connection.cancellation, concurrency)
    except Interrupted:
        unknown = dict.fromkeys((step.logical_id for step in actions.steps if step.logical_id), "")
        return Result([], unknown, [], context.live_state.by_logical_id(), interrupted=True)
