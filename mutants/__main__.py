"""`python -m mutants`: draw mutants with each seed, try them, and tell who survived. Exit code 1 where too many did, 2
where nothing can be told."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from rich.console import Console

from mutants.candidates import candidates
from mutants.equivalent import outdated
from mutants.forked import Forked, Place
from mutants.report import Draw, difference, once, table
from mutants.runner import Runner
from mutants.source import Mutant
from mutants.trial import Broken, Copy, limit_for

ROOT: Final = Path(__file__).resolve().parents[1]
ROOMS: Final = ("engine", "reconcile")
ENOUGH: Final = 85.0
"""Per cent that have to be killed, for each seed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every seed's mutants are killed well enough, 1 when one's aren't, 2 when the tests fail by themselves."""
    parser = argparse.ArgumentParser(prog="python -m mutants", description=__doc__)
    parser.add_argument("--seed", type=int, nargs="+", default=[1, 2, 3], help="one draw for each")
    parser.add_argument("--number", type=int, default=60, help="how many mutants count in a draw")
    parser.add_argument("--jobs", type=int, default=2, help="how many are tried at a time")
    parser.add_argument("--room", nargs="+", default=list(ROOMS), help="rooms to draw from, and whose tests are run")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_ones:
        tests = [f"tests/{room}" for room in options.room]
        copies = [Copy.of(ROOT, Path(folder).resolve() / str(number), tests) for number in range(options.jobs)]
        mutants = list(_all(copies[0].folder, options.room))
        try:
            forked = [open_ones.enter_context(Forked(copy, Path(folder) / "seen.json")) for copy in copies]
        except Broken as error:
            print(error, file=sys.stderr)
            return 2
        runner = Runner(list(map(Place, copies, forked)), limit_for(forked[0].seconds))
        try:
            draws = [runner.draw(seed, mutants, options.number) for seed in options.seed]
        finally:
            runner.close()
    _tell(draws, mutants)
    return int(any(draw.killed < ENOUGH for draw in draws))


def _all(root: Path, rooms: Sequence[str]) -> Iterator[Mutant]:
    for room in rooms:
        for path in sorted((root / "ocpprov" / room).rglob("*.py")):
            yield from candidates(str(path.relative_to(root)), path.read_text())


def _tell(draws: Sequence[Draw], mutants: Sequence[Mutant]) -> None:
    survivors, equivalent = once(draws)
    print(file=sys.stderr)
    for mutant in survivors:
        print(f"survived: {difference(mutant)}")
    for mutant, because in equivalent.items():
        print(f"equivalent: {difference(mutant)}\n    because {because}")
    for entry in outdated(mutants):
        print(f"mutants/equivalent.py speaks of a mutant that there is no more: {entry.file}: {entry.before}")
    Console(width=100).print(table(draws))


if __name__ == "__main__":
    sys.exit(main())
