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
from typing import TypeAlias

from ocpprov.runs.holder import Holder, parse
from ocpprov.runs.private_files import make_folders, open_private

_MOST_BYTES = 4096


class Locked(Exception):
    """Another run is at work on the plan. The text says who, since when, how far it is, and what to do."""


class PlanLock:
    """The lock while it is held. `note` is safe to call from any thread. `untouched`: nobody has held it since it was
    glimpsed."""

    def __init__(self, descriptor: int, holder: Holder, *, untouched: bool = False) -> None:
        self._descriptor = descriptor
        self._holder = holder
        self._lock = threading.Lock()
        self.untouched = untouched

    def note(self, progress: str) -> None:
        """What the run does at the moment, for whoever is kept out. A full disk doesn't matter here."""
        with self._lock:
            self._holder = replace(self._holder, progress=progress)
            self.write()

    def release(self) -> None:
        """The run has ended, and wasn't killed."""
        with self._lock:
            self._holder = replace(self._holder, progress="", released=True)
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


Glimpse: TypeAlias = Mapping[str, str]
"""What the lock files of a plan's name and region say, by their names: of all accounts, while nobody knows whose it
is."""


def glimpse(directory: Path, region: str, name: str) -> Glimpse:
    """The files at this moment; nobody is held up by it. What can't be read counts as held."""
    ending = _file_name("", region, name)
    try:
        return {path.name: _text_of(path) for path in directory.iterdir() if path.name.endswith(ending)}
    except OSError:
        return {}


def _file_name(account: str, region: str, name: str) -> str:
    return f"{account}-{region}-{name}.lock"


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes()[:_MOST_BYTES].decode(errors="replace")
    except OSError:
        return ""


def _untouched(seen: Glimpse | None, name: str, now: str) -> bool:
    """Whether nobody has held a lock since the glimpse, whose file says this now. Each who holds it writes who that is,
    and at the end that it is released; who was killed doesn't, and may have sent something until then."""
    if seen is None:
        return False
    if name not in seen:
        return now == ""
    holder = parse(now)
    return seen[name] == now and holder is not None and holder.released


@contextmanager
def plan_lock(
    directory: Path, account: str, region: str, name: str, holder: Holder, seen: Glimpse | None = None
) -> Iterator[PlanLock]:
    """Hold the plan's lock. The system frees it when the process ends, however it ends. `seen` is what was glimpsed of
    it before.

    Raises Locked, OSError when the directory can't be written, and Untrusted when others can.
    """
    path = directory / _file_name(account, region, name)
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
        before = os.pread(descriptor, _MOST_BYTES, 0).decode(errors="replace")
        held = PlanLock(descriptor, holder, untouched=_untouched(seen, path.name, before))
        held.write()
        try:
            yield held
        finally:
            held.release()
    finally:
        os.close(descriptor)
