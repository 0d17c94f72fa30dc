"""The live view leaves nothing behind, and whatever is said while it lives is on the screen, line by line."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ocpprov.engine.events import Event, EventKind
from ocpprov.ui.lines import Line
from ocpprov.ui.progress import JsonLines, PipeSafeView, Progress
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
    view.say(Line("first"))
    for number in range(flying):
        view.emit(started(number))
    view.say(Line("second"))
    view.emit(Event(EventKind.EXISTS, 0.0, "VPC", "AWS::EC2::VPC", "vpc-1"))
    view.say(Line("^C^C third"))
    view.close()
    view.emit(Event(EventKind.EXISTS, 0.0, "Late", "AWS::EC2::VPC", "vpc-2"))
    view.say(Line("last"))
    assert screen.rows() == ["first", "second", "created   VPC vpc-1", "^C^C third", "last"]


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_whatever_is_in_an_event_is_one_line(resource: str, type_: str, id: str, reason: str) -> None:
    stream = io.StringIO()
    view = Progress(Console(file=stream, force_terminal=False, width=COLUMNS))
    view.emit(Event(EventKind.FAILED, 0.0, resource, type_, id, detail={"reason": reason}))
    view.say(Line(reason))
    view.close()
    assert len(stream.getvalue().splitlines()) == 2
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("name", ["[red]", "[/]", "[link=x]y", "\x1b[2J", "a\nb"])
def test_a_name_in_the_table_is_no_markup_and_no_command(name: str) -> None:
    view, screen = on_terminal()
    view.say(Line("first"))
    view.emit(started(0, name))
    view.say(Line("second"))
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


ROW = ("EIP", "AWS::EC2::EIP", "eip-1")


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (EventKind.EXISTS, "created   EIP eip-1"),
        (EventKind.READY, "ready     EIP eip-1"),
        (EventKind.UPDATED, "updated   EIP eip-1"),
        (EventKind.DELETED, "deleted   EIP eip-1"),
        (EventKind.FORGOTTEN, "forgotten EIP eip-1"),
        (EventKind.ADOPTED, "adopted   EIP eip-1"),
        (EventKind.FAILED, "failed    EIP eip-1"),
        (EventKind.SKIPPED, "skipped   EIP eip-1"),
        (EventKind.RETRYING, "retrying  EIP eip-1"),
        (EventKind.IN_DOUBT, "in-doubt  EIP eip-1"),
        (EventKind.NOTE, "note      EIP eip-1"),
        *((kind, "") for kind in (EventKind.STARTED, EventKind.WAITING, EventKind.FINISHED, EventKind.HANDED_OVER)),
        (EventKind.PLANNED, ""),
    ],
)
def test_each_event_has_its_line_or_none(kind: EventKind, line: str) -> None:
    stream = io.StringIO()
    view = Progress(Console(file=stream, force_terminal=False, width=COLUMNS))
    view.emit(Event(kind, 0.0, *ROW))
    assert stream.getvalue() == (f"{line}\n" if line else "")


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Event(EventKind.FAILED, 0.0, "A", detail={"reason": "so", "code": "Code"}), "failed    A  so"),
        (Event(EventKind.RETRYING, 0.0, "A", detail={"code": "Throttling"}), "retrying  A  Throttling"),
        (Event(EventKind.NOTE, 0.0, "", "AWS::EC2::VPC"), "note      AWS::EC2::VPC"),
    ],
)
def test_a_line_says_whose_and_why(event: Event, line: str) -> None:
    stream = io.StringIO()
    Progress(Console(file=stream, force_terminal=False, width=COLUMNS)).emit(event)
    assert stream.getvalue() == f"{line}\n"


def table_of(view: Progress) -> list[str]:
    """What is in flight, as a terminal of 80 columns shows it."""
    stream = io.StringIO()
    Console(file=stream, force_terminal=False, width=COLUMNS).print(view._table())
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_the_table_has_what_is_in_flight_with_what_it_waits_for() -> None:
    view, _ = on_terminal()
    view.emit(started(1, "Nat"))
    view.emit(started(2, "Nat"))
    view.emit(Event(EventKind.WAITING, 0.0, "Nat2", "AWS::EC2::NatGateway", detail={"reason": "pending"}))
    # The same name in another type is another resource.
    view.emit(Event(EventKind.DELETED, 0.0, "Nat1", "AWS::EC2::EIP"))
    assert table_of(view) == [
        "…  Nat1  create   AWS::EC2::NatGateway",
        "…  Nat2  pending  AWS::EC2::NatGateway",
    ]
    for kind in (EventKind.RETRYING, EventKind.IN_DOUBT, EventKind.NOTE):
        view.emit(Event(kind, 0.0, "Nat1", "AWS::EC2::NatGateway"))
    assert len(table_of(view)) == 2
    view.emit(Event(EventKind.EXISTS, 0.0, "Nat1", "AWS::EC2::NatGateway"))
    assert table_of(view) == ["…  Nat2  pending  AWS::EC2::NatGateway"]
    view.close()


def test_a_table_of_many_says_how_many_more() -> None:
    view, _ = on_terminal()
    for number in range(12):
        view.emit(started(number, "R"))
    assert [row.split()[1] for row in table_of(view)] == [f"R{number}" for number in range(12)]
    for number in (12, 13):
        view.emit(started(number, "R"))
    rows = table_of(view)
    assert len(rows) == 13
    assert rows[11].split() == ["…", "R11", "create", "AWS::EC2::NatGateway"]
    assert rows[12].split() == ["and", "2", "more"]
    view.close()


def test_a_program_gets_what_is_known_of_an_event_and_no_more() -> None:
    stream = io.StringIO()
    view = JsonLines(stream)
    view.emit(Event(EventKind.EXISTS, 1.5, "VPC", "AWS::EC2::VPC", "vpc-1", {"seconds": 2}))
    view.emit(Event(EventKind.FINISHED, 2.0, detail={"ok": True}))
    assert stream.getvalue() == (
        '{"event": "exists", "time": "1970-01-01T00:00:01.500+00:00", "resource": "VPC", "type": "AWS::EC2::VPC", '
        '"id": "vpc-1", "seconds": 2}\n'
        '{"event": "finished", "time": "1970-01-01T00:00:02.000+00:00", "ok": true}\n'
    )


class Broken:
    """A view that nobody reads any more, after so many events."""

    def __init__(self, error: BaseException, after: int = 0) -> None:
        self._error = error
        self._after = after
        self.emitted = 0

    def emit(self, event: Event) -> None:
        if self.emitted >= self._after:
            raise self._error
        self.emitted += 1

    def close(self) -> None:
        raise self._error


@pytest.mark.parametrize(
    "error", [BrokenPipeError(), ValueError("closed"), SystemExit(1)], ids=lambda e: type(e).__name__
)
def test_a_view_that_nobody_reads_is_left_and_nobody_hears_of_it(error: BaseException) -> None:
    inner = Broken(error, after=1)
    view = PipeSafeView(inner)
    for number in range(3):
        view.emit(started(number))
    inner._after = 9
    view.emit(started(4))
    view.close()
    assert inner.emitted == 1


def test_a_mistake_in_a_view_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        PipeSafeView(Broken(KeyError("x"))).emit(started(1))
