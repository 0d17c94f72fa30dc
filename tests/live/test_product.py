"""ocpprov as a process of its own, that hears of signals through whoever runs it, and doesn't outlive them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from live.interruption import Interrupted
from live.product import Commands


def standing_in(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell script in place of Python."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    monkeypatch.setattr("live.product.sys.executable", str(path))


def test_what_it_writes_is_said_and_its_exit_code_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standing_in('echo "$@"; echo "in $PWD" >&2; exit 3', tmp_path, monkeypatch)
    said: list[str] = []
    assert Commands(tmp_path, said.append, ["--sandbox"]).run("destroy", "a plan.json") == 3
    assert said == [
        "\n$ ocpprov destroy 'a plan.json' --sandbox",
        "-m live.child destroy a plan.json --sandbox",
        f"in {tmp_path}",
    ]


def test_a_signal_here_ends_it_as_ctrl_c_would_and_its_last_words_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing_in("trap 'echo stopped; exit 130' TERM; echo ready; while :; do sleep 0.02; done", tmp_path, monkeypatch)
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if text == "ready":
            raise Interrupted("SIGINT")

    with pytest.raises(Interrupted):
        Commands(tmp_path, say).run("apply")
    assert said == ["\n$ ocpprov apply", "ready", "stopped"]


def test_the_log_tells_how_many_calls_changed_something(tmp_path: Path) -> None:
    commands = Commands(tmp_path, print)
    assert commands.changes("lab") == 0
    log = tmp_path / ".ocpprov" / "lab" / "log.jsonl"
    log.parent.mkdir(parents=True)
    log.write_text(
        "".join(json.dumps(row) + "\n" for row in ({"mutating": True}, {"mutating": False}, {}, {"mutating": True}))
    )
    assert commands.changes("lab") == 2


@pytest.mark.torture
def test_it_ends_when_whoever_runs_it_is_gone(tmp_path: Path) -> None:
    """However they ended, their end of the pipe is closed."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", "from live.child import _follow; _follow()"],
        stdin=reading,
        cwd=Path(__file__).parents[2],
    )
    os.close(reading)
    assert process.poll() is None
    os.close(writing)
    assert process.wait(30) == -signal.SIGTERM
