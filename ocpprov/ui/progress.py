"""Events as people and programs see them: a live view on a terminal, plain lines elsewhere, or JSON lines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from rich.console import Console, Group, RenderableType
from rich.constrain import Constrain
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as BarProgress
from rich.table import Table
from rich.text import Text

from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.printable import printable
from ocpprov.runs.holder import span
from ocpprov.ui.lines import STYLES, Line, Tone
from ocpprov.ui.live_lines import LiveFrame, print_lines
from ocpprov.ui.run_progress import RunProgress

_ALWAYS: Final = {EventKind.FAILED, EventKind.SKIPPED, EventKind.IN_DOUBT, EventKind.NOTE}
"""Told wherever somebody looks."""
_DONE: Final = {
    EventKind.EXISTS,
    EventKind.READY,
    EventKind.UPDATED,
    EventKind.DELETED,
    EventKind.FORGOTTEN,
    EventKind.ADOPTED,
}
_TONES: Final = {
    EventKind.FAILED: Tone.DANGER,
    EventKind.SKIPPED: Tone.DANGER,
    EventKind.RETRYING: Tone.CHANGE,
    EventKind.IN_DOUBT: Tone.CHANGE,
}
_ROWS: Final = 6
"""The most rows of what is waited for: a terminal has 24 lines, and the lines above them should be seen."""
_FRAMES_A_SECOND: Final = 2 / 3
"""Something moves within two seconds, and with all rows it is less than 30 kB a minute, for slow connections."""
_BAR: Final = 20
_CODES: Final = 3
_NAME: Final = 32
"""Columns of a name: what it is waited for, and for how long, have to stand beside it on 80."""
_MARGIN: Final = 8
_BRIEF: Final = 1.0
"""Seconds before something is worth a row."""


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


@dataclass(frozen=True)
class Heading:
    """What the live view stands under, whether every event gets a line, and whether nothing may be redrawn (`plain`:
    for screen readers, and logs that look like a terminal)."""

    text: str = ""
    verbose: bool = False
    plain: bool = False


class Progress:
    """What is done and what is waited for: on a terminal below all that is said, redrawn in its place; elsewhere a line
    where something begins to be waited for, and how far the run is. One lock guards it and keeps lines whole. What is
    said by others goes through here, too."""

    def __init__(self, console: Console, run: RunProgress, heading: Heading, now: Callable[[], float]) -> None:
        self._console = console
        self._run = run
        self._heading = heading
        self._now = now
        self._lock = threading.Lock()
        self._closed = False
        self._told: set[tuple[str, str]] = set()
        self._same: dict[tuple[EventKind, str], list[str]] = {}
        self._bar = BarProgress(
            BarColumn(_BAR),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}", markup=False),
            console=console,
        )
        self._task = self._bar.add_task("", total=None, left="")
        live = LiveFrame(
            console=console, refresh_per_second=_FRAMES_A_SECOND, transient=True, get_renderable=self._frame
        )
        self._live = live if redraws(console, heading) else None
        if self._live and run.total:
            self._live.start()

    def emit(self, event: Event) -> None:
        with self._lock:
            if self._closed:
                return
            self._run.hear(event)
            if self._heading.verbose and event.kind in {*_ALWAYS, *_DONE, EventKind.RETRYING}:
                self._print(_line(event))
            elif event.kind in _ALWAYS:
                self._tell_once(event)
            elif self._live is None:
                self._tell(event)

    def _tell_once(self, event: Event) -> None:
        """What failed, with its cause; what else failed or wasn't begun for the same cause is told together at the
        end."""
        cause = (event.kind, str(event.detail.get("reason", "")))
        known = self._same.get(cause)
        if event.kind is EventKind.SKIPPED or known is not None:
            self._same.setdefault(cause, []).append(event.resource or event.type)
            return
        if event.kind is EventKind.FAILED:
            self._same[cause] = []
        self._print(_line(event))

    def _tell_the_same(self) -> None:
        for (kind, reason), names in self._same.items():
            if names:
                more = f" and {len(names) - 1} more" if len(names) > 1 else ""
                why = reason if kind is EventKind.SKIPPED else "for the same reason"
                self._print(Line(f"{kind.value:9} {names[0]}{more}  {why}", Tone.DANGER))
        self._same.clear()

    def _tell(self, event: Event) -> None:
        """Where nothing is redrawn: what is waited for, once each, and its end; the first of what is tried again."""
        place = (event.type, event.resource)
        if event.kind is EventKind.RETRYING:
            code = str(event.detail.get("code") or event.detail.get("reason") or "")
            if self._run.retries.get(code) == 1:
                self._print(
                    Line(f"retrying  {event.detail.get('reason') or code}; more of it is only counted", Tone.CHANGE)
                )
            return
        reason = str(event.detail.get("reason", ""))
        # What somebody else has to do stands after a colon.
        if event.kind is EventKind.WAITING and (place not in self._told or ": " in reason):
            self._told.add(place)
            usual = next((each.usual for each in self._run.flights if (each.type, each.resource) == place), 0.0)
            about = f", usually about {span(usual)}" if usual > _BRIEF else ""
            self._print(Line(f"waiting   {event.resource or event.type} {reason}{about}"))
        elif event.kind in (EventKind.READY, EventKind.DELETED) and place in self._told:
            done = f"({self._run.done} of {self._run.total} done)"
            self._print(Line(f"{event.kind.value:9} {event.resource or event.type}  {done}"))

    @property
    def is_open(self) -> bool:
        """Whether events are still shown."""
        return not self._closed

    def say(self, line: Line) -> None:
        """A line that is no event."""
        with self._lock:
            self._print(line)

    def close(self) -> None:
        with self._lock:
            self._tell_the_same()
            if not self._closed and self._live is None and self._run.retries and not self._heading.verbose:
                self._print(Line(f"tried again: {self._codes()}", Tone.CHANGE))
            self._closed = True
            if self._live:
                # Its last frame would be drawn once more before it goes.
                self._live.stop()
                self._live = None

    def _print(self, line: Line) -> None:
        if self._live:
            self._live.print_above((line,))
        else:
            print_lines(self._console, (line,))

    def _frame(self) -> RenderableType:
        """Called from rich's thread, too, which holds a lock of rich's: it must not wait for the one in which lines are
        printed."""
        if self._closed:
            return Text()
        now = self._now()
        left = self._run.remaining(now)
        self._bar.update(
            self._task,
            completed=self._run.done,
            total=self._run.total,
            left=f"about {span(left)} left" if left > _BRIEF else "",
        )
        # A terminal shows each Ctrl-C as ^C at the end of the last row: that mustn't begin a new one.
        width = max(1, self._console.width - _MARGIN)
        head = Text(printable(self._heading.text), style=STYLES[Tone.HEADING])
        return Constrain(Group(head, self._bar.get_renderable(), *self._waiting(now)), width)

    def _waiting(self, now: float) -> Iterator[RenderableType]:
        grid = Table.grid(padding=(0, 2))
        flights = [each for each in self._run.flights if now - each.since >= _BRIEF]
        for each in flights[:_ROWS]:
            elapsed = span(now - each.since) + (f" of about {span(each.usual)}" if each.usual > _BRIEF else "")
            name = Text(printable(each.resource or each.type), no_wrap=True)
            name.truncate(_NAME, overflow="ellipsis")
            grid.add_row(" ", name, Text(printable(each.doing)), Text(elapsed))
        yield grid
        if len(flights) > _ROWS:
            yield Text(f"   and {len(flights) - _ROWS} more")
        if self._run.retries:
            yield Text(printable(f"   tried again: {self._codes()}"), style=STYLES[Tone.CHANGE])

    def _codes(self) -> str:
        """What was tried again most, and how often."""
        return ", ".join(f"{code} {count}" for code, count in [*self._run.retries.items()][:_CODES])


def redraws(console: Console, heading: Heading) -> bool:
    """Whether a view is redrawn in its place, rather than written line by line."""
    return console.is_terminal and not console.is_dumb_terminal and not heading.plain


def _line(event: Event) -> Line:
    detail = event.detail.get("reason") or event.detail.get("code") or ""
    word = "created" if event.kind is EventKind.EXISTS else event.kind.value
    place = f"{event.resource or event.type}{f' {event.id}' if event.id else ''}"
    return Line(f"{word:9} {place}{f'  {detail}' if detail else ''}", _TONES.get(event.kind, Tone.PLAIN))
