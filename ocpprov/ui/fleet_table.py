"""The end of a fleet: a row for each plan, then what is wrong with those that didn't end well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.problem import Problem
from ocpprov.runs.holder import span
from ocpprov.ui.lines import Line, Tone

_TONES: Final = {"done": Tone.GOOD, "failed": Tone.DANGER}
_HEADS: Final = ("plan", "region", "host", "end", "took", "to do", "changed", "calls")
_NUMBERS: Final = ("took", "to do", "changed", "calls")
_WIDEST: Final = 32
_SOME: Final = 8


@dataclass(frozen=True)
class EndRow:
    """How one plan ended: `end` in a word, `host` empty for here, `seconds`, `changed` resources, `calls`; `not_run`
    says why it wasn't run, and `again` is the command that goes on. `to_do`: how many changes there are to make, where
    none were to be made; else None."""

    name: str
    region: str
    end: str
    seconds: float
    changed: int
    calls: int
    host: str = ""
    not_run: str = ""
    problems: Sequence[Problem] = ()
    again: str = ""
    to_do: int | None = None

    @property
    def is_good(self) -> bool:
        return self.end == "done"

    def cells(self) -> tuple[str, ...]:
        took = "" if self.not_run else span(self.seconds)
        done = (str(self.to_do), "") if self.to_do is not None else ("", str(self.changed))
        numbers = ("", "", "") if self.not_run else (*done, str(self.calls))
        return (self.name[:_WIDEST], self.region, self.host, self.end, took, *numbers)


def table_lines(rows: Sequence[EndRow]) -> Iterator[Line]:
    """The table; columns that nobody has anything in are left out."""
    cells = [row.cells() for row in rows]
    kept = [number for number in range(len(_HEADS)) if any(each[number] for each in cells)]
    widths = {number: max(len(_HEADS[number]), *(len(each[number]) for each in cells)) for number in kept}

    def line(texts: Sequence[str]) -> str:
        padded = (
            texts[each].rjust(widths[each]) if _HEADS[each] in _NUMBERS else texts[each].ljust(widths[each])
            for each in kept
        )
        return "  ".join(padded).rstrip()

    if rows:
        yield Line(line(_HEADS), Tone.HEADING)
    for row, texts in zip(rows, cells, strict=True):
        yield Line(line(texts), _TONES.get(row.end, Tone.CHANGE))


def problem_lines(rows: Sequence[EndRow], command: str) -> Iterator[Line]:
    """What is wrong, and the command that goes on. Several with the same are told together, with the fleet's own
    `command`."""
    alike: dict[tuple[str, str, tuple[Problem, ...]], list[EndRow]] = {}
    for row in rows:
        if not row.is_good:
            alike.setdefault((row.end, row.not_run, tuple(row.problems)), []).append(row)
    for (end, not_run, problems), same in alike.items():
        yield Line(f"{_names(same)}: {end}{f': {not_run}' if not_run else ''}", Tone.HEADING)
        yield from (Line(f"  {each}") for each in problems)
        if same[0].again:
            yield Line(f"  next: {same[0].again if len(same) == 1 else command}")


def _names(rows: Sequence[EndRow]) -> str:
    more = f" and {len(rows) - _SOME} more" if len(rows) > _SOME else ""
    return f"{', '.join(row.name for row in rows[:_SOME])}{more}"
