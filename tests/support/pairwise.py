"""Few rows in which every two values meet, where some values exclude each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

Row = dict[str, str]
Pair = frozenset[tuple[str, str]]


def pairwise(switches: Mapping[str, Sequence[str]], fits: Callable[[Row], bool]) -> list[Row]:
    """Rows with a value of each switch, so that every two values that can be in one row are in some row.

    `fits` says whether a row, which may be unfinished, has nothing that excludes another thing in it. Each row is
    built around a pair that is still missing and takes, switch by switch, the value that meets most others anew.
    """
    wanted = {
        frozenset(((one, first), (other, second))): None
        for one, other in combinations(switches, 2)
        for first in switches[one]
        for second in switches[other]
    }
    rows: list[Row] = []
    while wanted:
        pair = next(iter(wanted))
        del wanted[pair]
        row = next(_finished(dict(pair), switches, fits, wanted), None)
        if row is not None:
            rows.append(row)
            for met in pairs(row):
                wanted.pop(met, None)
    return rows


def pairs(row: Mapping[str, str]) -> Iterator[Pair]:
    """Every two values of a row."""
    return (frozenset(both) for both in combinations(row.items(), 2))


def _finished(
    row: Row, switches: Mapping[str, Sequence[str]], fits: Callable[[Row], bool], wanted: Mapping[Pair, None]
) -> Iterator[Row]:
    """The row with values for the rest, the most useful first."""
    if not fits(row):
        return
    switch = next((name for name in switches if name not in row), None)
    if switch is None:
        yield row
        return
    gain = {value: sum(pair in wanted for pair in pairs({**row, switch: value})) for value in switches[switch]}
    for value in sorted(switches[switch], key=lambda value: -gain[value]):
        yield from _finished({**row, switch: value}, switches, fits, wanted)
