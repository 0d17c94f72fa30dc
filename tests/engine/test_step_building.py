"""Steps that take away what the plan no longer has."""

from __future__ import annotations

from typing import Final

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.steps import DeleteStep
from tests.engine.examples import NETWORK, OUR_NET, OUR_VPC, TABLE
from tests.engine.planning import gone, live, planned, ref, the_work, wanted

USES: Final = "AWS::EC2::SubnetRouteTableAssociation"
OUR_TABLE: Final = live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-1"})
USED: Final = live(USES, "rtbassoc-1", "", {"SubnetId": "subnet-1", "RouteTableId": "rtb-1"})
WITH_TABLE: Final = {**NETWORK, **wanted(Table=(TABLE, {"VpcId": ref("Vpc")}))}
WITHOUT_NET: Final = {name: each for name, each in WITH_TABLE.items() if name != "Net"}


@pytest.mark.parametrize(
    ("plan", "goes_along"),
    [pytest.param(WITH_TABLE, False, id="the subnet stays"), pytest.param(WITHOUT_NET, True, id="the subnet goes")],
)
def test_a_link_goes_along_with_the_subnet_that_it_is_on_or_by_a_call_of_its_own(
    plan: dict[str, Resource], goes_along: bool
) -> None:
    actions = planned(plan, [OUR_VPC, OUR_NET, OUR_TABLE, USED])
    [step] = [each for each in actions.steps if isinstance(each, DeleteStep) and each.live.type == USES]
    assert step.along == (the_work(actions, gone("subnet-1")).step if goes_along else "")
