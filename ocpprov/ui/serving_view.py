"""What serves and what doesn't, by subject, and what is waited for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ocpprov.checks.result import Check, Status
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.wrapped import remedy_lines, wrapped

_TONES: Final[Mapping[Status, Tone]] = {
    Status.PASS: Tone.PLAIN,
    Status.WARN: Tone.CHANGE,
    Status.FAIL: Tone.DANGER,
    Status.UNKNOWN: Tone.ASIDE,
}

_BENEATH: Final = " " * 11
"""Before what stands below what was found."""


def view_lines(subjects: Mapping[str, Sequence[Check]]) -> Iterator[Line]:
    """Each subject with its checks, what is to be done beneath those that aren't good."""
    for subject, checks in subjects.items():
        yield Line(f"{subject}:", Tone.HEADING)
        for check in checks:
            head = f"  {check.status.value:<7}  "
            yield from wrapped(check.detail, _TONES[check.status], first=head, rest=f"{_BENEATH}  ")
            yield from remedy_lines(check.remedy, _BENEATH)


def verdict_line(checks: Sequence[Check]) -> Line:
    """The last line: whether it serves."""
    count = {status: sum(1 for check in checks if check.status is status) for status in Status}
    total = len(checks)
    if count[Status.FAIL]:
        return Line(f"not serving: {count[Status.FAIL]} of {total} checks fail", Tone.DANGER)
    if count[Status.UNKNOWN]:
        text = f"nothing fails, and {count[Status.UNKNOWN]} of {total} checks can't be answered from here"
        return Line(text, Tone.CHANGE)
    return Line(f"serving: {total} checks", Tone.GOOD)
