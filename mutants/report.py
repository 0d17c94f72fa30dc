"""What is told at the end of a draw, and of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from mutants.source import Mutant
from mutants.trial import Verdict


@dataclass(frozen=True)
class Draw:
    """What one seed drew. `verdicts` are those that count; `equivalent` has the argument for each that was met on the
    way; `no_mutant` is how many can't be imported; `seconds` is what the draw took."""

    seed: int
    verdicts: Mapping[Mutant, Verdict]
    equivalent: Mapping[Mutant, str]
    no_mutant: int
    seconds: float

    def count(self, *verdicts: Verdict) -> int:
        return sum(verdict in verdicts for verdict in self.verdicts.values())

    @property
    def killed(self) -> float:
        """In per cent of those that count; 0 if there are none."""
        return 100 * self.count(Verdict.KILLED, Verdict.TIMED_OUT) / max(1, len(self.verdicts))

    def survivors(self) -> list[Mutant]:
        return [mutant for mutant, verdict in self.verdicts.items() if verdict is Verdict.SURVIVED]


def table(draws: Sequence[Draw]) -> Table:
    """A row for each seed."""
    found = Table()
    for heading in ("seed", "drawn", "killed", "by time", "survived", "per cent", "equivalent", "no mutant", "seconds"):
        found.add_column(heading, justify="right")
    for draw in draws:
        counts = (draw.count(verdict) for verdict in (Verdict.KILLED, Verdict.TIMED_OUT, Verdict.SURVIVED))
        aside = (len(draw.equivalent), draw.no_mutant, round(draw.seconds))
        found.add_row(
            str(draw.seed), str(len(draw.verdicts)), *map(str, counts), f"{draw.killed:.1f}", *map(str, aside)
        )
    return found


def difference(mutant: Mutant) -> str:
    """Where a mutant is and which lines it changes, as a diff."""
    lines = [f"{mutant.file}:{mutant.line} ({mutant.rule})"]
    lines += [f"    - {line}" for line in mutant.before.splitlines()]
    lines += [f"    + {line}" for line in mutant.after.splitlines()]
    return "\n".join(lines)


def once(draws: Iterable[Draw]) -> tuple[list[Mutant], dict[Mutant, str]]:
    """All survivors, and all equivalents with their arguments, each once and in the order of files and lines."""
    survivors = {mutant for draw in draws for mutant in draw.survivors()}
    equivalent = {mutant: because for draw in draws for mutant, because in draw.equivalent.items()}
    return sorted(survivors, key=_place), {mutant: equivalent[mutant] for mutant in sorted(equivalent, key=_place)}


def _place(mutant: Mutant) -> tuple[str, int, str]:
    return mutant.file, mutant.line, mutant.after
