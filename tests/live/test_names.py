"""What a run's things are called."""

from __future__ import annotations

import re

import pytest

from live.names import infra_id, is_scratch, new_run, plan_in, plan_name, run_in, scratch_name
from tests.live.support import RUN


@pytest.mark.parametrize(
    ("name", "run", "plan", "scratch"),
    [
        (RUN, RUN, "", False),
        (f"{RUN}-lab", RUN, "", True),
        (f"{RUN}-lab-eni", RUN, "", True),
        (f"{RUN}-plan", RUN, f"{RUN}-plan", False),
        (f"{RUN}-plan-Role-b9bda0db", RUN, f"{RUN}-plan", False),
        (f"{RUN}-cluster/eu-west-1/Zone/token", RUN, f"{RUN}-cluster", False),
        (f"{RUN}-c-ext", RUN, f"{RUN}-cluster", False),
        (f"{RUN}-laboratory", RUN, "", False),
        (f"{RUN}0", "", "", False),
        (f"{RUN}-lab2", RUN, "", False),
        (f"my-{RUN}", "", "", False),
        ("ocpprov-live", "", "", False),
        ("ocpprov-live-AB12CD", "", "", False),
        ("", "", "", False),
    ],
)
def test_whose_name_it_is(name: str, run: str, plan: str, scratch: bool) -> None:
    assert (run_in(name), plan_in(name), is_scratch(name)) == (run, plan, scratch)


def test_the_names_of_a_run_are_its_own_and_fit() -> None:
    run = new_run()
    assert re.fullmatch(r"ocpprov-live-[0-9a-f]{6}", run)
    assert new_run() != run
    assert run_in(scratch_name(run)) == run
    assert plan_in(plan_name(run, "plan")) == f"{run}-plan"
    assert len(plan_name(run, "cluster")) <= 32
    assert len(infra_id(run)) <= 27
    assert infra_id(run) != plan_name(run, "cluster")
