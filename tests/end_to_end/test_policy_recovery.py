"""What a run left unfinished is found, finished, swept and taken away with exactly the printed policy; only a lost tag
takes somebody who may do more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocpprov.checks.iam_policy import PolicyPurpose, policy
from ocpprov.commands.destroy import destroy
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.policy import subject_of
from ocpprov.sandbox.conditions import Conditions
from tests.end_to_end.crashing import SMALL, Case, killed_at, some_checks_after_apply
from tests.end_to_end.test_crash_points import every
from tests.end_to_end.test_lost_answers import LOST, answers_lost
from tests.end_to_end.world import CRASH
from tests.support.in_process import Bastion, Ended

SAMPLE = {"small-balancer": 4}
"""Of the calls of an apply, one of so many; `make torture` takes more of more plans."""


def policies(plan: Path) -> dict[PolicyPurpose, dict[str, Any]]:
    subject = subject_of(load_plan(Options(plan=plan)))
    return {purpose: policy(subject, purpose) for purpose in PolicyPurpose}


def held_to(bastion: Bastion, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on each command may do what the policy for it allows; between them everything is allowed."""
    run, allowed = bastion._run, policies(plan)

    def within(command: Callable[..., Any], options: Options) -> Ended:
        may(bastion, allowed[PolicyPurpose.DESTROY if command is destroy else PolicyPurpose.APPLY])
        ended = run(command, options)
        may(bastion)
        return ended

    monkeypatch.setattr(bastion, "_run", within)


def may(bastion: Bastion, document: dict[str, Any] | None = None) -> None:
    bastion.pipeline.set_conditions(Conditions(policy=document or {}))


def next_runs(case: Case, number: int) -> None:
    may(case.bastion)
    some_checks_after_apply(case, number)


small_plans = pytest.mark.parametrize(
    ("plan", "step"),
    [
        *(pytest.param(plan, step, id=f"{plan}-{step}") for plan, step in SAMPLE.items()),
        *(pytest.param(plan, 2, id=f"{plan}-2", marks=pytest.mark.torture) for plan in SMALL),
    ],
)


@small_plans
def test_a_killed_apply_is_finished(
    case: Case,
    step: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    held_to(case.bastion, case.plan, monkeypatch)
    points = killed_at(case, "apply", every(step), next_runs, tmp_path)
    points.judge(record_property)
    assert points.tried == 2 * (case.calls["apply"] // step) > 0


@pytest.mark.torture
@pytest.mark.parametrize("command", ["apply", "destroy"])
@pytest.mark.parametrize("plan", SMALL)
def test_lost_answers_are_made_good(
    case: Case, command: str, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    held_to(case.bastion, case.plan, monkeypatch)
    for loss in LOST.values():
        answers_lost(case, command, loss, range(1, case.calls[command] + 1), checked=3).judge(record_property)


@pytest.fixture
def plan() -> Path:
    """A network."""
    return CRASH / "small-network.yaml"


@pytest.mark.torture
def test_a_lost_tag_takes_an_administrator(bastion: Bastion, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ec2 = bastion.client("ec2")
    held_to(bastion, plan, monkeypatch)
    assert bastion.apply(plan).code == 0
    [vpc] = ec2.describe_vpcs(Filters=[{"Name": "tag:ocpprov:plan", "Values": ["*"]}])["Vpcs"]
    [tag] = [tag for tag in vpc["Tags"] if tag["Key"] == "ocpprov:plan"]
    ec2.delete_tags(Resources=[vpc["VpcId"]], Tags=[{"Key": tag["Key"]}])
    denied = bastion.apply(plan)
    assert denied.code == 1
    assert "if that tag was lost, an administrator has to put it back first" in denied.said
    ec2.create_tags(Resources=[vpc["VpcId"]], Tags=[tag])
    assert (bastion.apply(plan).code, bastion.destroy(plan).code) == (0, 0)
