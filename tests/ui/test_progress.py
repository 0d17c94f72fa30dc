"""The live view leaves nothing behind, and whatever is said while it lives is on the screen, line by line."""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.steps import Step, build_name
from ocpprov.ui.json_lines import JsonLines
from ocpprov.ui.lines import Line
from ocpprov.ui.progress import Heading, PipeSafeView, Progress
from ocpprov.ui.run_progress import Durations, RunProgress
from tests.support.screen import COLUMNS, LINES, Screen

TEXTS = st.text(st.characters(), max_size=12)
NAT = "AWS::EC2::NatGateway"
ROW = ("EIP", "AWS::EC2::EIP", "eip-1")


class Terminal(io.StringIO):
    """A stream that a terminal shows."""

    def __init__(self) -> None:
        super().__init__()
        self.screen = Screen()
        self.bytes = 0

    def write(self, text: str) -> int:
        data = text.replace("\n", "\r\n").encode(errors="surrogatepass")
        self.bytes += len(data)
        self.screen.feed(data)
        return len(text)


def a_run(*names: str) -> RunProgress:
    steps = [Step(name=build_name(name), type=NAT, logical_id=name) for name in names]
    return RunProgress(Durations({NAT: 90.0}, frozenset({NAT})), steps)


def view_on(stream: io.StringIO, run: RunProgress, *, verbose: bool = False, terminal: bool = False) -> Progress:
    console = Console(
        file=stream,
        force_terminal=terminal,
        width=COLUMNS,
        height=LINES,
        legacy_windows=False,
        _environ={"TERM": "xterm"},
    )
    return Progress(console, run, Heading("apply lab, 123456789012, eu-west-1, SANDBOX", verbose), lambda: 100.0)


def on_terminal(*names: str) -> tuple[Progress, Screen]:
    stream = Terminal()
    return view_on(stream, a_run(*names), terminal=True), stream.screen


def plain(*events: Event, verbose: bool = False) -> list[str]:
    stream = io.StringIO()
    view = view_on(stream, a_run("NAT", "EIP"), verbose=verbose)
    for event in events:
        view.emit(event)
    view.close()
    return stream.getvalue().splitlines()


def started(number: int, name: str = "PrivateGatewayOfTheMachinesInZone") -> Event:
    return Event(EventKind.STARTED, 0.0, f"{name}{number}", NAT, detail={"action": "create"})


@pytest.mark.parametrize("flying", [1, 3, 30])
def test_nothing_of_the_table_is_left(flying: int) -> None:
    view, screen = on_terminal(*map(str, range(flying)))
    view.say(Line("first"))
    for number in range(flying):
        view.emit(started(number))
    view.say(Line("second"))
    view.emit(Event(EventKind.FAILED, 0.0, "VPC", "AWS::EC2::VPC", "vpc-1"))
    view.say(Line("^C^C third"))
    view.close()
    view.emit(Event(EventKind.FAILED, 0.0, "Late", "AWS::EC2::VPC", "vpc-2"))
    view.say(Line("last"))
    assert screen.rows() == ["first", "second", "failed    VPC vpc-1", "^C^C third", "last"]


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_whatever_is_in_an_event_is_one_line(resource: str, type_: str, id: str, reason: str) -> None:
    stream = io.StringIO()
    view = view_on(stream, a_run("A"))
    view.emit(Event(EventKind.FAILED, 0.0, resource, type_, id, detail={"reason": reason}))
    view.say(Line(reason))
    view.close()
    assert len(stream.getvalue().splitlines()) == 2
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("name", ["[red]", "[/]", "[link=x]y", "\x1b[2J", "a\nb"])
def test_a_name_in_the_table_is_no_markup_and_no_command(name: str) -> None:
    view, screen = on_terminal("A")
    view.say(Line("first"))
    view.emit(started(0, name))
    view.say(Line("second"))
    view.close()
    assert screen.rows() == ["first", "second"]


def frame_of(view: Progress) -> list[str]:
    """What is below the lines, as a terminal of 80 columns shows it."""
    stream = io.StringIO()
    Console(file=stream, force_terminal=False, width=COLUMNS).print(view._frame())
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_the_frame_says_what_how_far_and_what_is_waited_for() -> None:
    view, _ = on_terminal("NAT", "Other")
    view.emit(Event(EventKind.EXISTS, 20.0, "Other", NAT, "nat-2"))
    view.emit(Event(EventKind.WAITING, 52.0, "NAT", NAT, detail={"reason": "until ready"}))
    view.emit(Event(EventKind.STARTED, 99.5, "Brief", "AWS::EC2::VPC", detail={"action": "create"}))
    for code in ("Throttling", "Throttling", "not ready"):
        view.emit(Event(EventKind.RETRYING, 60.0, "NAT", NAT, detail={"code": code}))
    view.say(Line("x"))
    head, bar, *rest = frame_of(view)
    view.close()
    assert head == "apply lab, 123456789012, eu-west-1, SANDBOX"
    assert re.fullmatch(r"━+ +1/2 0:00:0\d about 42 s left", bar)
    assert rest == [
        "   Other  until ready  80 s of about 90 s",
        "   NAT    until ready  48 s of about 90 s",
        "   tried again: Throttling 2, not ready 1",
    ]
    assert frame_of(view) == [""]


@pytest.mark.parametrize(("term", "plain"), [("dumb", False), ("xterm", True)])
def test_where_nothing_may_be_redrawn_there_are_lines_only(term: str, plain: bool) -> None:
    stream = Terminal()
    console = Console(file=stream, force_terminal=True, width=COLUMNS, height=LINES, _environ={"TERM": term})
    view = Progress(console, a_run("NAT"), Heading("apply", plain=plain), lambda: 100.0)
    view.emit(Event(EventKind.WAITING, 0.0, "NAT", NAT, detail={"reason": "until ready"}))
    view.close()
    assert stream.screen.rows() == ["waiting   NAT until ready, usually about 90 s"]


def test_a_long_name_leaves_room_for_what_is_waited_for_and_how_long() -> None:
    view, _ = on_terminal("A")
    name = "ExternalApiServerRecord/api.prod.example-corp.net A"
    view.emit(Event(EventKind.WAITING, 0.0, name, NAT, detail={"reason": "until ready"}))
    view.emit(Event(EventKind.STARTED, 50.0, "NAT", NAT, detail={"action": "create"}))
    rows = [row.split() for row in frame_of(view)[2:]]
    view.close()
    assert [row[1:] for row in rows] == [
        ["until", "ready", "100", "s", "of", "about", "90", "s"],
        ["create", "50", "s", "of", "about", "90", "s"],
    ]
    assert rows[0][0] == "ExternalApiServerRecord/api.pro…"


def test_of_many_that_are_waited_for_some_have_a_row() -> None:
    view, _ = on_terminal("A")
    for number in range(8):
        view.emit(started(number, "Nat"))
    rows = [row for row in frame_of(view) if "create" in row]
    assert len(rows) == 6
    assert "   and 2 more" in [row.rstrip() for row in frame_of(view)]
    view.close()


def test_a_minute_of_it_is_little_traffic() -> None:
    """At most 30 kB with all rows, and yet something moves within two seconds."""
    stream = Terminal()
    view = view_on(stream, a_run("A"), terminal=True)
    for number in range(8):
        view.emit(started(number))
    before = stream.bytes
    assert view._live
    assert view._live.refresh_per_second > 0.5
    for _ in range(round(60 * view._live.refresh_per_second)):
        view._live.refresh()
    assert 0 < stream.bytes - before < 30_000
    view.close()


def test_nothing_follows_the_last_event_of_programs() -> None:
    stream = io.StringIO()
    view = JsonLines(stream)
    view.close()
    view.emit(Event(EventKind.FINISHED, 0.0, detail={"ok": True, "said": "\x7f\x1b"}))
    view.emit(started(1))
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["said"] == "\x7f\x1b"
    assert line.isprintable()


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (EventKind.EXISTS, "created   EIP eip-1"),
        (EventKind.READY, "ready     EIP eip-1"),
        (EventKind.UPDATED, "updated   EIP eip-1"),
        (EventKind.DELETED, "deleted   EIP eip-1"),
        (EventKind.FORGOTTEN, "forgotten EIP eip-1"),
        (EventKind.ADOPTED, "adopted   EIP eip-1"),
    ],
)
def test_what_is_done_has_a_line_each_for_whoever_wants_all(kind: EventKind, line: str) -> None:
    assert plain(Event(kind, 0.0, *ROW), verbose=True) == [line]
    assert plain(Event(kind, 0.0, *ROW)) == []


@pytest.mark.parametrize("verbose", [True, False])
@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (EventKind.FAILED, "failed    EIP eip-1"),
        (EventKind.IN_DOUBT, "in-doubt  EIP eip-1"),
        (EventKind.NOTE, "note      EIP eip-1"),
        *((kind, "") for kind in (EventKind.STARTED, EventKind.FINISHED, EventKind.HANDED_OVER, EventKind.PLANNED)),
    ],
)
def test_what_went_wrong_is_always_told(kind: EventKind, line: str, verbose: bool) -> None:
    assert plain(Event(kind, 0.0, *ROW), verbose=verbose) == ([line] if line else [])


def test_elsewhere_than_on_a_terminal_waiting_begins_and_ends_with_a_line() -> None:
    wait = Event(EventKind.WAITING, 0.0, "NAT", NAT, "nat-1", detail={"reason": "until ready"})
    gone = Event(EventKind.WAITING, 0.0, "Old", NAT, "nat-0", detail={"reason": "until gone"})
    ready = Event(EventKind.READY, 90.0, "NAT", NAT, "nat-1")
    assert plain(Event(EventKind.EXISTS, 0.0, "NAT", NAT, "nat-1"), wait, wait, gone, ready) == [
        "waiting   NAT until ready, usually about 90 s",
        "waiting   Old until gone",
        "ready     NAT  (1 of 2 done)",
    ]


def test_a_cause_is_told_once_and_what_else_it_hit_is_counted() -> None:
    def failed(name: str, reason: str = "no credentials", kind: EventKind = EventKind.FAILED) -> Event:
        return Event(kind, 0.0, name, NAT, detail={"reason": reason})

    skipped = [failed(name, "because of A", EventKind.SKIPPED) for name in "DEF"]
    other = failed("G", "because of B", EventKind.SKIPPED)
    events = [failed("A"), failed("B"), failed("C"), failed("X", "another"), *skipped, other]
    assert plain(*events) == [
        "failed    A  no credentials",
        "failed    X  another",
        "failed    B and 1 more  for the same reason",
        "skipped   D and 2 more  because of A",
        "skipped   G  because of B",
    ]
    assert len(plain(*events, verbose=True)) == len(events)


def test_elsewhere_what_is_tried_again_is_told_once_and_counted() -> None:
    again = Event(EventKind.RETRYING, 0.0, detail={"code": "Throttling", "reason": "DescribeVpcs: Throttling: slow"})
    assert plain(again, again, again) == [
        "retrying  DescribeVpcs: Throttling: slow; more of it is only counted",
        "tried again: Throttling 3",
    ]
    assert len(plain(again, again, again, verbose=True)) == 3


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Event(EventKind.FAILED, 0.0, "A", detail={"reason": "so", "code": "Code"}), "failed    A  so"),
        (Event(EventKind.FAILED, 0.0, "A", detail={"code": "Throttling"}), "failed    A  Throttling"),
        (Event(EventKind.NOTE, 0.0, "", "AWS::EC2::VPC"), "note      AWS::EC2::VPC"),
    ],
)
def test_a_line_says_whose_and_why(event: Event, line: str) -> None:
    assert plain(event) == [line]


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
