"""What leaves a command for the screen: lines, with nothing in them that a terminal obeys."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsMessage
from ocpprov.aws.retry import Retry
from ocpprov.checks.result import failed
from ocpprov.cli.running import speaking
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.actions import Action, Actions, Change, Unmanaged, Verb
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Owner
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.kinds.registry import KINDS
from ocpprov.ui.check_lines import check_lines
from ocpprov.ui.lines import Line
from ocpprov.ui.plan_view import PlanView
from ocpprov.ui.progress import Heading
from ocpprov.ui.run_progress import Durations, RunProgress
from ocpprov.ui.table import table

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
EVIL = "X\x1bc\n0 to create, 0 to delete\u202e"


def actions_of(text: str) -> Actions:
    action = Action(text, "AWS::EC2::VPC", Verb.UPDATE, text, [Change(f"Tags.{text}", text, "b")], reason=text)
    return Actions(OWNER, Graph({}, {}), [action], [], {}, [Unmanaged(text, text)], [text])


def test_a_plan_has_as_many_lines_as_it_tells(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal("ocpprov").say_lines(PlanView(actions_of("X"), KINDS).lines())
    harmless = capsys.readouterr().err
    Terminal("ocpprov").say_lines(PlanView(actions_of(EVIL), KINDS).lines())
    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == len(harmless.splitlines())
    assert all(line.isprintable() for line in shown.splitlines())
    assert r"X\x1bc\x0a0 to create, 0 to delete\u202e" in shown


# What begins so is a tag of ours, which a plan only counts.
@given(st.text(st.characters(), min_size=1, max_size=20).filter(lambda text: not text.startswith("ocpprov:")))
def test_whatever_is_written_somewhere_adds_no_line(text: str) -> None:
    lines: list[Line] = []
    terminal = Terminal("ocpprov")
    terminal._write = lines.append
    terminal.say_lines(PlanView(actions_of(text), KINDS).lines())
    terminal.say_lines(check_lines([failed("id", text, text)]))
    terminal.say_lines(table({text: text}))
    terminal.on_retry(Retry(text, ErrorClass.THROTTLED, AwsMessage(text, text, text), 1, 2.0))
    terminal.say(f"deleted   {text}")
    said = [line.text for line in lines]
    assert len("\n".join(said).splitlines()) == len(said) == 6 + 3 + 1 + 1 + 1
    assert "\x1b" not in "".join(said)


def test_results_are_filtered_too_and_documents_stay_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal("ocpprov").result(table({"Name": EVIL}))
    assert capsys.readouterr().out == "Name  X\\x1bc\\x0a0 to create, 0 to delete\\u202e\n"
    Terminal("ocpprov").result_json({"Name": f"{EVIL}\x7f"})
    document = capsys.readouterr().out
    assert json.loads(document) == {"Name": f"{EVIL}\x7f"}
    assert all(line.isprintable() for line in document.splitlines())


def test_a_quiet_terminal_holds_back_what_is_said_until_somebody_needs_it(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal("ocpprov", quiet=True)
    terminal.say("reading")
    terminal.view(RunProgress(Durations({})), Heading(), as_json=False).emit(
        Event(EventKind.EXISTS, 0.0, "VPC", "AWS::EC2::VPC", "vpc-1")
    )
    terminal.view(RunProgress(Durations({})), Heading(), as_json=False).emit(
        Event(EventKind.FAILED, 0.0, "NAT", "AWS::EC2::NatGateway")
    )
    terminal.result(["the result"])
    before = capsys.readouterr()
    terminal.tell_all()
    terminal.say("at once")
    assert (before.out, before.err) == ("the result\n", "")
    assert capsys.readouterr().err == "reading\nfailed    NAT\nat once\n"


def test_a_quiet_terminal_shows_what_it_asks_about(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    terminal = Terminal("ocpprov", quiet=True)
    terminal.say("1 to delete")
    with pytest.raises(Refused, match="not confirmed"):
        terminal.confirm("Apply this?", "yes")
    assert capsys.readouterr().err == "1 to delete\nApply this? (type yes) "


def test_what_is_said_after_ctrl_c_at_a_question_begins_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def left() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin.readline", left, raising=False)
    with pytest.raises(KeyboardInterrupt):
        Terminal("ocpprov").confirm("Apply this?", "yes")
    assert capsys.readouterr().err == "Apply this? (type yes) \n"


def test_a_quiet_command_that_is_interrupted_says_what_it_held_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["ocpprov", "apply", "lab.yaml", "-q"])

    def command(terminal: Terminal) -> ExitCode:
        terminal.say("stopping")
        raise Interrupted

    with pytest.raises(Interrupted):
        speaking({"quiet": True}, command)
    assert capsys.readouterr().err == "stopping\n"


def test_what_is_waited_for_is_shown_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal("ocpprov")
    terminal.keep(SecretTexts({"Pool": ["not-to-be-shown"]}))
    terminal.waiting(Heading(plain=True), 60).show(["name not-to-be-shown.test"], 0)
    terminal.say("said later")
    quiet = Terminal("ocpprov", quiet=True)
    quiet.waiting(Heading(plain=True), 60).show(["nobody hears of it"], 0)
    assert capsys.readouterr().err == "waiting   0 s of 60 s: name ****.test\nsaid later\n"
