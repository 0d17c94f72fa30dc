"""Events as people and programs see them: a live view on a terminal, plain lines elsewhere, or JSON lines."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol, TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table

from ocpprov.engine.events import Event, EventKind

_TOLD = {
    EventKind.EXISTS,
    EventKind.READY,
    EventKind.UPDATED,
    EventKind.DELETED,
    EventKind.FORGOTTEN,
    EventKind.ADOPTED,
    EventKind.FAILED,
    EventKind.SKIPPED,
    EventKind.RETRYING,
    EventKind.IN_DOUBT,
    EventKind.NOTE,
}
_ENDS = _TOLD - {EventKind.RETRYING, EventKind.IN_DOUBT, EventKind.NOTE}


class View(Protocol):
    """Takes events from any thread until it is closed."""

    def emit(self, event: Event) -> None: ...
    def close(self) -> None: ...


class Unread:
    """A view that may be left: once nobody reads it any more, nothing more is shown, and nobody hears of it."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._left = False

    def emit(self, event: Event) -> None:
        if not self._left:
            self._while_read(lambda: self._view.emit(event))

    def close(self) -> None:
        self._while_read(self._view.close)

    def _while_read(self, show: Callable[[], None]) -> None:
        try:
            show()
        except (OSError, ValueError, SystemExit):
            # Rich leaves the process when a pipe is broken; ValueError is a stream that was closed.
            self._left = True


class JsonLines:
    """One JSON object a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def emit(self, event: Event) -> None:
        row: dict[str, object] = {
            "event": event.kind.value,
            "time": datetime.fromtimestamp(event.time, UTC).isoformat(timespec="milliseconds"),
        }
        row |= {name: value for name, value in vars(event).items() if name in ("resource", "type", "id") and value}
        row |= event.detail
        with self._lock:
            self._stream.write(json.dumps(row, default=str) + "\n")
            self._stream.flush()

    def close(self) -> None:
        return


class Progress:
    """Lines for what is done, and on a terminal a table of what is in flight below them. One lock guards the table."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._flying: dict[tuple[str, str], str] = {}
        self._live = Live(console=console, refresh_per_second=8, transient=True) if console.is_terminal else None
        if self._live:
            self._live.start()

    def emit(self, event: Event) -> None:
        with self._lock:
            place = (event.type, event.resource)
            if event.kind in (EventKind.STARTED, EventKind.WAITING):
                self._flying[place] = str(event.detail.get("action") or event.detail.get("reason") or "")
            elif event.kind in _ENDS:
                self._flying.pop(place, None)
            if event.kind in _TOLD:
                self._console.print(_line(event), markup=False, highlight=False, soft_wrap=True)
            if self._live:
                self._live.update(self._table())

    def close(self) -> None:
        if self._live:
            self._live.stop()

    def _table(self) -> Table:
        grid = Table.grid(padding=(0, 2))
        for (type_, resource), what in list(self._flying.items())[:12]:
            grid.add_row("…", resource, what, type_)
        if len(self._flying) > 12:
            grid.add_row("", f"and {len(self._flying) - 12} more", "", "")
        return grid


def _line(event: Event) -> str:
    detail = event.detail.get("reason") or event.detail.get("code") or ""
    word = "created" if event.kind is EventKind.EXISTS else event.kind.value
    return (
        f"{word:9} {event.resource or event.type}{f' {event.id}' if event.id else ''}{f'  {detail}' if detail else ''}"
    )
