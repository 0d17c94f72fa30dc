"""Which process a number means."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ocpprov.sandbox import processes
from ocpprov.sandbox.processes import Process, find_process, parse_ps, parse_stat


@pytest.fixture(params=["proc", "ps"])
def told_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By /proc, and as on a system that has none."""
    if request.param == "ps":
        if not shutil.which("/bin/ps"):
            pytest.skip("there is no /bin/ps")
        monkeypatch.setattr(processes, "_PROC", tmp_path)


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """A process to send signals to."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


@pytest.mark.usefixtures("told_by")
def test_a_process_gets_a_signal_until_it_ends(victim: subprocess.Popen[bytes]) -> None:
    found = find_process(victim.pid)
    assert found is not None
    assert found.pid == victim.pid
    assert found.lives()
    found.send(signal.SIGTERM)
    assert victim.wait(5) == -signal.SIGTERM
    assert not found.lives()
    found.send(signal.SIGTERM)


@pytest.mark.usefixtures("told_by")
def test_whoever_has_the_number_of_another_gets_none(victim: subprocess.Popen[bytes]) -> None:
    found = find_process(victim.pid)
    assert found is not None
    earlier = replace(found, started=found.started + "1")
    assert not earlier.lives()
    earlier.send(signal.SIGKILL)
    with pytest.raises(subprocess.TimeoutExpired):
        victim.wait(0.05)


@pytest.mark.usefixtures("told_by")
def test_what_waits_to_be_counted_out_has_ended(victim: subprocess.Popen[bytes]) -> None:
    os.kill(victim.pid, signal.SIGKILL)
    os.waitid(os.P_PID, victim.pid, os.WEXITED | os.WNOWAIT)
    assert find_process(victim.pid) is None


@pytest.mark.usefixtures("told_by")
def test_another_users_process_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_process(os.getpid()) is not None
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert find_process(os.getpid()) is None


@pytest.mark.parametrize("pid", [-1, 0, 1, -(2**40), 2**40])
def test_what_means_everybody_or_nobody_is_no_process(pid: int) -> None:
    assert find_process(pid) is None


def test_a_process_may_be_called_anything() -> None:
    after = " ".join(str(number) for number in range(4, 53))
    assert parse_stat(f"4711 (a) Z (b) R {after}") == ("R", "22")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("    0 S    Sun Nov 29 02:43:06 2026\n", (0, "S", "Sun Nov 29 02:43:06 2026")),
        ("  501 Ss   Sun Nov  1 02:43:06 2026    \n", (501, "Ss", "Sun Nov 1 02:43:06 2026")),
    ],
)
def test_what_ps_says(line: str, expected: tuple[int, str, str]) -> None:
    assert parse_ps(line) == expected


def test_two_are_the_same_by_number_and_start() -> None:
    assert find_process(os.getpid()) == find_process(os.getpid())
    assert Process(7, "1") != Process(7, "2")
