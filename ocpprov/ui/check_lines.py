"""The results of checks in lines: how each went, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ocpprov.checks.result import Check, Status
from ocpprov.ui.wrapped import remedy_lines, wrapped

_ID: Final = 21
"""Columns for a check's id: in those that are left, three zones of a region have their place. Few ids are longer."""


def check_lines(checks: Sequence[Check]) -> Iterator[str]:
    """Each check in lines, its remedy beneath it where it isn't good, and how many there are of each."""
    width, beneath = min(max((len(check.id) for check in checks), default=0), _ID), " " * 9
    for check in checks:
        head = f"{check.status.value:<7}  {check.id:<{width}}  "
        yield from map(str, wrapped(check.detail, first=head, rest=f"{beneath}  "))
        if check.remedy:
            yield from map(str, remedy_lines(check.remedy, beneath))
    counts = Counter(check.status.value for check in checks)
    yield ", ".join(f"{counts[status.value]} {status.value}" for status in Status if counts[status.value])
