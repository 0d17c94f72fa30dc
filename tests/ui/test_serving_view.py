"""What serves, by subject."""

from __future__ import annotations

import pytest

from ocpprov.checks.result import Check, Status
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.serving_view import verdict_line, view_lines

GOOD = Check("a", Status.PASS, "a is up")
BAD = Check("b", Status.FAIL, "b is down", "look at it")
OPEN = Check("c", Status.UNKNOWN, "c can't be seen", "ask elsewhere")
ODD = Check("d", Status.WARN, "d is odd", "nothing")


def test_subjects_with_their_checks_and_what_to_do() -> None:
    assert list(view_lines({"Targets": [GOOD, BAD], "Names": [OPEN, ODD]})) == [
        Line("Targets:", Tone.HEADING),
        Line("  pass     a is up"),
        Line("  fail     b is down", Tone.DANGER),
        Line("           -> look at it", Tone.ASIDE),
        Line("Names:", Tone.HEADING),
        Line("  unknown  c can't be seen", Tone.ASIDE),
        Line("           -> ask elsewhere", Tone.ASIDE),
        Line("  warn     d is odd", Tone.CHANGE),
        Line("           -> nothing", Tone.ASIDE),
    ]


def test_a_check_is_within_eighty_columns() -> None:
    long = Check(
        "e", Status.FAIL, "ExtApiElb 6443: its name can't be asked from here, as it doesn't resolve", "word " * 16
    )
    assert [line.text for line in view_lines({"Ports": [long]})][1:] == [
        "  fail     ExtApiElb 6443: its name can't be asked from here, as it doesn't",
        "             resolve",
        "           -> word word word word word word word word word word word word word",
        "             word word word",
    ]


@pytest.mark.parametrize(
    ("checks", "line"),
    [
        ([GOOD, ODD], Line("serving: 2 checks", Tone.GOOD)),
        ([GOOD, BAD, OPEN], Line("not serving: 1 of 3 checks fail", Tone.DANGER)),
        ([GOOD, OPEN], Line("nothing fails, and 1 of 2 checks can't be answered from here", Tone.CHANGE)),
    ],
)
def test_the_last_line(checks: list[Check], line: Line) -> None:
    assert verdict_line(checks) == line
