"""The requirements of a cluster, a line each, and beneath those that don't hold what is wrong and what mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.openshift.requirement_rows import ROWS
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.wrapped import remedy_lines, wrapped

_TONES: Final = {
    RowStatus.PASS: Tone.PLAIN,
    RowStatus.FAIL: Tone.DANGER,
    RowStatus.UNKNOWN: Tone.CHANGE,
    RowStatus.NOT_APPLICABLE: Tone.ASIDE,
}
_MEANINGS: Final = {row.id: row.meaning for row in ROWS}
_WIDTH: Final = max(len(status.value) for status in RowStatus)
_BENEATH: Final = " " * (_WIDTH + 4)
"""Before what stands below a row's id."""


def verification_lines(rows: Sequence[RowResult]) -> Iterator[Line]:
    """All rows in their order, and how many hold."""
    for row in rows:
        told = _MEANINGS[row.id] if not row.detail or row.status is RowStatus.NOT_APPLICABLE else row.detail
        head = f"  {row.status.value:<{_WIDTH}}  {row.id:<17}  "
        yield from wrapped(told, _TONES[row.status], first=head, rest=_BENEATH + "  ")
        if row.remedy:
            yield from remedy_lines(row.remedy, _BENEATH)
        for command in row.commands:
            yield from remedy_lines(command, _BENEATH)
    yield _verdict(rows)


def _verdict(rows: Sequence[RowResult]) -> Line:
    count = {status: sum(1 for row in rows if row.status is status) for status in RowStatus}
    asked = len(rows) - count[RowStatus.NOT_APPLICABLE]
    if count[RowStatus.FAIL]:
        return Line(f"not as it should be: {count[RowStatus.FAIL]} of {asked} requirements fail", Tone.DANGER)
    if count[RowStatus.UNKNOWN]:
        return Line(f"nothing fails, and {count[RowStatus.UNKNOWN]} of {asked} requirements are unknown", Tone.CHANGE)
    return Line(f"as it should be: {asked} requirements", Tone.GOOD)
