"""What the errors that refuse a command say."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.problem import Problem
from ocpprov.plan.problems import PlanErrors


def problems_in(error: PlanErrors | Refused | OSError) -> Sequence[Problem]:
    """What an error that refuses a command says."""
    match error:
        case PlanErrors(errors=errors):
            return [each.problem for each in errors]
        case Refused(problems=problems):
            return problems
        case _:
            return [Problem(str(error.filename or ""), error.strerror or str(error))]
