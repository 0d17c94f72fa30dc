"""A fleet as people see it: a line for each plan, redrawn in its place on a terminal, and what happens in words."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.constrain import Constrain
from rich.table import Table
from rich.text import Text

from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.printable import printable
from ocpprov.runs.holder import span
from ocpprov.ui.fleet_plan_lines import planned_lines
from ocpprov.ui.fleet_progress import FleetProgress, MemberRow, Phase
from ocpprov.ui.lines import STYLES, Line, Tone
from ocpprov.ui.live_lines import LiveFrame, print_lines
from ocpprov.ui.progress import Heading, redraws

_ROWS: Final = 12
"""The most plans that have a line: a terminal has 24, and what is said above should be seen."""
_NAME: Final = 28
_MARGIN: Final = 8
_FRAMES_A_SECOND: Final = 2 / 3
_BRIEF: Final = 1.0
_WORDS: Final = (EventKind.FAILED, EventKind.IN_DOUBT, EventKind.NOTE)
_AT_WORK_FIRST: Final = (Phase.AT_WORK, Phase.READING, Phase.PLANNED)


class FleetScreen:
    """Shows a fleet. Used from any thread; a lock keeps lines whole. Once it is closed nothing moves on the screen any
    more."""

    def __init__(
        self,
        console: Console,
        progress: FleetProgress,
        heading: Heading,
        now: Callable[[], float],
    ) -> None:
        self._console = console
        self._progress = progress
        self._heading = heading
        self._now = now
        self._calls: Callable[[], int] = _nobody_counts
        self._lock = threading.Lock()
        live = LiveFrame(
            console=console, refresh_per_second=_FRAMES_A_SECOND, transient=True, get_renderable=self._frame
        )
        self._live = live if redraws(console, heading) else None
        if self._live:
            self._live.start()

    def hear(self, name: str, event: Event) -> None:
        """An event of a member's."""
        self._progress.hear(name, event)
        # All of it in one piece: others are told meanwhile.
        self._say(*_told(name, event, verbose=self._heading.verbose))

    def ended(self, name: str, end: str, line: Line) -> None:
        """A member has ended, which `line` tells."""
        self._progress.ended(name, end)
        self.say(line)

    def count(self, calls: Callable[[], int]) -> None:
        """From now on `calls` tells how many calls all have made."""
        self._calls = calls

    def say(self, line: Line) -> None:
        """A line of somebody else."""
        self._say(line)

    def _say(self, *lines: Line) -> None:
        with self._lock, _although_nobody_reads():
            if self._live:
                self._live.print_above(lines)
            else:
                print_lines(self._console, lines)

    @property
    def is_redrawn(self) -> bool:
        """Whether something moves on the screen."""
        return self._live is not None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing is redrawn meanwhile: somebody is asked."""
        live, self._live = self._live, None
        if live:
            live.stop()
        yield
        if live:
            live.start()
            self._live = live

    def close(self) -> None:
        """Take off the screen what is redrawn."""
        live, self._live = self._live, None
        if live:
            with _although_nobody_reads():
                live.stop()

    def _frame(self) -> RenderableType:
        """Called from rich's thread, which holds a lock of rich's: it must not wait for the one of lines."""
        rows = self._progress.rows(self._now())
        head = Text(printable(f"{self._heading.text}  {_counts(rows)}"), style=STYLES[Tone.HEADING])
        calls = self._calls()
        told = Text(f"   {calls} calls") if calls else Text()
        width = max(1, self._console.width - _MARGIN)
        return Constrain(Group(head, *_grid(rows), told), width)


@contextmanager
def _although_nobody_reads() -> Iterator[None]:
    """A terminal that was closed, or a pipe that broke (for which rich leaves the process), ends no run."""
    with suppress(OSError, ValueError, SystemExit):
        yield


def _nobody_counts() -> int:
    return 0


def _grid(rows: Sequence[MemberRow]) -> Iterator[RenderableType]:
    """Those at work, as far as there is room; the others are counted in the heading."""
    shown = [row for phase in _AT_WORK_FIRST for row in rows if row.phase is phase]
    grid = Table.grid(padding=(0, 2))
    for row in shown[:_ROWS]:
        name = Text(printable(row.name), no_wrap=True)
        name.truncate(_NAME, overflow="ellipsis")
        far = f"{row.done}/{row.total}" if row.total else ""
        left = f"about {span(row.left)} left" if row.left > _BRIEF else ""
        grid.add_row(" ", name, Text(printable(row.region)), Text(row.phase.value), Text(far), Text(left))
    yield grid
    if len(shown) > _ROWS:
        yield Text(f"   and {len(shown) - _ROWS} more")


def _counts(rows: Sequence[MemberRow]) -> str:
    """`3 at work, 12 waiting, 4 done, 1 failed`."""
    counts = Counter(row.end or row.phase.value for row in rows)
    order = [each.value for each in (*_AT_WORK_FIRST, Phase.WAITING)]
    words = [*order, *sorted(counts.keys() - set(order))]
    return ", ".join(f"{counts[word]} {word}" for word in words if counts[word])


def _told(name: str, event: Event, *, verbose: bool) -> Iterator[Line]:
    if event.kind is EventKind.PLANNED:
        yield from planned_lines(name, event, verbose=verbose)
    elif event.kind in _WORDS or (verbose and event.resource):
        place = f"{event.resource or event.type} " if event.resource or event.type else ""
        word = "" if event.kind is EventKind.NOTE else f"{event.kind.value} "
        reason = str(event.detail.get("reason") or event.detail.get("code") or "")
        tone = Tone.DANGER if event.kind is EventKind.FAILED else Tone.PLAIN
        yield Line(f"{name}: {word}{place}{reason}".rstrip(), tone)
