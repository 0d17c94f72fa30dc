"""What is missing, as people see it: a line now and then, or in its place on a terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console

from ocpprov.ui.lines import Line
from ocpprov.ui.progress import Heading
from ocpprov.ui.wait_view import WaitView


def said(*looks: tuple[float, Sequence[str]], heading: Heading = Heading()) -> list[str]:  # noqa: B008
    stream = io.StringIO()
    view = WaitView(Console(file=stream, width=100), heading, 1800)
    for seconds, missing in looks:
        view.show(missing, seconds)
    view.close()
    return stream.getvalue().splitlines()


def test_a_line_when_something_else_is_missing_and_one_a_minute() -> None:
    assert said(
        (0, ["no router"]),
        (10, ["no router"]),
        (50, ["no router"]),
        (60, ["no router"]),
        (70, ["no name", "no zone", "nothing"]),
        (80, []),
    ) == [
        "waiting   0 s of 30 min: no router",
        "waiting   60 s of 30 min: no router",
        "waiting   70 s of 30 min: no name, and 2 more",
    ]


def test_what_a_terminal_obeys_is_filtered() -> None:
    assert said((0, ["evil \x1b[2J name"])) == ["waiting   0 s of 30 min: evil \\x1b[2J name"]


def test_what_isnt_to_be_shown_is_hidden_on_both_ways() -> None:
    for terminal in (False, True):
        stream = io.StringIO()
        console = Console(file=stream, width=60, force_terminal=terminal, _environ={"TERM": "xterm"})
        view = WaitView(console, Heading(), 1800, lambda text: text.replace("secret", "****"))
        view.show(["no secret name"], 0)
        view.leave()
        assert "no **** name" in stream.getvalue()
        assert "secret" not in stream.getvalue()


def test_on_a_terminal_it_is_redrawn_in_its_place() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=60, force_terminal=True, _environ={"TERM": "xterm"})
    view = WaitView(console, Heading("wait api prod"), 1800)
    view.show([f"thing {number} \x1b[2J" for number in range(10)], 130)
    view.close()
    text = stream.getvalue()
    assert "wait api prod  2 min of 30 min" in text
    assert "thing 7 \\x1b[2J" in text
    assert "thing 8" not in text
    assert "and 2 more" in text
    before = len(text)
    view.show(["late"], 140)
    view.say(Line("a line"))
    assert stream.getvalue()[before:].endswith("a line\n")


def test_whoever_leaves_hears_what_was_missing() -> None:
    stream = io.StringIO()
    view = WaitView(Console(file=stream, width=100), Heading(), 1800)
    view.leave()
    assert stream.getvalue() == ""
    view.show(["no router", "no name"], 20)
    view.leave()
    assert stream.getvalue().splitlines()[-1] == "still missing after 20 s: no router, and 1 more"
