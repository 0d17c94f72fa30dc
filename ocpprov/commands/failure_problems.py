"""What a run failed on, as problems: for programs that read its events."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.aws.errors import AwsError
from ocpprov.commands.error_documents import INTERRUPTED
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.problem import Problem
from ocpprov.reconcile.execute import Failure, Result


def failure_problems(result: Result) -> Sequence[Problem]:
    """What a run failed on, each cause once; the interrupt, where nothing else did."""
    failures = [each for each in (*result.failures, *result.unsettled) if not isinstance(each.error, Interrupted)]
    found = [*dict.fromkeys(map(_problem, failures))]
    if found or result.ok:
        return found
    return [INTERRUPTED if result.interrupted else Problem("", "not everything was done", "run the same command again")]


def _problem(failure: Failure) -> Problem:
    place = f"{failure.resource} ({failure.type})" if failure.resource else ""
    error = failure.error
    return Problem(place, str(error), error.next_step if isinstance(error, AwsError) else "")
