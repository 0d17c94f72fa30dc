"""A sandbox that lives on between commands."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ocpprov.sandbox import control
from tests.sandbox.world import World, soon


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A state directory, with no sandbox left in the end."""
    directory = tmp_path / "deep" / "sandbox"
    yield directory
    control.stop(directory)


def _lives(pid: int) -> bool:
    """Whether the process is there, and not just waiting to be counted out."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_it_lives_across_processes_by_a_private_record_that_may_outlive_it(state: Path) -> None:
    code = "import pathlib, sys; from ocpprov.sandbox import control; control.start(pathlib.Path(sys.argv[1]), scale=7)"
    subprocess.run([sys.executable, "-c", code, str(state)], check=True)
    found = control.running(state)
    assert found is not None
    record = state / "sandbox.json"
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    assert json.loads(record.read_text()) == {"endpoint_url": found.endpoint_url, "pid": found.pid, "scale": 7}
    assert World(found.endpoint_url).vpc()
    assert control.start(state, scale=50) == found
    assert control.reset(state)
    os.kill(found.pid, signal.SIGKILL)
    soon(lambda: control.running(state) is None)
    assert record.exists()
    another = control.start(state)
    assert another.pid != found.pid
    assert control.stop(state)
    soon(lambda: not _lives(another.pid), seconds=1)
    assert control.running(state) is None
    assert not control.stop(state)
    assert not control.reset(state)


def test_two_that_start_it_at_once_anywhere_get_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    state = Path("state")
    try:
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(lambda _: control.start(state), range(2))
        assert first == second == control.running(state)
    finally:
        control.stop(state)


def test_a_record_that_makes_no_sense_is_none(tmp_path: Path) -> None:
    (tmp_path / "sandbox.json").write_text("[1]")
    assert control.running(tmp_path) is None


def test_without_moto_it_says_what_to_install(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "find_spec", lambda _: None)
    with pytest.raises(control.SandboxMissing, match=r"pip install 'ocpprov\[sandbox\]'"):
        control.start(state)


def test_a_server_that_does_not_start_is_told(state: Path) -> None:
    state.mkdir(parents=True)
    with pytest.raises(control.SandboxFailed, match="invalid int value"):
        control._launch(state / "server.log", ["--port", "x"])


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"HOME": "/home/u"}, "/home/u/.local/state/ocpprov/sandbox"),
        ({"HOME": "/home/u", "XDG_STATE_HOME": "/var/s"}, "/var/s/ocpprov/sandbox"),
        ({"HOME": "/home/u", "XDG_STATE_HOME": "relative"}, "/home/u/.local/state/ocpprov/sandbox"),
    ],
)
def test_where_it_keeps_its_record(environ: dict[str, str], expected: str) -> None:
    assert control.default_state_dir(environ) == Path(expected)
