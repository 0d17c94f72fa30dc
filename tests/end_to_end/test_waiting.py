"""What waiting for AWS costs in calls."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ocpprov.sandbox.delays import Delays
from tests.end_to_end.world import CRASH, REGION
from tests.support.in_process import Bastion

PLAN = CRASH / "small-balancer.yaml"


def asked(bastion: Bastion, delays: Delays, home: Path) -> Counter[str]:
    bastion.moved_in(home, REGION, delays=delays)
    assert bastion.apply(PLAN).code == 0
    return Counter(call["operation"] for call in bastion.pipeline.calls())


@pytest.mark.parametrize(("seconds", "looks"), [(60.0, 3), (160.0, 5), (300.0, 23)])
def test_a_balancer_that_takes_longer_costs_one_call_each_time_it_is_looked_at(
    one_bastion: Bastion, seconds: float, looks: int, tmp_path: Path
) -> None:
    quick = asked(one_bastion, Delays(load_balancer=0.0), tmp_path / "1")
    slow = asked(one_bastion, Delays(load_balancer=seconds), tmp_path / "2")
    more = slow - quick
    assert set(more) == {"DescribeLoadBalancers"}
    # At once, as the time of the first early look is over by then, after 12.5 seconds, 50, 150, and then whenever a
    # 27th more has passed; the quick one, which the first look makes active, is seen by the second.
    assert more["DescribeLoadBalancers"] == looks
