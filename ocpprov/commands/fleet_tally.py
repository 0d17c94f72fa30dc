"""What a member's run has told so far, in figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.problem import Problem
from ocpprov.ui.fleet_progress import changes_in

_CHANGES: Final = (EventKind.EXISTS, EventKind.UPDATED, EventKind.DELETED, EventKind.FORGOTTEN, EventKind.ADOPTED)


@dataclass
class Tally:
    """The sum of the events of one run, which may have come from another host: what isn't as it should be counts
    nothing."""

    problems: list[Problem] = field(default_factory=list)
    calls: int = 0
    to_do: int = 0
    finished: bool = False
    _changed: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def changed(self) -> int:
        """How many resources were made, changed or deleted."""
        return len(self._changed)

    def add(self, event: Event) -> None:
        """Take in what has happened."""
        if event.kind in _CHANGES:
            self._changed.add((event.type, event.resource, event.id))
        elif event.kind is EventKind.ERROR and isinstance(error := event.detail.get("error"), Mapping):
            self.problems.append(Problem(*(str(error.get(name, "")) for name in ("place", "detail", "remedy"))))
        elif event.kind is EventKind.PLANNED:
            self.to_do = changes_in(event)
        elif event.kind is EventKind.FINISHED:
            self.finished = True
            if isinstance(calls := event.detail.get("calls"), Mapping):
                self.calls = sum(count for count in calls.values() if isinstance(count, int))
