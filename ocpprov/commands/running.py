"""What apply and destroy share: signals, lock, run folder, the run itself, and how it ends."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from ocpprov.aws.errors import AwsError, remedy
from ocpprov.commands.connection import CallLog, Connection
from ocpprov.commands.options import Options
from ocpprov.commands.outcome import ExitCode, Refused
from ocpprov.commands.survey import Survey
from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.resources import Live
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.context import Context, Known
from ocpprov.reconcile.execute import Failure, Result, execute
from ocpprov.runs.folder import RunFolder, run_folder
from ocpprov.runs.journal import Journal
from ocpprov.runs.lock import Locked, plan_lock, state_directory
from ocpprov.ui.progress import View
from ocpprov.ui.text import failure_lines, left_lines

_ROUNDS = 3
"""A first round, one to make again what failed by itself or to sweep, and one to be sure. What fails by itself twice is
reported: a third time would hardly end otherwise."""

_SECOND_ROUND = (Verb.SWEEP, Verb.DELETE, Verb.CREATE, Verb.REPLACE)


@dataclass(frozen=True)
class Ended:
    """The last round of a run, and what is left to do after it."""

    result: Result
    survey: Survey

    @property
    def current(self) -> Mapping[str, Live]:
        """What exists by logical id: as a last look has it, where everything went well."""
        return {**self.result.current, **(self.survey.actions.current if self.result.ok else {})}


@contextmanager
def locked(connection: Connection, options: Options, environ: Any, log: CallLog) -> Iterator[RunFolder]:
    """Hold the plan's lock and open its folder. Raises Refused."""
    owner = connection.owner
    folder = run_folder(options.directory, owner.plan)
    try:
        with plan_lock(state_directory(environ) / "locks", owner.account, owner.region, owner.plan, owner.run):
            folder.create()
            log.open(folder.log)
            yield folder
    except Locked as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{error.filename or folder.path}: {error.strerror or error}; nothing was sent") from error


@contextmanager
def interruptible(cancellation: Cancellation, say: Callable[[str], None]) -> Iterator[None]:
    """The first interrupt stops starting, the second leaves."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        first = not cancellation.stopping()
        cancellation.interrupt()
        say("stopping: what is in flight ends first; once more to leave at once" if first else "leaving")

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_rounds(
    first: Survey, look: Callable[[], Survey], connection: Connection, folder: RunFolder, options: Options, view: View
) -> Ended:
    """Do what was planned; then look again, and go on with what only a second look shows: duplicates, and what failed
    at AWS by itself. Raises Interrupted when asked to leave."""
    survey = first
    failed: set[str] = set()
    journal = Journal(folder.journal)
    try:
        for number in range(1, _ROUNDS + 1):
            result = _run(survey.actions, survey, connection, journal, options, view)
            made_something = any(step.resource is not None for step in survey.actions.steps)
            unsettled = {failure.resource for failure in result.unsettled}
            if result.failures or result.interrupted or failed & unsettled or not made_something or number == _ROUNDS:
                break
            failed |= unsettled
            survey = look()
            if not any(action.verb in _SECOND_ROUND for action in survey.actions.changes):
                break
    finally:
        journal.close()
    return Ended(result, survey)


def _run(
    actions: Actions, survey: Survey, connection: Connection, journal: Journal, options: Options, view: View
) -> Result:
    context = Context(
        owner=connection.owner,
        kinds=KINDS,
        clients=connection.session.clients,
        reader=connection.reader,
        clock=connection.clock,
        journal=journal,
        events=view,
        known=Known(actions, survey.inventory, survey.start),
    )
    try:
        return execute(actions, context, connection.cancellation, options.concurrency)
    except Interrupted:
        return Result([], {}, [], context.known.by_logical_id(), interrupted=True)


def finish(
    ended: Ended, connection: Connection, view: View, say: Callable[[str], None], command: str, seconds: float
) -> ExitCode:
    """Tell the end, in five lines where it failed, and give the exit code."""
    result = ended.result
    counts = ended.survey.actions.summary()
    detail: Mapping[str, object] = {
        "ok": result.ok,
        "summary": counts,
        "seconds": round(seconds, 1),
        "calls": connection.counter.snapshot(),
    }
    code = ExitCode.DONE if result.ok else ExitCode.INTERRUPTED if result.interrupted else ExitCode.FAILED
    if code is not ExitCode.DONE:
        destroying = not ended.survey.actions.graph.resources
        for line in _failure_of_destroy(result, command) if destroying else _failure(result, command):
            say(line)
    view.emit(Event(EventKind.FINISHED, connection.clock.now(), detail=detail))
    view.close()
    return code


def _failure_of_destroy(result: Result, command: str) -> Iterator[str]:
    left = [*dict.fromkeys([*(failure.resource for failure in result.failures), *result.skipped])]
    yield from left_lines(left, *_said_and_cause(result.failures), command)


def _failure(result: Result, command: str) -> Iterator[str]:
    failures: Sequence[Failure] = [*result.failures, *result.unsettled]
    missing = [*dict.fromkeys([*(failure.resource for failure in failures), *result.skipped])]
    yield from failure_lines(len(result.current), missing, *_said_and_cause(failures), command)


def _said_and_cause(failures: Sequence[Failure]) -> tuple[str, str]:
    """What AWS said of the first failure, and what that means."""
    if not failures:
        return "nothing", "the run was interrupted"
    first = failures[0]
    cause = f"{first.resource} ({first.type}) failed"
    if isinstance(first.error, AwsError):
        cause = f"{cause}: {remedy(first.error.fault, first.error.aws)}"
    return str(first.error), cause
