"""The name of a run: what it says, and when it says that the run is over."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from hashlib import sha256

import pytest

from ocpprov.runs.run_id import RunId, host_hash, new_run_id, parse

NOON = 1_790_000_000.0


def test_it_names_start_host_and_process() -> None:
    text = new_run_id(NOON)
    assert re.fullmatch(rf"20260921T141320Z\.[0-9a-f]{{8}}\.{os.getpid()}\.[0-9a-f]{{8}}", text)
    assert parse(text) == RunId(NOON, host_hash(), os.getpid())


def test_two_runs_of_a_second_have_two_names() -> None:
    assert new_run_id(NOON) != new_run_id(NOON)


def test_a_start_has_whole_seconds_of_utc() -> None:
    assert parse(new_run_id(NOON + 0.9)) == RunId(NOON, host_hash(), os.getpid())


def test_a_host_is_told_apart_and_not_named() -> None:
    assert host_hash() == sha256(socket.gethostname().encode()).hexdigest()[:8]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20260921T141320Z.host.17",
        "20260921T141320Z.host.17.random.more",
        "20260921T141320.host.17.random",
        "20261321T141320Z.host.17.random",
        "20260921T141320Z.host.pid.random",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert parse(text) is None


def test_a_run_of_this_host_is_over_with_its_process() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert RunId(NOON, "here", ended.pid).dead(NOON, "here")
    assert not RunId(NOON, "here", os.getpid()).dead(NOON, "here")


def test_of_another_host_nobody_knows_for_an_hour() -> None:
    elsewhere = RunId(NOON, "there", 2**22 + 1)
    assert not elsewhere.dead(NOON + 3600, "here")
    assert elsewhere.dead(NOON + 3601, "here")
    assert RunId(NOON, "here", os.getpid()).dead(NOON + 3601, "here")


def test_a_process_of_somebody_else_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(pid: int, number: int) -> None:
        assert (pid, number) == (17, 0)
        raise PermissionError

    monkeypatch.setattr(os, "kill", forbidden)
    assert not RunId(NOON, "here", 17).dead(NOON, "here")
