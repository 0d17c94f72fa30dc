"""All benchmarks, or those that are named: `.venv/bin/python -m benchmarks [NAME …] [--keep]`.

Prints one table, with the values before; `--keep` adds a line to history.jsonl.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks import (
    calls,
    fleet,
    history,
    peers_beside,
    rehearsal,
    remaining,
    scale,
    speed,
    start,
    verification,
    ways,
)

SIMULATED: Final = "simulated"
REAL: Final = "real"
CPU: Final = "CPU"


@dataclass(frozen=True)
class Benchmark:
    """`time` says what its seconds are: simulated, the same on each machine; real; or CPU. `figures` by name, each with
    its unit in it."""

    name: str
    time: str
    figures: Callable[[], Mapping[str, float]]


ALL: Final = (
    Benchmark("speed", SIMULATED, speed.figures),
    Benchmark("fleet", SIMULATED, fleet.figures),
    Benchmark("ways", SIMULATED, ways.figures),
    Benchmark("peers", REAL, peers_beside.figures),
    Benchmark("start", REAL, start.figures),
    Benchmark("calls", REAL, calls.figures),
    Benchmark("scale", CPU, scale.figures),
    Benchmark("verification", CPU, verification.figures),
    Benchmark("remaining", REAL, remaining.figures),
    Benchmark("rehearsal", REAL, rehearsal.figures),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run them."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[[], *(each.name for each in ALL)])
    parser.add_argument("--keep", action="store_true", help="add a line to history.jsonl")
    asked = parser.parse_args(arguments)
    chosen = [each for each in ALL if not asked.name or each.name in asked.name]
    found: dict[str, float] = {}
    for each in chosen:
        sys.stderr.write(f"{each.name} …\n")
        found |= {f"{each.name}{history.SEPARATOR}{name}": value for name, value in each.figures().items()}
    entry = history.new_entry(found)
    history.show(entry.figures, history.last_values(history.entries()), {each.name: each.time for each in ALL})
    if asked.keep:
        history.add(entry)


if __name__ == "__main__":
    main()
