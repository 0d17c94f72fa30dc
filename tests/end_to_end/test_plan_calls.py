"""What each shipped plan costs in calls: made, found again, made once more and taken away, before a moto that knows
nothing of us and before a sandbox with all of AWS's manners at once."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from ocpprov.sandbox.default_quotas import default_quotas
from ocpprov.sandbox.delays import Delays
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import PLANS, REGION, Operator, client, everything
from tests.support.fronts import service_fronts
from tests.support.in_process import Bastion
from tests.support.networks import with_a_network

REGIONS: Final = {"govcloud": "us-gov-west-1"}
every_plan: Final = pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
COMMANDS: Final = (("apply", "--yes"), ("plan", "--detailed-exitcode"), ("apply", "--yes"), ("destroy", "--yes"))


@dataclass(frozen=True)
class Cost:
    """The calls of a command, and those of them that may have changed something."""

    calls: int
    changing: int

    def __str__(self) -> str:
        return f"{self.calls}/{self.changing}"


def costs(run: Callable[..., object], spent: Callable[[], Cost], plan: str) -> list[Cost]:
    """Of each of the commands, all of which have to end well. `spent` tells the cost since it was last asked."""
    spent()
    found = []
    for verb, option in COMMANDS:
        run(verb, plan, option)
        found.append(spent())
    return found


def told(plan: Path, where: str, found: list[Cost]) -> None:
    """For whoever wants the table: `pytest -m torture -rP tests/end_to_end/test_plan_calls.py`."""
    sys.stdout.write(f"| {plan.stem} | {where} | {' | '.join(map(str, found))} |\n")


MOST: Final = 45
"""Calls of a plan with three zones that changes nothing (docs/speed.md has the reason for each)."""
IDENTITY: Final = 1
"""Who asks is known here before."""


def test_a_plan_that_changes_nothing_asks_little(one_bastion: Bastion, tmp_path: Path) -> None:
    one_bastion.moved_in(tmp_path, REGION)
    [plan] = [path for path in PLANS if path.stem == "public-3az"]
    assert one_bastion.apply(plan).code == 0
    assert one_bastion.plan(plan).code == 0
    asked = Counter(f"{call['service']} {call['operation']}" for call in one_bastion.pipeline.calls())
    assert asked.total() + IDENTITY <= MOST, asked
    assert sum(count for operation, count in asked.items() if operation.startswith("ec2 ")) == 13


@pytest.mark.torture
@every_plan
def test_on_moto_alone(bare: Operator, path: Path) -> None:
    region = REGIONS.get(path.stem, REGION)
    plan = str(with_a_network(path, client("ec2", bare.url, region), bare.folder))
    before = everything(bare.url, region)
    with service_fronts(bare.url) as fronts:
        counted = Operator(bare.url, bare.folder, {**bare.environ, **fronts.environ})

        def spent() -> Cost:
            cost = Cost(len(fronts.requests), sum(request.mutating for request in fronts.requests))
            fronts.requests.clear()
            return cost

        found = costs(counted.good, spent, plan)
    told(path, "moto", found)
    assert [each.changing for each in found] == [found[0].changing, 0, 0, found[3].changing]
    assert everything(bare.url, region) == before


@pytest.mark.torture
@every_plan
def test_with_all_of_aws_manners(user: LocalOperator, aws: LocalAws, path: Path) -> None:
    """Its times, a new account's quotas, its rates, pages of five, what is new not found for a while."""
    user.bastion.moved_in(user.folder, REGIONS.get(path.stem, REGION), delays=Delays())
    plan = str(with_a_network(path, aws.client("ec2"), user.folder))
    aws.conditions(
        latency=0.1,
        unseen_by_id=8,
        unseen_by_tag=12,
        flapping=True,
        page_size=5,
        throttling=True,
        quotas=dict(default_quotas()),
    )
    # A network that is somebody else's has been there for long.
    aws.advance(60)
    before = aws.everything()

    def spent() -> Cost:
        cost = Cost(len(aws.calls()), len(aws.changes()))
        aws.clear_calls()
        return cost

    found = costs(user.good, spent, plan)
    told(path, "sandbox", found)
    assert [each.changing for each in found] == [found[0].changing, 0, 0, found[3].changing]
    aws.conditions()
    assert aws.everything() == before
