"""Lines above what is redrawn."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest
from rich.console import Console, ConsoleRenderable, RenderHook
from rich.text import Text

from ocpprov.engine.threads import ThreadsExhausted
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.live_lines import LiveFrame


class Slow(RenderHook):
    """A thread that writes a line takes until `go`, when rich has worked out how many rows to go up already."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        if threading.current_thread().name == "writer":
            self.begun.set()
            self.go.wait(5)
        return renderables


def started(text: io.StringIO) -> LiveFrame:
    console = Console(file=text, force_terminal=True, width=80, color_system="standard")
    live = LiveFrame(Text("frame"), console=console, auto_refresh=False, transient=True)
    live.start()
    return live


def test_where_no_thread_can_draw_the_terminal_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading, "_start_new_thread", refuses)
    text = io.StringIO()
    console = Console(file=text, force_terminal=True, width=80, color_system="standard")
    with pytest.raises(ThreadsExhausted):
        LiveFrame(Text("frame"), console=console, transient=True).start()
    hidden, shown = "\x1b[?25l", "\x1b[?25h"
    assert text.getvalue().rindex(hidden) < text.getvalue().rindex(shown)


def test_no_frame_is_drawn_while_a_line_is_written() -> None:
    text, slow = io.StringIO(), Slow()
    live = started(text)
    live.console.push_render_hook(slow)
    writer = threading.Thread(target=live.print_above, args=((Line("said"),),), name="writer")
    writer.start()
    assert slow.begun.wait(5)
    drawer = threading.Thread(target=live.refresh)
    drawer.start()
    drawer.join(0.05)
    waits = drawer.is_alive()
    slow.go.set()
    writer.join(5)
    drawer.join(5)
    live.console.pop_render_hook()
    live.stop()
    assert waits
    assert "said" in text.getvalue()


def test_the_frame_doesnt_take_the_colour_of_a_line() -> None:
    text = io.StringIO()
    live = started(text)
    live.print_above((Line("gone", Tone.DANGER),))
    live.stop()
    assert "\x1b[31mgone\x1b[0m" in text.getvalue()
    assert text.getvalue().count("\x1b[31m") == 1
