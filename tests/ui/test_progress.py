"""The live view leaves nothing behind, and whatever is said while it lives is on the screen, line by line."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ocpprov.engine.events import Event, EventKind
from ocpprov.ui.progress import JsonLines, Progress
from tests.support.screen import COLUMNS, LINES, Screen

TEXTS = st.text(st.characters(), max_size=12)


class Terminal(io.StringIO):
    """A stream that a terminal shows."""

    def __init__(self) -> None:
        super().__init__()
        self.screen = Screen()

    def write(self, text: str) -> int:
        self.screen.feed(text.replace("\n", "\r\n").encode(errors="surrogatepass"))
        return len(text)


def on_terminal() -> tuple[Progress, Screen]:
    stream = Terminal()
    console = Console(file=stream, force_terminal=True, width=COLUMNS, height=LINES, legacy_windows=False)
    return Progress(console), stream.screen


def started(number: int, name: str = "PrivateGatewayOfTheMachinesInZone") -> Event:
    return Event(EventKind.STARTED, 0.0, f"{name}{number}", "AWS::EC2::NatGateway", detail={"action": "create"})


@pytest.mark.parametrize("flying", [1, 3, 30])
def test_nothing_of_the_table_is_left(flying: int) -> None:
    view, screen = on_terminal()
    view.say("first")
    for number in range(flying):
        view.emit(started(number))
    view.say("second")
    view.emit(Event(EventKind.EXISTS, 0.0, "VPC", "AWS::EC2::VPC", "vpc-1"))
    view.say("^C^C third")
    view.close()
    view.emit(Event(EventKind.EXISTS, 0.0, "Late", "AWS::EC2::VPC", "vpc-2"))
    view.say("last")
    assert screen.rows() == ["first", "second", "created   VPC vpc-1", "^C^C third", "last"]


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_whatever_is_in_an_event_is_one_line(resource: str, type_: str, id: str, reason: str) -> None:
    stream = io.StringIO()
    view = Progress(Console(file=stream, force_terminal=False, width=COLUMNS))
    view.emit(Event(EventKind.FAILED, 0.0, resource, type_, id, detail={"reason": reason}))
    view.say(reason)
    view.close()
    assert len(stream.getvalue().splitlines()) == 2
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("name", ["[red]", "[/]", "[link=x]y", "\x1b[2J", "a\nb"])
def test_a_name_in_the_table_is_no_markup_and_no_command(name: str) -> None:
    view, screen = on_terminal()
    view.say("first")
    view.emit(started(0, name))
    view.say("second")
    view.close()
    assert screen.rows() == ["first", "second"]


def test_nothing_follows_the_last_event_of_programs() -> None:
    stream = io.StringIO()
    view = JsonLines(stream)
    view.close()
    view.emit(Event(EventKind.FINISHED, 0.0, detail={"ok": True, "said": "\x7f\x1b"}))
    view.emit(started(1))
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["said"] == "\x7f\x1b"
    assert line.isprintable()
