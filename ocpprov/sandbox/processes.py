"""Which process a number means, for as long as it means that one: numbers are used again."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_ENDED = ("Z", "X")
"""States of what only waits to be counted out: proc(5), ps(1)."""


@dataclass(frozen=True)
class Process:
    """One process of ours. `started` is when, in the system's own words: another that gets its number later has begun
    at another time."""

    pid: int
    started: str

    def lives(self) -> bool:
        """Whether it hasn't ended yet."""
        return find_process(self.pid) == self

    def send(self, signal: int) -> None:
        """Send it a signal. What has ended gets none, nor has whatever took its number."""
        if self.lives():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal)


def find_process(pid: int) -> Process | None:
    """The process that has this number now; None when there is none, when it has ended, and when it is another
    user's."""
    # 0 and what is below mean whole groups, and 1 everybody's ancestor.
    if pid <= 1:
        return None
    facts = _facts_of_proc(pid) if (_PROC / "self" / "stat").exists() else _facts_of_ps(pid)
    if facts is None:
        return None
    uid, state, started = facts
    return None if uid != os.geteuid() or state.startswith(_ENDED) else Process(pid, started)


def parse_stat(text: str) -> tuple[str, str]:
    """State and start time of a `/proc/<pid>/stat`: fields 3 and 22 of proc(5). The name in parentheses may hold
    anything, parentheses included."""
    fields = text.rpartition(")")[2].split()
    return fields[0], fields[19]


def parse_ps(text: str) -> tuple[int, str, str]:
    """User, state and start time of `ps -o uid=,state=,lstart=`."""
    uid, state, started = text.split(maxsplit=2)
    return int(uid), state, " ".join(started.split())


def _facts_of_proc(pid: int) -> tuple[int, str, str] | None:
    folder = _PROC / str(pid)
    with suppress(OSError):
        return folder.stat().st_uid, *parse_stat((folder / "stat").read_text(errors="replace"))
    return None


def _facts_of_ps(pid: int) -> tuple[int, str, str] | None:
    command = ["/bin/ps", "-o", "uid=,state=,lstart=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, env={"LC_ALL": "C"}, check=False)  # noqa: S603
    return parse_ps(done.stdout) if done.stdout.strip() else None
