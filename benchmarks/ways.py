"""Other ways to go about the same plan, in simulated time. To run it: `.venv/bin/python -m benchmarks.ways`.

A first apply as `ocpprov` does it, beside three ways that it doesn't: level by level, each level begun when the one
before is done; with everything that something refers to awaited until it is ready, whether AWS demands it or not; and
with one worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.lives import ROOT, TimedAct, lived
from ocpprov.engine.kind_facts import KindFacts
from ocpprov.engine.resources import Resource
from ocpprov.engine.steps import Barrier, Step, barrier_name
from ocpprov.reconcile.pacing import AS_AWS_DEMANDS, Pacing

PLANS: Final = ("public-3az", "restricted-3az")


def always(_kind: KindFacts, _needed: str, _resource: Resource) -> bool:
    """Everything has to be ready before what refers to it is sent."""
    return True


def level_by_level(steps: Sequence[Step]) -> Sequence[Step]:
    """The same steps, each of which waits for all of the level before its own. A level is one further than the furthest
    that a step waits for."""
    by_name = {step.name: step for step in steps}
    levels: dict[str, int] = {}

    def level(name: str) -> int:
        if name not in levels:
            levels[name] = 1 + max((level(each) for each in by_name[name].after if each in by_name), default=-1)
        return levels[name]

    members: dict[int, set[str]] = {}
    for step in steps:
        members.setdefault(level(step.name), set()).add(step.name)
    barriers = [
        Barrier(name=barrier_name("level", number), after=frozenset(names)) for number, names in sorted(members.items())
    ]
    waiting = [
        replace(step, after=step.after | {barrier_name("level", levels[step.name] - 1)}) if levels[step.name] else step
        for step in steps
    ]
    return [*waiting, *barriers]


WAYS: Final[Mapping[str, tuple[Pacing, int]]] = {
    "as it is": (AS_AWS_DEMANDS, 16),
    "level by level": (Pacing(arranged=level_by_level), 16),
    "all awaited until ready": (Pacing(demands=always), 16),
    "one worker": (AS_AWS_DEMANDS, 1),
}


def measured(plan: str) -> dict[str, TimedAct]:
    """A first apply each way, by its name. Raises RuntimeError where one fails."""
    found = {}
    for name, (pacing, concurrency) in WAYS.items():
        found[name] = lived(ROOT / "plans" / f"{plan}.yaml", concurrency=concurrency, pacing=pacing)[0]
        if not found[name].ok:
            raise RuntimeError(f"{plan}, {name}: failed")
    return found


def figures() -> Mapping[str, float]:
    """Each by its name."""
    return {
        f"{plan}, {name}: first apply, {unit}": value
        for plan in PLANS
        for name, act in measured(plan).items()
        for unit, value in (("s", act.seconds), ("calls", len(act.calls)))
    }


def main() -> None:
    """Print the table."""
    table = Table("plan", "way", title="A first apply in simulated time")
    for heading in ("seconds", "calls"):
        table.add_column(heading, justify="right")
    for plan in PLANS:
        for name, act in measured(plan).items():
            table.add_row(plan, name, f"{act.seconds:.1f}", f"{len(act.calls)}")
    Console().print(table)


if __name__ == "__main__":
    main()
