"""What an error of AWS means to somebody who only asked."""

from __future__ import annotations

from ocpprov.aws.endpoint_guard import InsecureEndpoint
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError
from ocpprov.engine.problem import Problem


def problem_of(error: AwsError) -> Problem:
    """An error of AWS on a question, which changes nothing whatever comes of it, with the next step."""
    if isinstance(error, InsecureEndpoint):
        return error.problem
    if error.error_class is ErrorClass.UNKNOWN_OUTCOME:
        remedy = "AWS has no good answer at the moment. Nothing was changed: run the same command again later."
        return Problem("", str(error), remedy)
    return Problem("", str(error), error.next_step)
