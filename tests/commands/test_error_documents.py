"""A refusal or a failure as programs read it: place, detail, remedy; a document, or the last events of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ocpprov.cli.running import run_command
from ocpprov.cli.verbs import main
from ocpprov.commands.error_documents import error_document, refusal_events
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.refusals import problems_in
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.problem import Problem
from ocpprov.runs.private_files import Untrusted

PLAN = {"name": "lab", "region": "eu-west-1", "Resources": {"VPC": {"Type": "AWS::EC2::VPC", "Propertys": {}}}}
FIRST = Problem("plan.yaml:1:1", "name is missing", "write one")
SECOND = Problem("", "the account is another")


def test_the_first_error_has_a_place_of_its_own_and_all_are_listed() -> None:
    first = {"place": "plan.yaml:1:1", "detail": "name is missing", "remedy": "write one"}
    second = {"place": "", "detail": "the account is another", "remedy": ""}
    assert error_document([FIRST, SECOND]) == {"error": first, "errors": [first, second]}


def test_a_refused_run_ends_in_its_errors_and_the_last_event() -> None:
    first, second, last = refusal_events([FIRST, SECOND], 7.0, 1.26)
    assert [each.kind.value for each in (first, second, last)] == ["error", "error", "finished"]
    assert second.detail == {"error": {"place": "", "detail": "the account is another", "remedy": ""}}
    summary = {"create": 0, "update": 0, "replace": 0, "delete": 0, "keep": 0}
    counts = {"ok": False, "summary": summary, "seconds": 1.3, "calls": {}, "unproven": []}
    assert last.detail == {**counts, **error_document([FIRST, SECOND])}
    assert {each.time for each in (first, second, last)} == {7.0}


def test_each_error_that_refuses_says_its_problems() -> None:
    assert problems_in(Refused(FIRST, "no")) == [FIRST, Problem("", "no")]
    assert problems_in(Untrusted(Path("x/y"), "others may write to it")) == [Problem("x/y", "others may write to it")]


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.json").write_text(json.dumps(PLAN, indent=1))


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("verb", ["validate", "preflight", "plan", "outputs"])
def test_a_wrong_plan_is_a_document(verb: str) -> None:
    result = run(verb, "plan.json", "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 2
    assert document["error"] == document["errors"][0]
    assert document["error"]["place"].startswith("plan.json:")
    assert document["error"]["detail"]
    assert result.stderr.startswith(document["error"]["place"])


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("arguments", [["apply", "plan.json"], ["destroy"], ["apply"], ["destroy", "--nosuch"]])
def test_for_a_run_it_is_the_last_event(arguments: list[str]) -> None:
    result = run(*arguments, "--json")
    *errors, last = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 2
    assert {each["event"] for each in errors} == {"error"}
    assert [each["error"] for each in errors] == last["errors"]
    assert (last["event"], last["ok"], last["error"]) == ("finished", False, last["errors"][0])


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(("flag", "code"), [([], 2), (["--detailed-exitcode"], 1)])
def test_a_wrong_command_line_is_a_document(flag: list[str], code: int) -> None:
    result = run("plan", "plan.json", "--json", "--wrongly", *flag)
    assert result.exit_code == code
    document = json.loads(result.stdout)
    assert document["error"] == {
        "place": "command line",
        "detail": "No such option '--wrongly'.",
        "remedy": "see ocpprov plan --help",
    }
    assert "No such option" in result.stderr


@pytest.mark.usefixtures("broken")
def test_without_the_flag_stdout_stays_empty() -> None:
    assert run("validate", "plan.json").stdout == ""
    assert run("plan", "plan.json", "--nosuch").stdout == ""


def test_an_interrupt_is_an_error_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    codes: list[int] = []
    monkeypatch.setattr("os._exit", codes.append)

    def command() -> ExitCode:
        raise Interrupted

    with pytest.raises(SystemExit):
        run_command({"as_json": True}, command)
    assert codes == [130]
    assert json.loads(capsys.readouterr().out)["error"] == {
        "place": "",
        "detail": "interrupted",
        "remedy": "run the same command again",
    }


def test_an_interrupt_before_a_command_has_begun_is_an_event_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ocpprov.cli.verbs.run_command", interrupted)
    result = run("apply", "plan.json", "--json")
    error, last = map(json.loads, result.stdout.splitlines())
    assert (result.exit_code, error["error"]["detail"], last["ok"]) == (130, "interrupted", False)
    assert run("apply", "plan.json").stdout == ""
