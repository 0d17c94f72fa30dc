"""A plan that can't be completed, as AWS can't be read."""

from __future__ import annotations

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.checks.unread import PERMISSION
from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.plan_unread import PlanUnread, unknown_rows, unread_told
from ocpprov.commands.scope import Scope
from ocpprov.engine.problem import Problem
from ocpprov.openshift.requirement_rows import ROWS
from tests.openshift.plans import SECTION_3AZ, plan_of

PLAN = plan_of(SECTION_3AZ)
DENIED = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no", "r-1", "DescribeSubnets"))
OVER = AwsError(ErrorClass.CREDENTIALS, AwsMessage("ExpiredToken", "over"))


def ended(scope: Scope, cause: AwsError | None) -> Refused:
    with pytest.raises(Refused) as caught, unread_told(PLAN, scope):
        raise Refused("it can't be read") from cause
    return caught.value


def test_what_cannot_be_read_leaves_all_rows_unknown() -> None:
    found = ended(Scope().tolerant(), DENIED)
    assert isinstance(found, PlanUnread)
    assert (found.plan, found.why.remedy) == (PLAN, PERMISSION)
    rows = unknown_rows(found)
    assert [row.id for row in rows] == [row.id for row in ROWS]
    said = "what the plan means is for AWS to say: DescribeSubnets: UnauthorizedOperation: no (request r-1)"
    assert set(rows) == {RowResult(row.id, RowStatus.UNKNOWN, (), said, PERMISSION) for row in ROWS}


@pytest.mark.parametrize(
    ("scope", "cause"), [(Scope(), DENIED), (Scope().tolerant(), OVER), (Scope().tolerant(), None)]
)
def test_anything_else_is_refused(scope: Scope, cause: AwsError | None) -> None:
    found = ended(scope, cause)
    assert not isinstance(found, PlanUnread)
    assert found.problems == [Problem("", "it can't be read")]
