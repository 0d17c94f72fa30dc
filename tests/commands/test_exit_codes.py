"""With `--detailed-exitcode` 2 means changes and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ocpprov.cli import main

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
