"""When to look at something that AWS goes on working at: as seldom as can be, and soon after it is done.

All times are seconds of AWS's. `least` is what such a thing takes at least, as far as anybody knows; `elapsed` is since
AWS began with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

SHARE: Final = 1 / 27
"""How much later than need be something may be seen, of what it took. With a ninth more than the least, four looks."""
SHORTEST: Final = 1.0
"""Seconds between two looks, at least."""
EARLY: Final = (1 / 30, 1 / 12, 1 / 3)
"""The parts of the least after which a look is made all the same: what fails does so soon, AWS may have become faster,
and what only speaks as AWS does, such as an emulator, is done within seconds."""
EARLY_OF_WHAT_GOES: Final = (1 / 30, 1 / 3)
"""The same for deletions: none of them fails, and what an emulator deletes is gone at the first look."""
_WORTH_IT: Final = 15.0
"""Seconds of the least from which on these looks are made."""
_MISTAKEN: Final = 4.0
"""How many times the least may pass before it isn't believed any more."""
_SHARE_THEN: Final = 1 / 10
"""How much later something may be seen then: nobody knows what is waited for."""


def next_look(least: float, elapsed: float, early: Sequence[float] = EARLY) -> float:
    """Seconds since AWS began with it at which to look next, when it isn't done after `elapsed`. `early`: the parts of
    the least after which it is looked at before."""
    if least >= _WORTH_IT:
        for first in (least * part for part in early):
            if elapsed < first / 2:
                return first
    if elapsed < least:
        return least
    return elapsed + max(SHORTEST, elapsed * (SHARE if elapsed < least * _MISTAKEN else _SHARE_THEN))


def shared_look(due: Collection[float], elapsed: float) -> float:
    """When to look once for several, by the times at which each is due; `elapsed` is since AWS began with the one that
    is due first, by then. That one waits for those that follow within half of what it may be seen too late."""
    first = min(due)
    return max(time for time in due if time <= first + max(SHORTEST, elapsed * SHARE) / 2)
