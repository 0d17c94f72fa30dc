"""What a failed run ends with, line by line."""

from __future__ import annotations

import pytest

from ocpprov.ui.failure_lines import Shortfall, failure_lines, left_lines


@pytest.mark.parametrize(
    ("shortfall", "text"),
    [
        (Shortfall([]), "nothing"),
        (Shortfall(["A"]), "A"),
        (Shortfall([], unready=["B"]), "nothing; not ready: B"),
        (
            Shortfall(["A"], ["B"], ["C"], ["D", "E"]),
            "A; not ready: B; not yet as planned: C; not gone yet: D, E",
        ),
        (Shortfall([f"R{number}" for number in range(8)]), "R0, R1, R2, R3, R4, R5, R6, R7"),
        (Shortfall([f"R{number}" for number in range(9)]), "R0, R1, R2, R3, R4, R5, R6, R7 and 1 more"),
    ],
)
def test_what_an_apply_has_left_undone(shortfall: Shortfall, text: str) -> None:
    assert str(shortfall) == text


def test_the_five_lines_of_an_apply_and_of_a_destroy() -> None:
    assert list(failure_lines(2, 3, Shortfall(["A"]), "Code: no", "A failed", "ocpprov apply")) == [
        "exists:   2 of the plan's 3 resources",
        "missing:  A",
        "AWS said: Code: no",
        "cause:    A failed",
        "next:     ocpprov apply",
    ]
    assert list(left_lines([], "nothing", "the run was interrupted", "ocpprov destroy")) == [
        "remains:  nothing",
        "deleted:  everything else of the plan",
        "AWS said: nothing",
        "cause:    the run was interrupted",
        "next:     ocpprov destroy",
    ]
