"""Starts, finds and stops the sandbox of a state directory. It lives on between commands."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from ocpprov.sandbox.admin import SandboxAdmin

_RECORD = "sandbox.json"
_LOG = "server.log"
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0


class SandboxMissing(Exception):
    """What the sandbox is made of isn't installed."""

    def __init__(self) -> None:
        super().__init__(
            "the sandbox needs moto, which isn't installed; install it with: pip install 'ocpprov[sandbox]'"
        )


class SandboxFailed(Exception):
    """The sandbox didn't start, or doesn't stop."""


@dataclass(frozen=True)
class Running:
    """A sandbox that answers. `scale` is how many seconds of AWS's time pass in one second."""

    endpoint_url: str
    pid: int
    scale: float


def default_state_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Where a user's sandbox keeps its record: `$XDG_STATE_HOME/ocpprov/sandbox`, by default in `~/.local/state`."""
    home = Path(environ.get("HOME") or Path.home())
    # The XDG base directory specification: a path that isn't absolute is as good as none.
    state = Path(environ.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else home / ".local" / "state") / "ocpprov" / "sandbox"


def start(state_dir: Path, *, scale: float = 50, delays: bool = True, port: int = 0) -> Running:
    """The sandbox of this directory, started if there is none yet; one that runs is left as it is.

    `scale` is how many seconds of AWS's time pass in one; without `delays` nothing takes time; port 0 takes a free one.
    Raises SandboxMissing when moto isn't installed, SandboxFailed when the server doesn't come up.
    """
    state_dir = state_dir.absolute()
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(state_dir):
        return running(state_dir) or _start(state_dir, scale, delays, port)


def running(state_dir: Path) -> Running | None:
    """The sandbox of this directory, if it answers. A record that outlived its process counts for nothing."""
    try:
        record = Running(**json.loads((state_dir / _RECORD).read_text()))
        status = SandboxAdmin(record.endpoint_url, timeout=5).status()
    except (OSError, ValueError, TypeError):
        return None
    # Another server may listen on the port by now.
    return record if status.get("pid") == record.pid else None


def stop(state_dir: Path) -> bool:
    """Ends the sandbox of this directory; False when there was none. Raises SandboxFailed when it won't end."""
    found = running(state_dir)
    if found:
        with suppress(ProcessLookupError):
            os.kill(found.pid, signal.SIGTERM)
        _wait_for_end(state_dir, found)
    (state_dir / _RECORD).unlink(missing_ok=True)
    return found is not None


def reset(state_dir: Path) -> bool:
    """Empties the sandbox of this directory; False when there is none."""
    found = running(state_dir)
    if found:
        SandboxAdmin(found.endpoint_url).reset()
    return found is not None


def _start(state_dir: Path, scale: float, delays: bool, port: int) -> Running:
    if find_spec("moto") is None or find_spec("flask") is None:
        raise SandboxMissing
    port_file = state_dir / "port"
    port_file.unlink(missing_ok=True)
    arguments = ["--port", str(port), "--port-file", str(port_file), "--scale", str(scale), "--detach"]
    if not delays:
        arguments.append("--no-delays")
    _launch(state_dir / _LOG, arguments)
    url = f"http://127.0.0.1:{int(port_file.read_text())}"
    record = Running(url, SandboxAdmin(url).status()["pid"], scale)
    _write_private(state_dir / _RECORD, json.dumps(asdict(record)))
    return record


def _launch(log: Path, arguments: list[str]) -> None:
    """Returns once the server listens. It mustn't depend on, nor keep busy, the directory where the command ran."""
    command = [sys.executable, "-P", "-m", "ocpprov.sandbox.server", *arguments]
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    with log.open("wb") as output:
        try:
            done = subprocess.run(  # noqa: S603 - our own module, by our own interpreter
                command,
                cwd=log.parent,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                timeout=_START_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as expired:
            raise SandboxFailed(f"the sandbox didn't start within {_START_SECONDS:.0f} s; see {log}") from expired
    if done.returncode:
        last = log.read_text(errors="replace").strip().splitlines()[-1:]
        raise SandboxFailed(f"the sandbox didn't start: {' '.join(last) or 'it ended at once'}; see {log}")


def _wait_for_end(state_dir: Path, found: Running) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    while running(state_dir):
        if time.monotonic() > deadline:
            raise SandboxFailed(f"the sandbox (process {found.pid}) doesn't end; end it with: kill -9 {found.pid}")
        time.sleep(0.05)


@contextmanager
def _alone(state_dir: Path) -> Iterator[None]:
    """Two commands that start the sandbox at once get the same one."""
    with (state_dir / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_private(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)
