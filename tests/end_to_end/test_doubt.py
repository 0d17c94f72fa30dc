"""A process that is killed by SIGKILL at a call: the next run converges, nothing double, nothing orphaned.

`test_crash_points` has every call, without processes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.world import CRASH, ROOT, Operator, counts, everything

PLANS = {name: str(ROOT / "plans" / f"{name}.yaml") for name in ("restricted-3az", "public-3az")}
RESTRICTED = PLANS["restricted-3az"]
MOST_FEWER = 6
"""By how many calls one run of a plan may come out below another."""
every_plan = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)


@dataclass(frozen=True)
class Clean:
    """What a run without faults makes and sends."""

    counts: Mapping[str, int]
    calls: int
    deletions: int


@pytest.fixture(scope="module")
def known() -> dict[str, Clean]:
    """What runs without faults make, by plan; filled when it is first asked for."""
    return {}


@pytest.fixture
def clean(operator: Operator, admin: SandboxAdmin, known: dict[str, Clean], plan: str) -> Clean:
    """A run without faults, in a sandbox that is empty again afterwards."""
    if plan not in known:
        admin.clear_calls()
        operator.good("apply", plan, "--sandbox", "--yes")
        sent = [call for call in admin.calls() if call["mutating"]]
        full = counts(operator.url)
        admin.clear_calls()
        operator.good("destroy", plan, "--sandbox", "--yes")
        deletions = sum(call["mutating"] for call in admin.calls())
        known[plan] = Clean(full, len(sent), deletions)
        shutil.rmtree(operator.folder / ".ocpprov")
        admin.reset()
    return known[plan]


def _converges(operator: Operator, admin: SandboxAdmin, plan: str, clean: Clean) -> None:
    """The next apply ends well; everything is there once, and destroy leaves nothing."""
    admin.faults([])
    operator.good("apply", plan, "--sandbox", "--yes")
    operator.good("plan", plan, "--sandbox", "--detailed-exitcode")
    assert counts(operator.url) == clean.counts
    operator.good("destroy", plan, "--sandbox", "--yes")


@pytest.mark.parametrize(
    ("plan", "call", "folder_lost", "fault"),
    [
        pytest.param(
            str(CRASH / f"{name}.yaml"), *row, id=f"{name}-{row[0]}", marks=[] if often else [pytest.mark.torture]
        )
        for often, name, *row in (
            (False, "small-network", 1, True, "kill-after"),
            (False, "small-network", 9, False, "kill-before"),
            (False, "small-network", 14, True, "kill-after"),
            (False, "small-balancer", 4, False, "kill-after"),
            (False, "small-zone", 3, True, "kill-before"),
            (True, "small-access", 2, False, "kill-after"),
            (False, "small-access", 3, True, "kill-before"),
        )
    ],
)
def test_a_killed_run_is_finished_by_the_next(
    operator: Operator,
    admin: SandboxAdmin,
    plan: str,
    clean: Clean,
    call: int,
    folder_lost: bool,
    fault: str,
) -> None:
    before = everything(operator.url)
    _killed(operator, admin, ("apply", plan), call, fault)
    if folder_lost:
        shutil.rmtree(Path(operator.folder) / ".ocpprov")
    _converges(operator, admin, plan, clean)
    assert everything(operator.url) == before


def _killed(
    operator: Operator, admin: SandboxAdmin, command: tuple[str, str], call: int, fault: str, *, may_end: bool = False
) -> None:
    """Start a command that is killed at a call. `may_end`: it may have needed fewer calls, and done all."""
    admin.faults([{"call": call, "fault": fault}])
    process = operator.start(*command, "--sandbox", "--yes")
    admin.register(process.pid)
    process.communicate(timeout=120)
    assert process.returncode in ((-9, 0) if may_end else (-9,))


@pytest.mark.torture
@pytest.mark.parametrize("fault", ["kill-before", "kill-after"])
@pytest.mark.parametrize("command", ["apply", "destroy"])
@every_plan
def test_a_process_killed_at_many_calls_is_no_loss(
    operator: Operator,
    admin: SandboxAdmin,
    plan: str,
    clean: Clean,
    command: str,
    fault: str,
    record_property: Callable[[str, object], None],
) -> None:
    """`test_crash_points` has every call; here it is a real process and a real SIGKILL."""
    calls = range(3, clean.calls if command == "apply" else clean.deletions, 6)
    for call in calls:
        shutil.rmtree(operator.folder / ".ocpprov", ignore_errors=True)
        admin.reset()
        before = everything(operator.url)
        if command == "destroy":
            operator.good("apply", plan, "--sandbox", "--yes")
        # How many calls a run needs varies by a few: what is ready together goes out together.
        last = call > calls.stop - MOST_FEWER
        _killed(operator, admin, (command, plan), call, fault, may_end=last)
        if call % 2:
            shutil.rmtree(Path(operator.folder) / ".ocpprov")
        _converges(operator, admin, plan, clean)
        assert everything(operator.url) == before, call
    record_property("processes killed", len(calls))
