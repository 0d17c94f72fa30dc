"""One run of a user at a time on one plan, on this host: a file lock in the user's state directory, so that no run
folder holds it. Other hosts and users are kept out by the lease."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ocpprov.runs.holder import Holder, parse
from ocpprov.runs.private_files import make_folders, open_private

_MOST_BYTES = 4096


class Locked(Exception):
    """Another run is at work on the plan. The text says who, since when, how far it is, and what to do."""


class PlanLock:
    """The lock while it is held. `note` is safe to call from any thread."""

    def __init__(self, descriptor: int, holder: Holder) -> None:
        self._descriptor = descriptor
        self._holder = holder
        self._lock = threading.Lock()

    def note(self, progress: str) -> None:
        """What the run does at the moment, for whoever is kept out. A full disk doesn't matter here."""
        with self._lock:
            self._holder = replace(self._holder, progress=progress)
            self.write()

    def write(self) -> None:
        try:
            line = self._holder.text().encode()[:_MOST_BYTES]
            os.ftruncate(self._descriptor, os.pwrite(self._descriptor, line, 0))
        except OSError:
            return


def state_directory(environ: Mapping[str, str]) -> Path:
    """The user's state directory: `$XDG_STATE_HOME/ocpprov`, or `~/.local/state/ocpprov`. The XDG base directory
    specification takes a path that isn't absolute for none."""
    given = Path(environ.get("XDG_STATE_HOME", ""))
    base = given if given.is_absolute() else Path(os.path.expanduser("~")) / ".local" / "state"
    return base / "ocpprov"


@contextmanager
def plan_lock(directory: Path, account: str, region: str, name: str, holder: Holder) -> Iterator[PlanLock]:
    """Hold the plan's lock. The system frees it when the process ends, however it ends.

    Raises Locked, OSError when the directory can't be written, and Untrusted when others can.
    """
    path = directory / f"{account}-{region}-{name}.lock"
    make_folders(path)
    descriptor = open_private(path, os.O_RDWR | os.O_CREAT)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = parse(os.pread(descriptor, _MOST_BYTES, 0).decode(errors="replace"))
            who = other.words(holder.since) if other else "its run is not known"
            raise Locked(
                f"another ocpprov is at work on plan {name}: {who}; wait for it (--lock-timeout SECONDS), or end it, "
                "then try again"
            ) from None
        held = PlanLock(descriptor, holder)
        held.write()
        yield held
    finally:
        os.close(descriptor)
