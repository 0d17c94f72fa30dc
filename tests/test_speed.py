"""How fast runs are, in simulated time: the bound, and how near a plan's life comes to it (docs/speed.md).

The figures are the same on every machine, whatever else it does: time passes only while everybody waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from benchmarks.bound import Bound, apply_bound, destroy_bound
from benchmarks.lives import ROOT, TimedAct, lived
from benchmarks.speed import fill
from benchmarks.templates import template_of

PLANS = ("public-3az", "restricted-3az")
OVER_APPLY = 1.03
OVER_DESTROY = 1.06
"""How many times its bound each may take. Both come nearer by a hundredth or two; a needless wait doesn't fit in."""
MOST_READS = 45
MOST_IN_A_ROW = 6
MOST_OF_A_DESTROY = 110


@dataclass(frozen=True)
class Life:
    """What a plan's commands did, by their names, and the bounds of its first apply and its destroy."""

    acts: Mapping[str, TimedAct]
    apply_bound: Bound
    destroy_bound: Bound


@pytest.fixture(scope="module")
def lives() -> Mapping[str, Life]:
    """One of each plan, for all tests of this module."""
    found = {}
    for name in PLANS:
        plan = ROOT / "plans" / f"{name}.yaml"
        template = template_of(plan)
        acts = {act.name: act for act in lived(plan)}
        found[name] = Life(acts, apply_bound(template), destroy_bound(template))
    return found


@pytest.mark.parametrize("plan", PLANS)
def test_each_command_ends_well(lives: Mapping[str, Life], plan: str) -> None:
    assert [act.name for act in lives[plan].acts.values() if act.ok] == ["apply", "apply again", "plan", "destroy"]


@pytest.mark.parametrize("plan", PLANS)
def test_a_first_apply_takes_hardly_longer_than_its_bound(lives: Mapping[str, Life], plan: str) -> None:
    life = lives[plan]
    assert 1.0 <= life.acts["apply"].seconds / life.apply_bound.seconds <= OVER_APPLY


@pytest.mark.parametrize("plan", PLANS)
def test_a_destroy_takes_hardly_longer_than_its_bound(lives: Mapping[str, Life], plan: str) -> None:
    life = lives[plan]
    assert 1.0 <= life.acts["destroy"].seconds / life.destroy_bound.seconds <= OVER_DESTROY


@pytest.mark.parametrize("command", ["apply again", "plan"])
def test_what_is_there_is_seen_with_few_calls(lives: Mapping[str, Life], command: str) -> None:
    act = lives["public-3az"].acts[command]
    assert len(act.calls) <= MOST_READS
    assert act.in_a_row <= MOST_IN_A_ROW


def test_a_destroy_makes_few_calls(lives: Mapping[str, Life]) -> None:
    calls = lives["public-3az"].acts["destroy"].calls
    assert len(calls) <= MOST_OF_A_DESTROY
    # Of what the journal knows nobody asks first whether it carries the plan's tag.
    once = ["DescribeAddresses", "DescribeVpcs"]
    assert sorted(call.operation for call in calls if call.operation in once) == once


@pytest.mark.parametrize("plan", PLANS)
def test_no_run_makes_fewer_calls_than_the_least_number(lives: Mapping[str, Life], plan: str) -> None:
    """Otherwise the table of the bound is wrong."""
    life = lives[plan]
    assert life.acts["apply"].mutating >= life.apply_bound.changes
    assert life.acts["destroy"].mutating >= life.destroy_bound.changes


@pytest.mark.torture
def test_other_peoples_things_cost_a_plan_pages_only() -> None:
    """200 balancers, 300 zones and 800 roles of theirs: zones and roles are listed by the hundred, balancers' tags are
    asked by twenty; nobody else's thing is asked for by itself."""
    plan = ROOT / "plans" / "public-3az.yaml"
    alone, crowded = (
        next(act for act in acts if act.name == "plan") for acts in (lived(plan), lived(plan, before=fill))
    )
    assert crowded.ok
    pages = 200 / 20 + 300 / 100 + 800 / 100
    assert len(crowded.calls) - len(alone.calls) <= pages
