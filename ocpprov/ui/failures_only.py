"""Of a run that is to be quiet: what failed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from ocpprov.engine.events import Event, EventKind
from ocpprov.ui.lines import Line, Tone


class FailuresOnly:
    """A view that says a line for each failure."""

    def __init__(self, say: Callable[[Line], None]) -> None:
        self._say = say

    def emit(self, event: Event) -> None:
        if event.kind is EventKind.FAILED:
            reason = event.detail.get("reason") or ""
            self._say(Line(f"failed    {event.resource or event.type}{f'  {reason}' if reason else ''}", Tone.DANGER))

    def close(self) -> None:
        return
