"""Lines above what is redrawn in its place."""

from __future__ import annotations

from rich.console import Console
from rich.live import Live
from rich.text import Text

from ocpprov.engine.printable import printable
from ocpprov.engine.threads import ThreadsExhausted, beginning_threads
from ocpprov.ui.lines import STYLES, Line


class LiveFrame(Live):
    """What is redrawn. While a line is written above it, it isn't drawn.

    rich holds this lock while its thread draws. It doesn't when somebody prints: a frame of another height, drawn in
    between, would leave a row of itself behind."""

    def start(self, refresh: bool = False) -> None:
        """Draw from now on. Raises ThreadsExhausted; the terminal is as it was then."""
        try:
            with beginning_threads():
                super().start(refresh)
        except ThreadsExhausted:
            self.stop()
            raise

    def print_above(self, lines: tuple[Line, ...]) -> None:
        """Write these, and the frame again below them."""
        with self._lock:
            print_lines(self.console, lines)


def print_lines(console: Console, lines: tuple[Line, ...]) -> None:
    """Write these, each in its tone. A long one isn't broken: what is in it may be pasted."""
    for line in lines:
        # The style is the text's: one for the whole print would be the frame's, too.
        text = Text(printable(line.text), style=STYLES[line.tone])
        console.print(text, highlight=False, soft_wrap=True)
