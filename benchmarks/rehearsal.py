"""How true a rehearsal's times are. To run it: `.venv/bin/python -m benchmarks.rehearsal [--plan NAME]`.

Each plan is rehearsed twice in simulated time, and then lived through in a sandbox of its own whose clock is the wall's
(scale 1), with the same delays, rates, quotas and latency, by processes of the command line: five minutes a plan.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ocpprov.sandbox import control
from ocpprov.sandbox.default_quotas import default_quotas

ROOT = Path(__file__).resolve().parents[1]
PLANS = ("public-3az", "restricted-3az")
ACTS = ("apply", "apply again", "destroy")
LATENCY = 0.08
TOLERANCE = 0.15


@dataclass(frozen=True)
class Comparison:
    """One act: AWS's seconds as rehearsed, twice, and as they passed on the wall, with the calls of both."""

    plan: str
    act: str
    rehearsed: float
    again: float
    lived: float
    calls: int
    calls_lived: int

    @property
    def error(self) -> float:
        return self.rehearsed / self.lived - 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where a plan's whole life is further from the truth than the tolerance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plan", action="append", choices=PLANS)
    rows = [row for plan in parser.parse_args(arguments).plan or PLANS for row in compared(plan)]
    table = Table(title="Rehearsed in simulated time, and lived at scale 1")
    for heading in ("plan", "act"):
        table.add_column(heading)
    for heading in ("rehearsed", "once more", "lived", "error", "calls", "calls lived"):
        table.add_column(heading, justify="right")
    for row in [*rows, *map(whole, {each.plan: [r for r in rows if r.plan == each.plan] for each in rows}.values())]:
        times = (f"{row.rehearsed:.1f}", f"{row.again:.1f}", f"{row.lived:.1f}", f"{row.error:+.1%}")
        table.add_row(row.plan, row.act, *times, str(row.calls), str(row.calls_lived))
    Console().print(table)
    by_plan = {row.plan: [each for each in rows if each.plan == row.plan] for row in rows}
    return int(any(abs(whole(each).error) > TOLERANCE for each in by_plan.values()))


def figures() -> Mapping[str, float]:
    """Each by its name."""
    found: dict[str, float] = {}
    for plan in PLANS:
        row = whole(compared(plan))
        found |= {f"{plan}: a life rehearsed, s": row.rehearsed, f"{plan}: a life at scale 1, s": row.lived}
        found[f"{plan}: a rehearsal's error, %"] = 100 * row.error
    return found


def whole(rows: Sequence[Comparison]) -> Comparison:
    """A plan's life."""
    return Comparison(
        rows[0].plan,
        "all",
        sum(row.rehearsed for row in rows),
        sum(row.again for row in rows),
        sum(row.lived for row in rows),
        sum(row.calls for row in rows),
        sum(row.calls_lived for row in rows),
    )


def compared(plan: str) -> list[Comparison]:
    """A plan of plans/, rehearsed and lived."""
    file = ROOT / "plans" / f"{plan}.yaml"
    rehearsed, again = rehearse(file), rehearse(file)
    lived = live(file)
    return [
        Comparison(plan, act, one["seconds"], other["seconds"], seconds, sum(one["calls"].values()), calls)
        for act, one, other, (seconds, calls) in zip(ACTS, rehearsed, again, lived, strict=True)
    ]


def rehearse(file: Path) -> list[dict[str, Any]]:
    """The acts of a rehearsal."""
    command = [sys.executable, "-m", "ocpprov", "rehearse", str(file), "--json", "--latency", str(LATENCY * 1000)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    acts: list[dict[str, Any]] = json.loads(done.stdout)["acts"]
    return acts


def live(file: Path) -> list[tuple[float, int]]:
    """Seconds and calls of each act, in a sandbox as long as AWS."""
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "XDG_STATE_HOME": f"{home}/state"}
        place = control.default_state_dir(environ)
        running = control.start(place, scale=1.0)
        try:
            conditions = {"latency": LATENCY, "throttling": True, "quotas": dict(default_quotas())}
            running.admin().conditions(**conditions)
            return [_act(verb, file, Path(home), environ) for verb in ("apply", "apply", "destroy")]
        finally:
            control.stop(place)


def _act(verb: str, file: Path, home: Path, environ: Mapping[str, str]) -> tuple[float, int]:
    command = [sys.executable, "-m", "ocpprov", verb, str(file), "--sandbox", "--yes", "--json", "--dir", str(home)]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environ)
    seconds = time.monotonic() - began
    last = json.loads(done.stdout.splitlines()[-1])
    return seconds, sum(last["calls"].values())


if __name__ == "__main__":
    sys.exit(main())
