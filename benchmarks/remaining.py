"""How good the live view's "about … left" is. To run it: `.venv/bin/python -m benchmarks.remaining`.

Runs of a plan in sandboxes whose delays are drawn at half to twice AWS's, a first apply each. What the view says when a
third of the run has gone is compared with what was left then. Nobody can know what was drawn before it is over, so the
second table has what a run says that has seen the same delays once before.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.sandboxes import sandbox
from ocpprov.commands.apply import apply
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.events import Event
from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.private_files import write_private
from ocpprov.ui.progress import Heading, View
from ocpprov.ui.run_progress import RunProgress

ROOT: Final = Path(__file__).resolve().parents[1]
PLAN: Final = ROOT / "plans" / "public-3az.yaml"
SCALE: Final = 30.0
RUNS: Final = 10
OFTEN: Final = 0.1
"""Seconds between two looks at what the view would say."""


class Watcher(Terminal):
    """A terminal that says nothing, and notes what a live view would say is left, with the time."""

    def __init__(self) -> None:
        super().__init__("ocpprov")
        self.said: list[tuple[float, float]] = []
        self.ended = threading.Event()

    def say(self, text: object) -> None:
        return

    def view(self, run: RunProgress, heading: Heading, *, as_json: bool) -> View:
        def watch() -> None:
            while not self.ended.wait(OFTEN):
                self.said.append((time.time(), run.remaining(time.time())))

        threading.Thread(target=watch, daemon=True).start()
        return Hearing(run)


class Hearing:
    """A view that only passes on what happens."""

    def __init__(self, run: RunProgress) -> None:
        self._run = run

    def emit(self, event: Event) -> None:
        self._run.hear(event)

    def close(self) -> None:
        return


def drawn(seed: int) -> Delays:
    """Each delay at half to twice AWS's."""
    dice = random.Random(seed)
    return Delays(**{name: seconds * 2 ** dice.uniform(-1, 1) for name, seconds in asdict(Delays()).items()})


def error_at_a_third(folder: Path) -> tuple[float, float]:
    """Seconds of a first apply, and by which share of what was left the view was wrong when a third had gone."""
    terminal = Watcher()
    began = time.time()
    apply(Options(plan=PLAN, sandbox=True, yes=True, directory=folder), terminal)
    ended = time.time()
    terminal.ended.set()
    third = began + (ended - began) / 3
    when, said = min(terminal.said, key=lambda each: abs(each[0] - third))
    return ended - began, (said - (ended - when)) / (ended - began)


SHARES: Final = (("first time", 2), ("seen once before", 3))
WITHIN: Final = 0.2


def figures() -> Mapping[str, float]:
    """Each by its name."""
    rows = measured()
    found: dict[str, float] = {}
    for name, index in SHARES:
        errors = [abs(row[index]) for row in rows]
        found[f"{name}: within 20 %, runs of {RUNS}"] = sum(error <= WITHIN for error in errors)
        found[f"{name}: median error, %"] = 100 * statistics.median(errors)
    return found


def measured() -> list[tuple[int, float, float, float]]:
    """For each draw its seed, the seconds of a run, and the error at a third of it, the first time and the second."""
    rows: list[tuple[int, float, float, float]] = []
    for seed in range(RUNS):
        with tempfile.TemporaryDirectory() as home:
            os.environ["XDG_STATE_HOME"] = home
            folder = Path(home) / "runs"
            with sandbox(drawn(seed), Path(home), SCALE) as running:
                errors: list[float] = []
                for _ in range(2):
                    running.admin().reset()
                    known = folder / ".ocpprov" / "public-3az" / "durations.json"
                    kept = known.read_text() if known.exists() else ""
                    shutil.rmtree(folder, ignore_errors=True)
                    if kept:
                        known.parent.mkdir(mode=0o700, parents=True)
                        (folder / ".ocpprov").chmod(0o700)
                        write_private(known, kept)
                    seconds, error = error_at_a_third(folder)
                    errors.append(error)
            rows.append((seed, seconds, errors[0], errors[1]))
    return rows


def main() -> None:
    """Print both tables."""
    rows = measured()
    table = Table(title="The estimate when a third has gone, less the truth, in per cent of the run")
    for heading in ("draw", "seconds", "first time", "seen once before"):
        table.add_column(heading, justify="right")
    for seed, seconds, first, again in rows:
        table.add_row(str(seed), f"{seconds:.1f}", f"{first:+.0%}", f"{again:+.0%}")
    Console().print(table)
    for name, index in SHARES:
        errors = sorted(abs(row[index]) for row in rows)
        within = sum(error <= WITHIN for error in errors)
        sys.stdout.write(f"{name}: within 20 % in {within} of {RUNS}, median {statistics.median(errors):.0%}\n")


if __name__ == "__main__":
    main()
