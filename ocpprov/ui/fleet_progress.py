"""How far each plan of a fleet is, from its events. No clock, no screen."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from ocpprov.engine.events import Event, EventKind
from ocpprov.ui.run_progress import Durations, RunProgress

_DONE: Final = (EventKind.EXISTS, EventKind.UPDATED, EventKind.ADOPTED, EventKind.DELETED, EventKind.FORGOTTEN)
_IDLE: Final = ("keep",)


class Phase(Enum):
    """Where a plan of a fleet is."""

    WAITING = "waiting"
    READING = "reading"
    PLANNED = "planned"
    AT_WORK = "at work"
    ENDED = "ended"


@dataclass(frozen=True)
class MemberRow:
    """One plan as it is seen. `done` of `total` changes are done; `left` is about how many seconds the rest takes, 0
    where nobody knows. `end` is how it ended, in a word."""

    name: str
    region: str
    phase: Phase = Phase.WAITING
    done: int = 0
    total: int = 0
    left: float = 0.0
    end: str = ""


@dataclass
class _Member:
    row: MemberRow
    run: RunProgress
    changed: set[tuple[str, str]]


class FleetProgress:
    """The state of all members, by their names. Called from any thread; one lock guards it."""

    def __init__(self, members: Mapping[str, str], durations: Durations) -> None:
        """`members` are their regions, by name; `durations` how long types take."""
        self._lock = threading.Lock()
        self._members = {
            name: _Member(MemberRow(name, region), RunProgress(durations), set()) for name, region in members.items()
        }

    def hear(self, name: str, event: Event) -> None:
        """Take note of an event of a member's."""
        with self._lock:
            member = self._members[name]
            member.run.hear(event)
            member.row = _after(member, event)

    def ended(self, name: str, end: str) -> None:
        """A member has ended; `end` is how, in a word."""
        with self._lock:
            member = self._members[name]
            member.row = replace(member.row, phase=Phase.ENDED, end=end)

    def rows(self, now: float) -> Sequence[MemberRow]:
        """All members, in their order."""
        with self._lock:
            members = list(self._members.values())
            return [replace(each.row, left=each.run.remaining(now)) for each in members]


def _after(member: _Member, event: Event) -> MemberRow:
    row = member.row
    if event.kind is EventKind.PLANNED:
        return replace(row, phase=Phase.PLANNED, total=changes_in(event))
    if event.kind is EventKind.STARTED and not event.resource and not event.type:
        return replace(row, phase=Phase.READING)
    if event.kind in _DONE:
        member.changed.add((event.type, event.resource or event.id))
    if event.resource and row.phase is Phase.PLANNED:
        row = replace(row, phase=Phase.AT_WORK)
    return replace(row, done=min(len(member.changed), row.total))


def summary_in(event: Event) -> Mapping[str, int]:
    """How many of each verb a plan has, as its event tells."""
    summary = event.detail.get("summary")
    counts = summary.items() if isinstance(summary, Mapping) else ()
    return {str(verb): count for verb, count in counts if isinstance(count, int) and count and verb not in _IDLE}


def changes_in(event: Event) -> int:
    """How many changes a plan has, as its event tells."""
    return sum(summary_in(event).values())
