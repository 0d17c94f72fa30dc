"""What each command costs, in calls and in calls one after another. To run it: `.venv/bin/python -m benchmarks.calls`.

Every service stands behind a front that holds each call for a while, as a network does. What a command takes longer
for that, divided by that while, is how many calls it had to wait for one after another: a figure that the speed of
the machine hardly touches.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.world import ROOT, Operator, everything
from tests.support.fronts import service_fronts
from tests.support.serving import SECRET, plain_moto

PLANS = ("network-single-zone", "restricted-3az", "public-3az")
LATENCY = 0.25
"""Seconds that a front holds a call: far above what moto takes for one."""

NOBODY = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}

VERBS = (
    ("first apply", ("apply", "--yes")),
    ("plan", ("plan",)),
    ("second apply", ("apply", "--yes")),
    ("destroy", ("destroy", "--yes")),
)


@dataclass(frozen=True)
class Cost:
    """A command's calls, those of them that change something, and the seconds from its start to its end."""

    calls: int
    mutating: int
    seconds: float


def main() -> None:
    """Print the table."""
    table = Table(title=f"Calls, and calls one after another (each held for {LATENCY} s)")
    for heading in ("plan", "command"):
        table.add_column(heading)
    for heading in ("calls", "mutating", "one after another", "at once on average"):
        table.add_column(heading, justify="right")
    for name, verb, held, waited in measured():
        table.add_row(name, verb, f"{held.calls}", f"{held.mutating}", f"{waited:.0f}", f"{held.calls / waited:.1f}")
    Console().print(table)


def figures() -> Mapping[str, float]:
    """Each by its name."""
    found: dict[str, float] = {}
    for name, verb, held, waited in measured():
        found |= {f"{name}: {verb}, calls": held.calls, f"{name}: {verb}, calls one after another": waited}
    return found


def measured() -> Iterator[tuple[str, str, Cost, float]]:
    """For each plan and command what it costs with each call held, and how many calls it waited for one after
    another."""
    with plain_moto() as url:
        # moto loads a service when it is first asked, which takes longer than commands wait on a slow machine.
        everything(url)
        for name in PLANS:
            quick, slow = (costs(url, name, latency) for latency in (0.0, LATENCY))
            for (verb, _), fast, held in zip(VERBS, quick, slow, strict=True):
                yield name, verb, held, max(1.0, (held.seconds - fast.seconds) / LATENCY)


def costs(url: str, plan: str, latency: float) -> list[Cost]:
    """What each command of `VERBS` costs on an empty moto at `url`, each call held for `latency` seconds."""
    SandboxAdmin(url, SECRET).reset()
    found = []
    with tempfile.TemporaryDirectory() as folder, service_fronts(url, latency=latency) as fronts:
        operator = Operator("", Path(folder), {**fronts.environ, **NOBODY, "XDG_STATE_HOME": f"{folder}/state"})
        for _, (verb, *options) in VERBS:
            fronts.requests.clear()
            began = time.monotonic()
            operator.good(verb, str(ROOT / "plans" / f"{plan}.yaml"), *options)
            ended = time.monotonic()
            mutating = sum(request.mutating for request in fronts.requests)
            found.append(Cost(len(fronts.requests), mutating, ended - began))
    return found


if __name__ == "__main__":
    main()
