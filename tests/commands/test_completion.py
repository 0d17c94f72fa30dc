"""What a shell gets to complete a command line, and what the program then answers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import get_completion_class
from click.testing import CliRunner

from ocpprov.cli.verbs import main

MARKS = {
    "bash": "complete -o nosort -F _ocpprov_completion ocpprov",
    "zsh": "#compdef ocpprov",
    "fish": "complete --no-files",
}


@pytest.mark.parametrize("shell", MARKS)
def test_each_shell_gets_its_script(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert (result.exit_code, result.stderr) == (0, "")
    assert MARKS[shell] in result.stdout
    assert f"_OCPPROV_COMPLETE={shell}_complete" in result.stdout
    made = get_completion_class(shell)
    assert made is not None
    assert result.stdout.strip() == made.source(made(main, {}, "ocpprov", "_OCPPROV_COMPLETE")).strip()


def test_another_shell_is_refused() -> None:
    assert CliRunner().invoke(main, ["completion", "csh"]).exit_code == 2


def completed(words: list[str], part: str) -> list[tuple[str, str]]:
    found = get_completion_class("bash")
    assert found is not None
    return [(each.type, each.value) for each in found(main, {}, "ocpprov", "x").get_completions(words, part)]


def test_commands_options_choices_and_files_are_completed() -> None:
    assert completed([], "pr") == [("plain", "preflight")]
    assert completed(["sandbox"], "st") == [("plain", "start"), ("plain", "stop")]
    assert ("plain", "--detailed-exitcode") in completed(["plan"], "--de")
    assert completed(["plan"], "pro") == [("file", "pro")]
    assert completed(["apply", "prod.yaml", "--color"], "al") == [("plain", "always")]
    assert completed(["completion"], "f") == [("plain", "fish")]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash isn't here")
def test_in_a_real_bash(tmp_path: Path) -> None:
    """One shell for all: the others' scripts are the same library's."""
    program = "from ocpprov.cli.verbs import main; main(prog_name='ocpprov')"
    (tmp_path / "ocpprov").write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{program}" "$@"\n')
    (tmp_path / "ocpprov").chmod(0o755)
    script = """
eval "$(ocpprov completion bash)"
COMP_WORDS=(ocpprov out) COMP_CWORD=1
_ocpprov_completion ocpprov
printf '%s ' "${COMPREPLY[@]}"
"""
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(["bash", "-c", script], env=environ, capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout, done.stderr) == ("outputs ", "")
