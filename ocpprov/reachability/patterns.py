"""What patterns with `*` (any text) and `?` (any character) take of each other."""

from __future__ import annotations

import re
from typing import Final

from ocpprov.reachability.verdict import Answer

_EVERYTHING: Final = "*"
_WILDCARDS: Final = re.compile(r"[*?]")


def takes(pattern: str, wanted: str) -> Answer:
    """Whether a pattern takes all that another one takes, or nothing of it; unknown where it may be a part. A text
    without wildcards is a pattern that takes itself."""
    if pattern in (_EVERYTHING, wanted) or re.fullmatch(_expression(pattern), wanted, re.DOTALL):
        return Answer.YES
    if _WILDCARDS.search(wanted) and _overlap(pattern, wanted):
        return Answer.UNKNOWN
    return Answer.NO


def _expression(pattern: str) -> str:
    """A regular expression in which only `*` takes the other pattern's `*`."""
    return "".join({"*": ".*", "?": "[^*]"}.get(character) or re.escape(character) for character in pattern)


def _overlap(one: str, other: str) -> bool:
    """Whether there is a text that both take. Row by row: whether the first so many characters of both have one."""
    row = [True]
    for there in other:
        row.append(row[-1] and there == "*")
    for here in one:
        above, row = row, [row[0] and here == "*"]
        for index, there in enumerate(other):
            if "*" in (here, there):
                row.append(above[index + 1] or row[index])
            else:
                row.append(above[index] and (here == there or "?" in (here, there)))
    return row[-1]
