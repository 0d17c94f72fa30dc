"""The host's clock against the date of AWS's answer."""

from __future__ import annotations

import pytest

from ocpprov.checks.clock_skew import clock_skew
from ocpprov.checks.result import Check, Status

DATE = "Thu, 01 Jan 2026 00:00:00 GMT"
THEN = 1767225600.0
REMEDY = "set it (chronyd, 169.254.169.123): AWS refuses what is signed 5 minutes off"


@pytest.mark.parametrize(("off", "seconds"), [(0.0, 1), (0.4, 1), (-2.0, 2), (239.9, 240), (-239.9, 240)])
def test_a_clock_that_is_nearly_right_is_right(off: float, seconds: int) -> None:
    assert clock_skew(DATE, THEN + off) == Check("clock", Status.PASS, f"within {seconds} s of AWS's")


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (240.0, "this host's clock (2026-01-01T00:04:00+00:00) is 240 s ahead of AWS's"),
        (-3600.0, "this host's clock (2025-12-31T23:00:00+00:00) is 3600 s behind AWS's"),
    ],
)
@pytest.mark.parametrize("refused", [True, False])
def test_a_clock_that_is_off_fails_where_aws_refused_and_warns_elsewhere(off: float, said: str, refused: bool) -> None:
    status = Status.FAIL if refused else Status.WARN
    assert clock_skew(DATE, THEN + off, refused=refused) == Check("clock", status, said, REMEDY)


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Foo 2026 00:00:00 GMT"])
def test_without_a_date_nobody_knows(date: str) -> None:
    expected = Check("clock", Status.UNKNOWN, "the answer had no date", "compare this host's clock with another one")
    assert clock_skew(date, THEN) == expected
