"""`ocpprov sandbox`, without starting one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from ocpprov.sandbox import control
from ocpprov.sandbox.private_files import PrivateFolder, write_private
from ocpprov.sandbox.record import Running


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The arguments that a server was launched with; it is as good as dead at once."""
    found: list[str] = []

    def launch(folder: PrivateFolder, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        assert environ is os.environ
        found.extend(arguments)
        write_private(folder.path / "sandbox.json", Running("http://127.0.0.1:1", 2**30, "1", 50, "s3cret").to_json())

    monkeypatch.setattr(control, "launch", launch)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return found


def test_what_is_said_on_the_command_line_reaches_the_server(launched: list[str], tmp_path: Path) -> None:
    names = ("--host", ".example.com", "--host", "other")
    ended = CliRunner().invoke(main, ["sandbox", "start", "--scale", "7", *names])
    assert (ended.exit_code, ended.output) == (
        0,
        f"the sandbox answers at http://127.0.0.1:1 (process {2**30}, clock 1:50)\n",
    )
    record = str(tmp_path / "ocpprov" / "sandbox" / "sandbox.json")
    assert launched == [
        *("--record", record, "--detach", "--port", "0", "--scale", "7.0", "--host=.example.com", "--host=other")
    ]


def test_a_name_that_can_be_none_is_refused(launched: list[str]) -> None:
    ended = CliRunner().invoke(main, ["sandbox", "start", "--host", "*.example.com"])
    assert ended.exit_code == 2
    assert "--host takes a name such as .example.com, without port, not '*.example.com'" in ended.output
    assert launched == []


@pytest.mark.parametrize("command", ["start", "stop", "reset"])
def test_a_folder_that_is_a_link_is_refused(command: str, launched: list[str], tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "ocpprov").mkdir()
    (tmp_path / "ocpprov" / "sandbox").symlink_to(tmp_path / "real")
    ended = CliRunner().invoke(main, ["sandbox", command])
    assert ended.exit_code == 2
    assert f"can't be used: {tmp_path}/ocpprov/sandbox is a symbolic link; remove what is in the way" in ended.output
    assert launched == []


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("stop", 0, "no sandbox was running"),
        ("reset", 2, "no sandbox is running; start one with ocpprov sandbox start"),
    ],
)
def test_where_none_runs_it_says_so(command: str, code: int, said: str, launched: list[str]) -> None:
    ended = CliRunner().invoke(main, ["sandbox", command])
    assert ended.exit_code == code
    assert said in ended.output
