"""A fleet: 20 plans in one account that AWS slows down, and 500 that change nothing. To run it:
`.venv/bin/python -m benchmarks.fleet [--plans N] [--idle N]`. All before an AWS in this process, in simulated time: a
second of the wall is none of it, CPU and memory are real.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.fleet_bound import Alone, Bound, afterwards_of, bound
from benchmarks.fleet_lives import ALIKE, THROTTLING, FleetAws, FleetLife, write_plans
from benchmarks.lives import ROOT
from benchmarks.templates import template_of
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.fleet_values import FleetAct

PLANS: Final = 20
IDLE: Final = 500
AT_ONCE: Final = 16
SMALL: Final = """
name: idle-{number}
region: eu-west-1
Resources:
  Net: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}
"""
"""A plan of one thing: what is measured is what a plan costs by being there."""


@dataclass(frozen=True)
class Busy:
    """A first apply of many plans, and the least that it can take."""

    life: FleetLife
    least: Bound

    @property
    def ratio(self) -> float:
        return self.life.seconds / self.least.seconds


@dataclass(frozen=True)
class Idle:
    """An apply of so many plans that has nothing to do: of a plan its calls, CPU seconds, the kB that it takes at work,
    and those that are kept of it until all have ended."""

    plans: int
    calls: float
    cpu: float
    at_work: float
    kept: float


def busy(plans: int = PLANS) -> Busy:
    """That many, in turn like each of ALIKE, all at once. Raises AssertionError where one doesn't end well."""
    alone = {}
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in (*ALIKE, "all")]
        for name, folder in zip(ALIKE, folders, strict=False):
            fleet = FleetAws(folder, write_plans(folder, 1, (name,)), replace(THROTTLING, throttling=False))
            with fleet.open():
                life = fleet.live(FleetAct.APPLY, 1)
            afterwards = afterwards_of(template_of(ROOT / "plans" / f"{name}.yaml"))
            alone[name] = Alone(life.seconds, life.calls, afterwards)
        fleet = FleetAws(folders[-1], write_plans(folders[-1], plans))
        with fleet.open():
            life = fleet.live(FleetAct.APPLY, plans)
    assert [end.code for end in life.ends] == [ExitCode.DONE] * plans
    return Busy(life, bound(alone, plans // len(ALIKE)))


def idle(plans: int = IDLE) -> Idle:
    """That many, AT_ONCE of them at work. Memory is what Python's allocations grew by in a run of its own, which is
    slower for being watched."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [folder / f"{number}.yaml" for number in range(plans)]
        for number, path in enumerate(paths):
            path.write_text(SMALL.format(number=number))
        fleet = FleetAws(folder, paths)
        with fleet.open():
            fleet.live(FleetAct.APPLY, AT_ONCE)
            cpu = time.process_time()
            again = fleet.live(FleetAct.APPLY, AT_ONCE)
            spent = time.process_time() - cpu
            gc.collect()
            tracemalloc.start()
            watched = fleet.live(FleetAct.APPLY, AT_ONCE)
            _, peak = tracemalloc.get_traced_memory()
            gc.collect()
            kept, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
    assert [(end.code, end.changed) for each in (again, watched) for end in each.ends] == [
        (ExitCode.DONE, 0)
    ] * 2 * plans
    calls = len(again.calls) / plans
    return Idle(plans, calls, spent / plans, (peak - kept) / 1024 / min(AT_ONCE, plans), kept / 1024 / plans)


def figures() -> Mapping[str, float]:
    """Each by its name."""
    return {**of_busy(busy()), **of_idle(idle())}


def of_busy(found: Busy) -> Mapping[str, float]:
    """Those of plans that are made."""
    plans = len(found.life.ends)
    return {
        f"{plans} plans: first apply, s": found.life.seconds,
        f"{plans} plans: what the buckets allow, s": found.least.seconds,
        f"{plans} plans: over what the buckets allow": found.ratio,
        f"{plans} plans: spread of finishing times, s": found.life.spread,
        f"{plans} plans: calls": len(found.life.calls),
        f"{plans} plans: refused as too fast, calls": found.life.throttled,
    }


def of_idle(found: Idle) -> Mapping[str, float]:
    """Those of plans that change nothing."""
    return {
        f"{found.plans} idle plans: calls a plan": found.calls,
        f"{found.plans} idle plans: CPU a plan, s": found.cpu,
        f"{found.plans} idle plans: memory of a plan at work, kB": found.at_work,
        f"{found.plans} idle plans: memory kept of a plan, kB": found.kept,
    }


def main() -> None:
    """Print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=PLANS)
    parser.add_argument("--idle", type=int, default=IDLE)
    asked = parser.parse_args()
    found: dict[str, float] = {}
    if asked.plans:
        made = busy(asked.plans)
        sys.stdout.write(f"bound by {made.least.by}\n")
        found |= of_busy(made)
    if asked.idle:
        found |= of_idle(idle(asked.idle))
    sys.stdout.write("".join(f"{name}: {value:.3f}\n" for name, value in found.items()))


if __name__ == "__main__":
    main()
