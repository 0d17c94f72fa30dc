"""What an error of AWS on a question means, and what becomes of problems on their way to the user."""

from __future__ import annotations

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.checks.result import Check, Status, check_of
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.guards import planning_problems
from ocpprov.engine.actions import Actions
from ocpprov.engine.graph import Graph
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Owner

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")


def test_a_refused_question_has_the_classifications_next_step() -> None:
    error = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no; never", "req-1", "DescribeVpcs"))
    assert problem_of(error) == Problem("", str(error), error.next_step)
    assert "no; never" in problem_of(error).detail


def test_a_question_without_an_answer_has_changed_nothing() -> None:
    error = AwsError(ErrorClass.UNKNOWN_OUTCOME, AwsMessage("InternalError", "oops"))
    assert problem_of(error).remedy == (
        "AWS has no good answer at the moment. Nothing was changed: run the same command again later."
    )


def test_a_refusal_has_each_problem_and_a_line_for_each() -> None:
    refused = Refused(Problem("a.yaml:1:1", "is wrong", "mend it"), "nobody is there; give --yes")
    assert list(refused.problems) == [
        Problem("a.yaml:1:1", "is wrong", "mend it"),
        Problem("", "nobody is there; give --yes"),
    ]
    assert str(refused) == "a.yaml:1:1: is wrong; mend it\nnobody is there; give --yes"


def test_no_sentence_of_the_planner_is_taken_apart() -> None:
    actions = Actions(OWNER, Graph({}, {}), [], [], {}, problems=["V: in the way; of\x1b all; remove it"])
    assert planning_problems(actions) == [Problem("", r"V: in the way; of\x1b all; remove it")]


@pytest.mark.parametrize("status", [Status.FAIL, Status.WARN])
def test_a_problem_becomes_a_check(status: Status) -> None:
    assert check_of("environment", status, Problem("NO_PROXY", "is wrong; quite", "write x")) == Check(
        "environment", status, "NO_PROXY: is wrong; quite", "write x"
    )
    assert check_of("plan", status, Problem("", "is wrong; mend it")).remedy == "see the line itself"
