"""Any call may be the last one: the next run goes on, nothing is double, nothing is left behind.

The runs are the real commands; AWS is the sandbox, in the same process and on a clock that nobody waits for. A kill is
a fork at the very moment of the call: the copy, in which only the calling thread is left, never goes on with the run,
but begins the next one. `test_doubt` has the same with processes and SIGKILL.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.end_to_end.crashing import (
    PARTS,
    Case,
    Wanted,
    every_part,
    every_plan,
    killed_at,
    small_plans,
    some_checks_after_apply,
)
from tests.support.forking import forked


def every(step: int) -> Wanted:
    return lambda number: number % step == 0


def one_way_after_destroy(case: Case, number: int) -> None:
    if number % 7 == 0:
        case.run("apply")
    case.run("destroy")


def both_ways_after_destroy(case: Case, number: int) -> None:
    forked(partial(case.run, "destroy"))
    case.converges()


@small_plans("small-access", "small-network")
def test_an_apply_killed_around_any_call_is_finished_by_the_next(
    case: Case, step: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    points = killed_at(case, "apply", every(step), some_checks_after_apply, tmp_path)
    points.judge(record_property)
    assert points.tried == 2 * (case.calls["apply"] // step)


@small_plans("small-balancer", "small-network")
def test_a_destroy_killed_around_any_call_is_finished_by_the_next(
    case: Case, step: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    assert case.bastion.apply(case.plan).code == 0
    points = killed_at(case, "destroy", every(step), one_way_after_destroy, tmp_path)
    points.judge(record_property)
    assert points.tried >= 2 * max(1, (case.calls["destroy"] - 2) // step)


@pytest.mark.torture
@every_plan
@every_part
@pytest.mark.parametrize("command", ["apply", "destroy"])
def test_killed_around_every_call(
    case: Case, command: str, part: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    if command == "destroy":
        assert case.bastion.apply(case.plan).code == 0
    next_runs = (lambda case, _: case.converges()) if command == "apply" else both_ways_after_destroy
    points = killed_at(case, command, lambda number: number % PARTS == part, next_runs, tmp_path)
    points.judge(record_property)
    assert points.tried >= 2 * (case.calls[command] // PARTS) - 4
