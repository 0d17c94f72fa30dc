"""The tutorial, command by command, and the README's demo: what they show is what is seen, but for what … is for."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.local import LocalOperator
from tests.test_documents import ROOT, blocks

TUTORIAL: Final = "docs/tutorial.md"


@dataclass(frozen=True)
class Step:
    """A command of the tutorial, and the lines that it shows of its output."""

    command: str
    shown: str

    @property
    def pattern(self) -> str:
        """What the output has to match."""
        return pattern(self.shown)


def pattern(shown: str) -> str:
    """What an output has to match as a whole: a line … is any lines, a … within one is any of its text."""
    lines = [r"(?:.*\n)*?" if line == "…" else _line(line) for line in shown.splitlines()]
    return "".join(lines)


def _line(line: str) -> str:
    """A column is as wide as its longest word, which the environment may bring."""
    parts = [r"  +".join(map(re.escape, re.split(r" {2,}", part))) for part in line.split("…")]
    return ".*".join(parts) + r" *\n"


def steps() -> Iterator[Step]:
    """All commands of the tutorial, in order."""
    for block in blocks(TUTORIAL, "console"):
        for part in block.removeprefix("$ ").split("\n$ "):
            command, _, shown = part.partition("\n")
            yield Step(command, shown)


def in_the_shell(step: Step, folder: Path) -> None:
    """A command that isn't ours."""
    subprocess.run(["/bin/sh", "-c", step.command], cwd=folder, check=True, timeout=20)


def test_every_command_shows_what_the_tutorial_says(user: LocalOperator) -> None:
    before = user.aws.everything()
    for step in steps():
        words = shlex.split(step.command)
        if words[:2] == ["ocpprov", "sandbox"]:
            continue  # a process, which only the test below has
        if words[0] != "ocpprov":
            in_the_shell(step, user.folder)
            continue
        done = user.good(*words[1:])
        seen = [done.out + done.err, done.err + done.out]
        assert any(re.fullmatch(step.pattern, each) for each in seen), f"{step.command}:\n{seen[0]}"
    assert user.aws.everything() == before


@pytest.mark.torture
def test_it_runs_in_processes_before_the_sandbox_that_it_starts(tmp_path: Path) -> None:
    environ = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    try:
        for step in steps():
            shell = ["/bin/sh", "-c", f"{step.command} 2>&1"]
            done = subprocess.run(
                shell, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, f"{step.command}:\n{done.stdout}"
            assert re.fullmatch(step.pattern, done.stdout), f"{step.command}:\n{done.stdout}"
    finally:
        stop = ["ocpprov", "sandbox", "stop"]
        subprocess.run(stop, cwd=tmp_path, env=environ, check=False, capture_output=True, timeout=60)


@pytest.mark.torture
def test_the_demo_shows_what_the_readme_says() -> None:
    [shown] = [block for block in blocks("README.md", "text") if block.startswith("$ make demo\n")]
    make = ["/bin/sh", "-c", "make --no-print-directory demo 2>&1"]
    done = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout
    assert re.fullmatch(pattern(shown.removeprefix("$ make demo\n")), done.stdout), done.stdout
