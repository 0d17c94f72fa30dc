"""A sandbox that lives on between commands."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ocpprov.sandbox import control
from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.private_files import write_private
from ocpprov.sandbox.processes import Process, find_process
from ocpprov.sandbox.record import Running
from ocpprov.sandbox.server_process import SandboxFailed
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


def _environ(pid: int) -> str:
    """What the process was started with, where the system tells."""
    try:
        return Path(f"/proc/{pid}/environ").read_text(errors="replace")
    except FileNotFoundError:
        return ""


def test_it_lives_across_processes_by_a_private_record_that_may_outlive_it(state: Path) -> None:
    code = "import pathlib, sys; from ocpprov.sandbox import control; control.start(pathlib.Path(sys.argv[1]), scale=7)"
    environ = {**os.environ, "AWS_SECRET_ACCESS_KEY": "canary", "https_proxy": "http://u:canary@127.0.0.1:9"}
    subprocess.run([sys.executable, "-c", code, str(state)], env=environ, umask=0, check=True)
    found = control.running(state)
    assert found is not None
    assert "canary" not in _environ(found.pid)
    record = state / "sandbox.json"
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in [*state.iterdir(), state, state.parent]} == {
        **dict.fromkeys(("lock", "sandbox.json", "server.log"), 0o600),
        **dict.fromkeys(("deep", "sandbox"), 0o700),
    }
    assert json.loads(record.read_text()) == {
        "endpoint_url": found.endpoint_url,
        "pid": found.pid,
        "started": found.started,
        "scale": 7,
        "secret": found.secret,
    }
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
    write_private(tmp_path / "sandbox.json", "[1]")
    assert control.running(tmp_path) is None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs at which somebody is asked; all of them say that they are this process."""
    urls: list[str] = []

    def status(admin: SandboxAdmin) -> dict[str, int]:
        urls.append(admin.url)
        return {"pid": os.getpid()}

    monkeypatch.setattr(SandboxAdmin, "status", status)
    return urls


@pytest.fixture
def here() -> Process:
    """This process."""
    found = find_process(os.getpid())
    assert found is not None
    return found


def test_a_record_of_a_living_process_that_answers_counts(tmp_path: Path, asked: list[str], here: Process) -> None:
    kept = Running("http://127.0.0.1:1", here.pid, here.started, 50, "s3cret")
    write_private(tmp_path / "sandbox.json", kept.to_json())
    assert control.running(tmp_path) == kept
    assert asked == ["http://127.0.0.1:1"]


def test_whoever_took_port_and_number_of_what_has_ended_is_not_asked_nor_ended(
    tmp_path: Path, asked: list[str], here: Process
) -> None:
    record = tmp_path / "sandbox.json"
    write_private(record, Running("http://127.0.0.1:1", here.pid, here.started + "1", 50, "s3cret").to_json())
    assert control.running(tmp_path) is None
    assert not control.stop(tmp_path)
    assert asked == []
    assert not record.exists()


def test_a_record_that_others_may_write_counts_for_nothing(tmp_path: Path, asked: list[str], here: Process) -> None:
    record = tmp_path / "sandbox.json"
    record.write_text(Running("http://127.0.0.1:1", here.pid, here.started, 50, "s3cret").to_json())
    record.chmod(0o666)
    assert control.running(tmp_path) is None
    assert not control.stop(tmp_path)
    assert asked == []


@pytest.mark.parametrize("do", [control.start, control.running, control.stop, control.reset])
def test_a_folder_of_somebody_else_is_refused(
    do: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    said = rf"^the sandbox's folder can't be used: {tmp_path} belongs to another user \(uid \d+\); remove what is "
    with pytest.raises(SandboxFailed, match=said):
        do(tmp_path)


def test_without_moto_it_says_what_to_install(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "find_spec", lambda _: None)
    with pytest.raises(control.SandboxMissing, match=r"pip install 'ocpprov\[sandbox\]'"):
        control.start(state)


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
