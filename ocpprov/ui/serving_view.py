"""What serves and what doesn't, by subject, and what is waited for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ocpprov.checks.result import Check, Status
from ocpprov.ui.lines import Line, Tone

_TONES: Final[Mapping[Status, Tone]] = {
    Status.PASS: Tone.PLAIN,
    Status.WARN: Tone.CHANGE,
    Status.FAIL: Tone.DANGER,
    Status.UNKNOWN: Tone.ASIDE,
}


def view_lines(subjects: Mapping[str, Sequence[Check]]) -> Iterator[Line]:
    """Each subject with its checks, what is to be done beneath those that aren't good."""
    for subject, checks in subjects.items():
        yield Line(f"{subject}:", Tone.HEADING)
        for check in checks:
            yield Line(f"  {check.status.value:<7}  {check.detail}", _TONES[check.status])
            if check.remedy:
                yield Line(f"  {'':<7}  -> {check.remedy}", Tone.ASIDE)


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
