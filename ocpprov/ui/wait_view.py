"""What is waited for, and since when: redrawn in its place on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.text import Text

from ocpprov.engine.printable import printable
from ocpprov.runs.holder import span
from ocpprov.ui.lines import STYLES, Line, Tone
from ocpprov.ui.live_lines import LiveFrame, print_lines
from ocpprov.ui.progress import Heading, redraws

_LINE_SECONDS: Final = 60.0
"""Where nothing is redrawn: a line as soon as something else is missing, and otherwise no more often than this."""
_ROWS: Final = 8
_FRAMES_A_SECOND: Final = 2 / 3


class WaitView:
    """Shows what is missing after each look. Once it is closed nothing moves on the screen any more. All that is said
    meanwhile goes through it. `hide` takes out of a text what isn't to be shown."""

    def __init__(
        self, console: Console, heading: Heading, timeout: float, hide: Callable[[str], str] = lambda text: text
    ) -> None:
        self._console = console
        self._heading = heading
        self._timeout = timeout
        self._hide = hide
        self._lock = threading.Lock()
        self._missing: Sequence[str] = ()
        self._seconds = 0.0
        self._told_at: float | None = None
        self._told: Sequence[str] = ()
        live = LiveFrame(
            console=console, refresh_per_second=_FRAMES_A_SECOND, transient=True, get_renderable=self._frame
        )
        self._live = live if redraws(console, heading) else None
        if self._live:
            self._live.start()

    def show(self, missing: Sequence[str], seconds: float) -> None:
        """What is missing now, so many seconds after the beginning."""
        self._missing, self._seconds = list(map(self._hide, missing)), seconds
        if self._live is None and missing and self._is_news(seconds):
            self._told_at, self._told = seconds, self._missing
            self.say(Line(f"waiting   {self._time()}: {_summary(self._missing)}"))

    def say(self, line: Line) -> None:
        """A line of somebody else."""
        with self._lock:
            if self._live:
                self._live.print_above((line,))
            else:
                print_lines(self._console, (line,))

    def leave(self) -> None:
        """Somebody doesn't want to wait any longer: tell what was missing."""
        self.close()
        if self._missing:
            self.say(Line(f"still missing after {span(self._seconds)}: {_summary(self._missing)}", Tone.CHANGE))

    def close(self) -> None:
        if self._live:
            self._live.stop()
            self._live = None

    def _is_news(self, seconds: float) -> bool:
        return self._told_at is None or self._missing != self._told or seconds - self._told_at >= _LINE_SECONDS

    def _time(self) -> str:
        return f"{span(self._seconds)} of {span(self._timeout)}"

    def _frame(self) -> RenderableType:
        """Called from rich's thread, which holds a lock of rich's: it must not wait for the one of lines."""
        rows = [Text(printable(f"  {each}"), no_wrap=True, overflow="ellipsis") for each in self._missing[:_ROWS]]
        if len(self._missing) > _ROWS:
            rows.append(Text(f"  and {len(self._missing) - _ROWS} more"))
        head = Text(printable(f"{self._heading.text}  {self._time()}"), style=STYLES[Tone.HEADING])
        return Group(head, *rows)


def _summary(missing: Sequence[str]) -> str:
    more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
    return f"{missing[0]}{more}"
