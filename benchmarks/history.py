"""The figures of earlier runs: a line of JSON for each in history.jsonl, which is kept in the repository.

To see what the last one changed: `.venv/bin/python -m benchmarks.history`.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

FILE: Final = Path(__file__).with_name("history.jsonl")
LIBRARIES: Final = ("boto3", "moto", "rich")
SEPARATOR: Final = " | "
"""Between the name of a benchmark and that of its figure."""
_MODEL: Final = "model name"


@dataclass(frozen=True)
class Machine:
    """What figures of real time depend on. `cores` are those that this process may use."""

    cpu: str
    cores: int
    python: str
    libraries: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One run of the benchmarks. `commit` ends in `+` where the work tree had changes; `date` is UTC."""

    commit: str
    date: str
    machine: Machine
    figures: Mapping[str, float]


def this_machine(cpuinfo: Path = Path("/proc/cpuinfo")) -> Machine:
    """The one that this runs on; its name isn't told."""
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith(_MODEL)), platform.machine())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Machine(model, cores, platform.python_version(), {name: version(name) for name in LIBRARIES})


def new_entry(figures: Mapping[str, float]) -> Entry:
    """These figures, of the commit that is checked out (`unknown` without one), on this machine, today."""
    told = [
        subprocess.run(["git", *words], capture_output=True, text=True, check=False, cwd=FILE.parent).stdout.strip()
        for words in (("rev-parse", "--short=12", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
    ]
    rounded = {name: float(f"{value:.5g}") for name, value in figures.items()}
    return Entry(
        f"{told[0] or 'unknown'}{'+' if told[1] else ''}", f"{datetime.now(UTC):%Y-%m-%d}", this_machine(), rounded
    )


def entries(file: Path = FILE) -> list[Entry]:
    """All of them, the oldest first; none where there is no file."""
    lines = file.read_text().splitlines() if file.exists() else []
    return [_parsed(line) for line in lines if line]


def _parsed(line: str) -> Entry:
    document = json.loads(line)
    return Entry(**{**document, "machine": Machine(**document["machine"])})


def add(entry: Entry, file: Path = FILE) -> None:
    """Puts it at the end."""
    with file.open("a") as opened:
        opened.write(json.dumps(asdict(entry)) + "\n")


def last_values(known: Sequence[Entry]) -> dict[str, float]:
    """The newest value of each figure: a run may have had some of the benchmarks only."""
    found: dict[str, float] = {}
    for entry in known:
        found |= entry.figures
    return found


def written(value: float) -> str:
    """A figure with three digits, and all of those before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def change(now: float, before: float | None) -> str:
    """By how much a figure differs from the one before, in per cent; empty where there was none, or no difference."""
    if before is None or now == before:
        return ""
    return f"{now / before - 1:+.1%}" if before else "from 0"


def show(figures: Mapping[str, float], before: Mapping[str, float], times: Mapping[str, str], title: str = "") -> None:
    """Print the figures, each with the value before and the change. `times` says what a benchmark's time is, by its
    name."""
    table = Table(title=title or None)
    table.add_column("figure", no_wrap=True)
    for heading in ("value", "before", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    shown = ""
    for name, value in figures.items():
        benchmark, _, figure = name.partition(SEPARATOR)
        if benchmark != shown:
            shown = benchmark
            table.add_section()
            table.add_row(f"{benchmark}: {times[benchmark]} time" if benchmark in times else benchmark, style="bold")
        earlier = before.get(name)
        table.add_row(
            f"  {figure}", written(value), "" if earlier is None else written(earlier), change(value, earlier)
        )
    # A pipe and a file have no width that names could be cut to.
    Console(width=120).print(table)


def main() -> None:
    """Print how the last run's figures differ from those before."""
    known = entries()
    if known:
        last = known[-1]
        title = f"{last.commit}, {last.date}, {last.machine.cores} x {last.machine.cpu}"
        show(last.figures, last_values(known[:-1]), {}, title)


if __name__ == "__main__":
    main()
