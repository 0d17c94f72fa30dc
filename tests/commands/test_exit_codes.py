"""With `--detailed-exitcode` 2 means changes and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.problem import Problem

PLAN = {"name": "lab", "region": "eu-west-1", "Resources": {"VPC": {"Type": "AWS::EC2::VPC"}}}


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a plan in which a property is missing, and a shell without credentials."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.json").write_text(json.dumps(PLAN))
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))


ERRORS = {
    "a broken plan": ["broken.json"],
    "no file": ["nosuch.yaml"],
    "a wrong parameter": ["broken.json", "--parameter", "x"],
    "no plan": [],
    "a wrong option": ["broken.json", "--nosuch"],
    "a wrong value": ["broken.json", "--concurrency", "0"],
}


@pytest.mark.parametrize("arguments", ERRORS.values(), ids=ERRORS)
def test_an_error_is_one_with_the_flag_and_two_without(arguments: list[str]) -> None:
    with_flag = CliRunner().invoke(main, ["plan", *arguments, "--detailed-exitcode"])
    assert with_flag.exit_code == 1
    without = CliRunner().invoke(main, ["plan", *arguments])
    assert without.exit_code == 2
    assert without.stderr.replace(" --detailed-exitcode", "") == with_flag.stderr
    assert without.stderr.strip()


def test_errors_of_a_plan_are_a_line_each_whatever_is_in_them(tmp_path: Path) -> None:
    evil = "X\x1b[2J\nY"
    (tmp_path / "evil.json").write_text(json.dumps({**PLAN, evil: 1, "Resources": {evil: {"Type": evil}}}))
    result = CliRunner().invoke(main, ["plan", "evil.json"])
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert all(line.startswith("evil.json:") and line.isprintable() for line in lines), lines


EVIL = "X\n7 to create\x1b[2J\u2028"


def test_other_peoples_words_begin_no_line() -> None:
    refused = Refused(Problem(EVIL, EVIL, EVIL), EVIL, ("first", EVIL))
    assert len(refused.lines) == 4
    assert all(line.isprintable() for line in refused.lines)
    assert str(refused).splitlines() == [*refused.lines]
    # A program gets them as they are.
    assert refused.problems == [Problem(EVIL, EVIL, EVIL), Problem("", EVIL), Problem("", f"first\n{EVIL}")]


def test_each_text_of_a_refusal_is_masked_in_its_place() -> None:
    refused = Refused(Problem("a", "a", "a"), "a", ("a", "b")).masked(lambda text: text.replace("a", "****"))
    assert refused.lines == ["****: ****; ****", "****", "****", "b"]
    assert refused.problems[0] == Problem("****", "****", "****")
