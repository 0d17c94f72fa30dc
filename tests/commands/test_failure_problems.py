"""What a run failed on, for programs, on values."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.commands.failure_problems import failure_problems
from ocpprov.engine.actions import Action, Verb
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.problem import Problem
from ocpprov.reconcile.execute import Failure, Result
from ocpprov.reconcile.wait import NotSettled

VPC = "AWS::EC2::VPC"
FULL = AwsError(ErrorClass.QUOTA, AwsMessage("VpcLimitExceeded", "no more", "req-1", "CreateVpc"))


def result(failures: Sequence[Failure] = (), unsettled: Sequence[Failure] = (), **more: bool) -> Result:
    skipped = {"B": "A"} if more.pop("skipped", False) else {}
    return Result(failures, skipped, unsettled, {}, more.pop("interrupted", False))


def test_each_failure_has_its_resource_what_aws_said_and_what_helps() -> None:
    slow = Failure("NAT", VPC, NotSettled("took too long"))
    assert failure_problems(result([Failure("A", VPC, FULL)], [slow])) == [
        Problem(f"A ({VPC})", str(FULL), FULL.next_step),
        Problem(f"NAT ({VPC})", "took too long"),
    ]


def test_what_is_the_same_is_told_once() -> None:
    twice = [Failure("A", VPC, OSError("disk full")), Failure("A", VPC, OSError("disk full"))]
    assert failure_problems(result(twice)) == [Problem(f"A ({VPC})", "disk full")]
    assert failure_problems(result([Failure("", "", OSError("disk full"))])) == [Problem("", "disk full")]


def test_an_interrupt_is_the_error_only_where_nothing_else_is() -> None:
    cut = Failure("A", VPC, Interrupted())
    assert failure_problems(result([cut], interrupted=True)) == [
        Problem("", "interrupted", "run the same command again")
    ]
    assert failure_problems(result([cut, Failure("B", VPC, OSError("x"))], interrupted=True)) == [
        Problem(f"B ({VPC})", "x")
    ]


def test_a_good_run_has_no_error_and_one_that_left_something_out_has() -> None:
    assert failure_problems(result()) == []
    assert failure_problems(result(skipped=True)) == [
        Problem("", "not everything was done", "run the same command again")
    ]


def test_what_a_last_look_finds_is_an_error_of_a_run_that_did_all() -> None:
    left = [Action("A", VPC, Verb.UPDATE, "vpc-1")]
    assert failure_problems(result(), left) == [
        Problem(
            f"A ({VPC})",
            "AWS has taken every change, and a last look still finds it to update",
            "run the same command again",
        )
    ]
    assert failure_problems(result([Failure("B", VPC, OSError("x"))]), left) == [Problem(f"B ({VPC})", "x")]
