"""What a run failed on, as problems: for programs that read its events."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.aws.errors import AwsError
from ocpprov.commands.error_documents import AGAIN, INTERRUPTED
from ocpprov.engine.actions import Action
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.problem import Problem
from ocpprov.reconcile.execute import Failure, Result


def failure_problems(result: Result, left: Sequence[Action] = ()) -> Sequence[Problem]:
    """What a run failed on, each cause once; the interrupt, where nothing else did; what a last look still finds to do
    (`left`), where everything was done."""
    failures = [each for each in (*result.failures, *result.unsettled) if not isinstance(each.error, Interrupted)]
    found = [*dict.fromkeys(map(_problem, failures))]
    if found:
        return found
    if result.ok:
        return [*map(_still, left)]
    return [INTERRUPTED if result.interrupted else Problem("", "not everything was done", AGAIN)]


def _problem(failure: Failure) -> Problem:
    place = f"{failure.resource} ({failure.type})" if failure.resource else ""
    error = failure.error
    return Problem(place, str(error), error.next_step if isinstance(error, AwsError) else "")


def _still(action: Action) -> Problem:
    detail = f"AWS has taken every change, and a last look still finds it to {action.verb.value}"
    return Problem(f"{action.resource} ({action.type})", detail, AGAIN)
