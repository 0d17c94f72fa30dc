"""How far this host's clock is from AWS's, which refuses signatures of another time."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from ocpprov.checks.result import Check, failed, passed, unknown, warned

_CLOCK_SLACK: Final = 240.0
"""Seconds: AWS refuses signatures that are more than five minutes off (common errors, RequestExpired)."""


def clock_skew(date: str, now: float, *, refused: bool = False) -> Check:
    """The host's clock against AWS's, from the `Date` of an answer that came just now. `now` is in seconds of Unix
    time. `refused`: the answer was that the signature isn't good."""
    try:
        theirs = parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return unknown("clock", "the answer had no date", "compare this host's clock with another one")
    off = now - theirs
    if abs(off) < _CLOCK_SLACK:
        return passed("clock", f"within {max(1, round(abs(off)))} s of AWS's")
    direction = "ahead of" if off > 0 else "behind"
    here = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
    detail = f"this host's clock ({here}) is {abs(off):.0f} s {direction} AWS's"
    remedy = "set it (chronyd, 169.254.169.123): AWS refuses what is signed 5 minutes off"
    return (failed if refused else warned)("clock", detail, remedy)
