"""A plan of which AWS has to say what it means, where AWS says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ocpprov.aws.errors import AwsError, leaves_the_rest
from ocpprov.checks.unread import why_closed
from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.scope import Scope
from ocpprov.engine.problem import Problem
from ocpprov.openshift.requirement_rows import ROWS
from ocpprov.plan.model import Plan


class PlanUnread(Refused):
    """The account is known, and what the plan rests on can't be read, for the reason `why`: of no requirement anybody
    knows whether it holds."""

    def __init__(self, plan: Plan, why: Problem) -> None:
        super().__init__(why)
        self.plan = plan
        self.why = why


@contextmanager
def unread_told(plan: Plan, scope: Scope) -> Iterator[None]:
    """Where what is done here ends because AWS can't be read, and the scope is tolerant, that is a PlanUnread."""
    try:
        yield
    except Refused as refused:
        cause = refused.__cause__
        if scope.is_tolerant and isinstance(cause, AwsError) and leaves_the_rest(cause):
            raise PlanUnread(plan, why_closed(cause)) from cause
        raise


def unknown_rows(unread: PlanUnread) -> list[RowResult]:
    """All rows, none of them known."""
    detail = f"what the plan means is for AWS to say: {unread.why.detail}"
    return [RowResult(row.id, RowStatus.UNKNOWN, detail=detail, remedy=unread.why.remedy) for row in ROWS]
