"""How a run ends: its exit code, and the five lines in which a failed one says what is true now."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ocpprov.aws.calls import CallCounter
from ocpprov.aws.errors import AwsError, CredentialsError, said_by_aws
from ocpprov.commands.apply_loop import RunOutcome
from ocpprov.commands.error_documents import error_document, error_events
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.failure_problems import failure_problems
from ocpprov.engine.actions import Action, counted
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.problem import Problem
from ocpprov.engine.protocols import Clock
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.execute import Failure, Result
from ocpprov.reconcile.wait import NotSettled
from ocpprov.ui.closing import billed_lines, still_differs_lines
from ocpprov.ui.failure_lines import Shortfall, failure_lines, left_lines
from ocpprov.ui.lines import Line
from ocpprov.ui.progress import View
from ocpprov.ui.unproven_claims import unproven_documents


@dataclass(frozen=True)
class Run:
    """What the last event says of a run beside what it did: its clock, its calls, and when it began, by
    `time.monotonic`."""

    clock: Clock
    counter: CallCounter
    began: float

    def seconds(self) -> float:
        """How long it has taken by now."""
        return time.monotonic() - self.began

    def calls(self) -> int:
        """How many calls it has made."""
        return sum(self.counter.snapshot().values())

    def finished(
        self,
        done: Iterable[Action],
        *,
        ok: bool,
        unproven: Sequence[Mapping[str, str]] = (),
        errors: Sequence[Problem] = (),
    ) -> Event:
        """The last event."""
        detail = {
            "ok": ok,
            "summary": counted(done),
            "seconds": round(self.seconds(), 1),
            "calls": self.counter.snapshot(),
            "unproven": list(unproven),
            **(error_document(errors) if errors else {}),
        }
        return Event(EventKind.FINISHED, self.clock.now(), detail=detail)


def report(outcome: RunOutcome, run: Run, view: View, say: Callable[[str | Line], None], command: str) -> ExitCode:
    """Tell the end, where it failed in five lines after what costs money meanwhile, and give the exit code. The view
    is closed before: what it takes off the screen at its end would be these lines."""
    view.close()
    code = exit_code(outcome)
    if outcome.result.ok and outcome.left:
        for line in still_differs_lines(outcome.left):
            say(line)
        say(f"next:     {command}")
    elif code is not ExitCode.DONE:
        for line in billed_lines(outcome.current.values(), KINDS):
            say(line)
        for text in failure_report(outcome, command):
            say(text)
    unproven = unproven_documents(outcome.planned.actions.unproven, command)
    errors = failure_problems(outcome.result, outcome.left)
    for event in error_events(errors, run.clock.now()):
        view.emit(event)
    view.emit(run.finished(outcome.done, ok=code is ExitCode.DONE, unproven=unproven, errors=errors))
    return code


def exit_code(outcome: RunOutcome) -> ExitCode:
    """How the process ends after a run that ended so. What a last look still finds to do isn't done."""
    if outcome.result.ok:
        return ExitCode.FAILED if outcome.left else ExitCode.DONE
    return ExitCode.INTERRUPTED if outcome.result.interrupted else ExitCode.FAILED


def failure_report(outcome: RunOutcome, command: str) -> Iterator[str]:
    """The five lines, for an apply or, where nothing was wanted, for a destroy."""
    wanted = list(outcome.planned.actions.graph.resources)
    yield from _failure(outcome.result, wanted, command) if wanted else _failure_of_destroy(outcome.result, command)


def _failure_of_destroy(result: Result, command: str) -> Iterator[str]:
    yield from left_lines(_unfinished(result), *_said_and_cause(result.failures), command)


def _failure(result: Result, wanted: Sequence[str], command: str) -> Iterator[str]:
    unready = {failure.resource for failure in result.unsettled}
    unfinished = [name for name in _unfinished(result) if name not in unready]
    shortfall = Shortfall(
        missing=[name for name in wanted if name not in result.current],
        unready=[name for name in wanted if name in unready],
        drifted=[name for name in unfinished if name in result.current],
        undeleted=[name for name in unfinished if name not in wanted],
    )
    exists = sum(name in result.current and name not in unready for name in wanted)
    said_and_cause = _said_and_cause([*result.failures, *result.unsettled])
    yield from failure_lines(exists, len(wanted), shortfall, *said_and_cause, command)


def _unfinished(result: Result) -> list[str]:
    """Logical ids of what failed and of what wasn't begun, each once."""
    return [*dict.fromkeys([*(failure.resource for failure in result.failures), *result.skipped])]


def _said_and_cause(failures: Sequence[Failure]) -> tuple[str, str]:
    """What AWS said of the first failure, and what that means. What an interrupt cut off has no other cause."""
    first = next((failure for failure in failures if not isinstance(failure.error, Interrupted)), None)
    if first is None:
        return "nothing", "the run was interrupted"
    error = first.error
    where = f"{first.resource} ({first.type}) failed" if first.resource else "re-reading AWS state failed"
    aws = said_by_aws(error)
    if isinstance(error, AwsError):
        means = error.next_step
        if aws and isinstance(error, CredentialsError):
            means = f"there are no credentials of {error.source} any more. {means}"
        return (str(aws), str(Problem(where, means))) if aws else ("nothing", str(Problem(where, str(error), means)))
    reason = error.reason if isinstance(error, NotSettled) else ""
    return str(aws) if aws else reason or "nothing", str(Problem(where, str(error)))
