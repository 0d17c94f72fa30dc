"""Duplicates that a run has made which may still be going on stay, and are noted; on values."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from ocpprov.commands.refresh import skip_duplicates_of_live_runs
from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.ownership import RUN
from ocpprov.engine.steps import DeleteStep
from ocpprov.runs.run_id import host_hash, parse
from tests.engine.planning import OWNER, SUBNET, VPC, live, planned, ref, wanted

BLOCK = {"CidrBlock": "10.0.0.0/16"}
START = "20260101T000000Z"
MADE = parse(f"{START}.x.1.y")
NOW = (MADE.start if MADE else 0.0) + 60
HERE_ALIVE = f"{START}.{host_hash()}.{os.getpid()}.bbbbbbbb"
HERE_DEAD = f"{START}.{host_hash()}.{2**22 + 1}.bbbbbbbb"
"""Of a process that can't be: Linux has at most 2**22."""
ELSEWHERE = f"{START}.ffffffff.1.bbbbbbbb"


def twice(run: str) -> Actions:
    """What there is to do where the plan's VPC is there twice: the first is in use, the second was made by a run."""
    first = live(VPC, "vpc-1", "Vpc", BLOCK)
    second = live(VPC, "vpc-2", "Vpc", BLOCK)
    second = replace(second, tags={**second.tags, RUN: run})
    inside = {"VpcId": ref("Vpc"), "CidrBlock": "10.0.0.0/24"}
    subnet = live(SUBNET, "subnet-1", "Subnet", {**inside, "VpcId": "vpc-1"})
    return planned(wanted(Vpc=(VPC, BLOCK), Subnet=(SUBNET, inside)), [first, second, subnet])


def swept(actions: Actions) -> list[str]:
    return [action.id for action in actions.actions if action.verb is Verb.SWEEP]


@pytest.mark.parametrize("run", [HERE_ALIVE, ELSEWHERE], ids=["here", "elsewhere"])
def test_what_a_run_made_that_may_be_alive_stays_and_is_noted(run: str) -> None:
    actions = twice(run)
    assert swept(actions) == ["vpc-2"]
    left = skip_duplicates_of_live_runs(actions, NOW, alone=False)
    assert swept(left) == []
    assert "vpc-2" not in {step.live.id for step in left.steps if isinstance(step, DeleteStep)}
    assert list(left.notes) == [*actions.notes, f"AWS::EC2::VPC vpc-2 is a second Vpc, made by run {run}"]
    assert [action for action in actions.actions if action.id != "vpc-2"] == list(left.actions)
    names = {step.name for step in left.steps}
    assert all(step.after <= names for step in left.steps)


@pytest.mark.parametrize("run", [HERE_DEAD, OWNER.run, "", "by hand"], ids=["dead", "own", "none", "no run"])
def test_what_no_living_run_has_made_goes(run: str) -> None:
    actions = twice(run)
    assert skip_duplicates_of_live_runs(actions, NOW, alone=False) == actions


def test_after_an_hour_no_run_is_going_on() -> None:
    actions = twice(ELSEWHERE)
    assert swept(skip_duplicates_of_live_runs(actions, NOW + 3540, alone=False)) == []
    assert swept(skip_duplicates_of_live_runs(actions, NOW + 3541, alone=False)) == ["vpc-2"]


def test_whoever_is_alone_sweeps_everything() -> None:
    actions = twice(ELSEWHERE)
    assert skip_duplicates_of_live_runs(actions, NOW, alone=True) == actions
