"""One run at a time on one plan: a file lock in the user's state directory, so that no run folder holds it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Locked(Exception):
    """Another process is at work on the plan. `holder` is what that process wrote into the lock."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(
            f"another ocpprov is at work on plan {name} ({holder}); wait for it, or end it, then try again"
        )


def state_directory(environ: dict[str, str] | os._Environ[str]) -> Path:
    """The user's state directory: `$XDG_STATE_HOME/ocpprov`, or `~/.local/state/ocpprov`."""
    base = environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return Path(base) / "ocpprov"


@contextmanager
def plan_lock(directory: Path, account: str, region: str, name: str, run: str) -> Iterator[None]:
    """Hold the plan's lock. The system frees it when the process ends, however it ends.

    Raises Locked, and OSError when the directory can't be written.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(directory / f"{account}-{region}-{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode(errors="replace").strip() or "its run is not known"
            raise Locked(name, holder) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}, run {run}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
