"""The end of a fleet: a row for each plan, then what is wrong with those that didn't end well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.problem import Problem
from ocpprov.runs.holder import span
from ocpprov.ui.lines import Line, Tone

_TONES: Final = {"done": Tone.GOOD, "failed": Tone.DANGER}
_HEADS: Final = ("plan", "region", "host", "end", "took", "changed", "calls")
_NUMBERS: Final = ("took", "changed", "calls")
_WIDEST: Final = 32


@dataclass(frozen=True)
class EndRow:
    """How one plan ended: `end` in a word, `host` empty for here, `seconds`, `changed` resources, `calls`; `not_run`
    says why it wasn't run, and `again` is the command that goes on."""

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

    @property
    def is_good(self) -> bool:
        return self.end == "done"

    def cells(self) -> tuple[str, ...]:
        took = "" if self.not_run else span(self.seconds)
        numbers = ("", "") if self.not_run else (str(self.changed), str(self.calls))
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


def problem_lines(rows: Sequence[EndRow]) -> Iterator[Line]:
    """What is wrong, plan by plan, and the command that goes on."""
    for row in rows:
        if row.is_good:
            continue
        yield Line(f"{row.name}: {row.end}{f': {row.not_run}' if row.not_run else ''}", Tone.HEADING)
        yield from (Line(f"  {each}") for each in row.problems)
        if row.again:
            yield Line(f"  next: {row.again}")
