"""When what is waited for is there: looks at it, one after the other, as values. No clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from ocpprov.checks.result import Check, Status

LOOKS: Final = 3
"""Something counts once it was well in so many looks in a row: a target that flaps isn't there."""
SECONDS_BETWEEN: Final = 10.0
"""Seconds from look to look: as often as the load balancers themselves check their targets."""
UNKNOWN_LOOKS: Final = 12
"""After so many looks in a row in which nothing was missing and something couldn't be found out, it isn't going to be
known from here: two minutes, which a look-up or a throttled call may be in trouble for."""


@dataclass(frozen=True)
class ServingGoal:
    """What is waited for, by the ids of checks. Of each of `groups` (a name, and ids) one has to be well, of `all` each
    one. Of what `helps` none may fail, and what can't be found out of it doesn't count. `lacking` are checks that
    failed before any of it counts."""

    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    all: Sequence[str] = ()
    helps: Sequence[str] = ()
    lacking: Sequence[Check] = ()


class GoalState(Enum):
    """How far it is: `UNKNOWN` is when nothing is missing that could be found out from here."""

    THERE = "there"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Streaks:
    """For how many looks in a row each check has been well, and in how many the verdict was that it can't be known."""

    good: Mapping[str, int] = field(default_factory=dict)
    unknown: int = 0

    def after(self, checks: Sequence[Check]) -> Streaks:
        """After one more look. What fails once begins anew."""
        return Streaks({check.id: self.good.get(check.id, 0) + 1 for check in checks if _is_well(check)}, self.unknown)

    def judged(self, verdict: GoalState) -> Streaks:
        """With what was made of the look."""
        return Streaks(self.good, self.unknown + 1 if verdict is GoalState.UNKNOWN else 0)

    @property
    def given_up(self) -> bool:
        """Whether it isn't going to be known."""
        return self.unknown >= UNKNOWN_LOOKS

    def lasts(self, id: str) -> bool:
        """Whether a check has been well for long enough."""
        return self.good.get(id, 0) >= LOOKS


@dataclass(frozen=True)
class Standing:
    """What came of a look: what is missing, and what can't be found out, each in words."""

    missing: Sequence[str] = ()
    unknown: Sequence[str] = ()

    @property
    def verdict(self) -> GoalState:
        if self.missing:
            return GoalState.MISSING
        return GoalState.UNKNOWN if self.unknown else GoalState.THERE


def standing(goal: ServingGoal, checks: Sequence[Check], streaks: Streaks) -> Standing:
    """How the goal stands after a look; `streaks` have that one, too."""
    by_id = {check.id: check for check in checks}
    missing = [f"{check.detail}: {check.remedy}" for check in goal.lacking]
    unknown: list[str] = []
    for name, ids in goal.groups.items():
        if not any(streaks.lasts(id) for id in ids):
            known = [by_id[id] for id in ids if id in by_id]
            open_ = bool(known) and all(_is_open(check) for check in known)
            (unknown if open_ else missing).append(_of_group(name, known, streaks))
    for id in goal.all:
        if not streaks.lasts(id):
            check = by_id.get(id)
            told = _told(check, streaks) if check else f"{id}: nothing is there"
            (unknown if check and _is_open(check) else missing).append(told)
    missing += [_told(by_id[id], streaks) for id in goal.helps if id in by_id and by_id[id].status is Status.FAIL]
    return Standing(tuple(missing), tuple(unknown))


def _of_group(name: str, checks: Sequence[Check], streaks: Streaks) -> str:
    best = max((streaks.good.get(check.id, 0) for check in checks), default=0)
    if best:
        return f"{name}: one is well, {best} of {LOOKS} looks in a row"
    return "; ".join(check.detail for check in checks) or f"{name}: nothing is there"


def _told(check: Check, streaks: Streaks) -> str:
    count = streaks.good.get(check.id, 0)
    return f"{check.detail}, {count} of {LOOKS} looks in a row" if count else check.detail


def _is_well(check: Check) -> bool:
    return check.status is Status.PASS


def _is_open(check: Check) -> bool:
    return check.status is Status.UNKNOWN


def concerned(goal: ServingGoal, checks: Sequence[Check]) -> Iterator[Check]:
    """The checks that the goal is about."""
    ids = {*goal.all, *goal.helps, *(id for group in goal.groups.values() for id in group)}
    yield from goal.lacking
    yield from (check for check in checks if check.id in ids)
