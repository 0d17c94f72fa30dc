"""Events as people and programs see them: a live view on a terminal, plain lines elsewhere, or JSON lines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol, TextIO

from rich.console import Console, RenderableType
from rich.constrain import Constrain
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.printable import printable, printable_json
from ocpprov.ui.lines import STYLES, Line, Tone

_SHOWN = {
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
_TONES: Final = {
    EventKind.FAILED: Tone.DANGER,
    EventKind.SKIPPED: Tone.DANGER,
    EventKind.RETRYING: Tone.CHANGE,
    EventKind.IN_DOUBT: Tone.CHANGE,
}
_ROWS: Final = 12
"""The most rows of the table; a terminal has at least twice as many lines."""
_MARGIN: Final = 8
_ENDS = _SHOWN - {EventKind.RETRYING, EventKind.IN_DOUBT, EventKind.NOTE}


class View(Protocol):
    """Takes events from any thread. Once it is closed nothing moves on the screen any more, and others may write on it;
    programs that read the events get the last ones, too."""

    def emit(self, event: Event) -> None: ...
    def close(self) -> None: ...


class PipeSafeView:
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
        self._finished = False

    def emit(self, event: Event) -> None:
        row: dict[str, object] = {
            "event": event.kind.value,
            "time": datetime.fromtimestamp(event.time, UTC).isoformat(timespec="milliseconds"),
        }
        row |= {name: value for name, value in vars(event).items() if name in ("resource", "type", "id") and value}
        row |= event.detail
        with self._lock:
            if self._finished:
                # From somebody for whom nobody waits any more.
                return
            self._finished = event.kind is EventKind.FINISHED
            self._stream.write(printable_json(row) + "\n")
            self._stream.flush()

    def close(self) -> None:
        return


class Progress:
    """Lines for what is done, and on a terminal a table of what is in flight below them. One lock guards the table, and
    keeps lines whole. What is said by others goes through here, too, above the table and then in its place."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._closed = False
        self._flying: dict[tuple[str, str], str] = {}
        self._live = Live(console=console, refresh_per_second=8, transient=True) if console.is_terminal else None
        if self._live:
            self._live.start()

    def emit(self, event: Event) -> None:
        with self._lock:
            if self._closed:
                return
            place = (event.type, event.resource)
            if event.kind in (EventKind.STARTED, EventKind.WAITING):
                self._flying[place] = str(event.detail.get("action") or event.detail.get("reason") or "")
            elif event.kind in _ENDS:
                self._flying.pop(place, None)
            if event.kind in _SHOWN:
                self._print(_line(event))
            if self._live:
                self._live.update(self._table())

    def say(self, line: Line) -> None:
        """A line that is no event."""
        with self._lock:
            self._print(line)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._live:
                # Its last frame would be drawn once more before it goes.
                self._live.update(Text())
                self._live.stop()
                self._live = None

    def _print(self, line: Line) -> None:
        self._console.out(printable(line.text), style=STYLES[line.tone] or None, highlight=False)

    def _table(self) -> RenderableType:
        grid = Table.grid(padding=(0, 2))
        for (type_, resource), what in list(self._flying.items())[:_ROWS]:
            grid.add_row("…", *(Text(printable(each)) for each in (resource, what, type_)))
        if len(self._flying) > _ROWS:
            grid.add_row("", f"and {len(self._flying) - _ROWS} more", "", "")
        # A terminal shows each Ctrl-C as ^C at the end of the last row: that mustn't begin a new one.
        return Constrain(grid, max(1, self._console.width - _MARGIN))


def _line(event: Event) -> Line:
    detail = event.detail.get("reason") or event.detail.get("code") or ""
    word = "created" if event.kind is EventKind.EXISTS else event.kind.value
    place = f"{event.resource or event.type}{f' {event.id}' if event.id else ''}"
    return Line(f"{word:9} {place}{f'  {detail}' if detail else ''}", _TONES.get(event.kind, Tone.PLAIN))
