"""Starts, finds and stops the sandbox of a state directory. It lives on between commands."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from ocpprov.sandbox.private_files import PrivateFolder, private_folder
from ocpprov.sandbox.record import Running, parse_running
from ocpprov.sandbox.server_process import SandboxFailed, launch

_RECORD = "sandbox.json"
_STOP_SECONDS = 10.0


class SandboxMissing(Exception):
    """What the sandbox is made of isn't installed."""

    def __init__(self) -> None:
        super().__init__(
            "the sandbox needs moto, which isn't installed; install it with: pip install 'ocpprov[sandbox]'"
        )


def default_state_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Where a user's sandbox keeps its record: `$XDG_STATE_HOME/ocpprov/sandbox`, by default in `~/.local/state`."""
    home = Path(environ.get("HOME") or Path.home())
    # The XDG base directory specification: a path that isn't absolute is as good as none.
    state = Path(environ.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else home / ".local" / "state") / "ocpprov" / "sandbox"


def start(
    state_dir: Path, *, scale: float = 50, delays: bool = True, port: int = 0, hosts: Sequence[str] = ()
) -> Running:
    """The sandbox of this directory, started if there is none yet; one that runs is left as it is.

    `scale` is how many seconds of AWS's time pass in one; without `delays` nothing takes time; port 0 takes a free one;
    `hosts` are those of `admission.Admission`. Raises SandboxMissing when moto isn't installed, SandboxFailed when the
    server doesn't come up, and when the directory isn't ours.
    """
    arguments = ["--port", str(port), "--scale", str(scale), *(f"--host={host}" for host in hosts)]
    if not delays:
        arguments.append("--no-delays")
    with _own(state_dir.absolute(), make=True) as folder, folder.locked("lock"):
        return _answering(folder) or _start(folder, arguments)


def running(state_dir: Path) -> Running | None:
    """The sandbox of this directory, if it answers. A record that outlived its process counts for nothing. Raises
    SandboxFailed when the directory isn't ours."""
    try:
        with _own(state_dir) as folder:
            return _answering(folder)
    except FileNotFoundError:
        return None


def stop(state_dir: Path) -> bool:
    """Ends the sandbox of this directory; False when there was none. Raises SandboxFailed when it won't end, and when
    the directory isn't ours."""
    try:
        with _own(state_dir) as folder:
            found = _answering(folder)
            if found:
                found.process.send(signal.SIGTERM)
                _wait_for_end(found)
            folder.remove(_RECORD)
            return found is not None
    except FileNotFoundError:
        return False


def reset(state_dir: Path) -> bool:
    """Empties the sandbox of this directory; False when there is none. Raises SandboxFailed when the directory isn't
    ours."""
    found = running(state_dir)
    if found:
        found.admin().reset()
    return found is not None


def _start(folder: PrivateFolder, arguments: Sequence[str]) -> Running:
    if find_spec("moto") is None or find_spec("flask") is None:
        raise SandboxMissing
    folder.remove(_RECORD)
    launch(folder, ["--record", str(folder.path / _RECORD), "--detach", *arguments], os.environ)
    found = _recorded(folder)
    if found is None:
        raise SandboxFailed(f"the sandbox started, but {folder.path / _RECORD} can't be read")
    return found


def _answering(folder: PrivateFolder) -> Running | None:
    found = _recorded(folder)
    # Another may listen on the port by now, and whoever it is mustn't learn anything.
    if found is None or not found.process.lives():
        return None
    try:
        return found if found.admin(timeout=5).status().get("pid") == found.pid else None
    except (OSError, ValueError):
        return None


def _recorded(folder: PrivateFolder) -> Running | None:
    try:
        return parse_running(folder.read(_RECORD))
    except OSError:
        return None


def _wait_for_end(found: Running) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    while found.process.lives():
        if time.monotonic() > deadline:
            raise SandboxFailed(f"the sandbox (process {found.pid}) doesn't end; end it with: kill -9 {found.pid}")
        time.sleep(0.05)


@contextmanager
def _own(state_dir: Path, *, make: bool = False) -> Iterator[PrivateFolder]:
    """Raises SandboxFailed, and FileNotFoundError where there is no such folder and none is made."""
    try:
        with private_folder(state_dir, make=make) as folder:
            yield folder
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not make:
            raise
        raise SandboxFailed(
            f"the sandbox's folder can't be used: {error}; remove what is in the way, or set XDG_STATE_HOME to a "
            "folder of your own"
        ) from error
