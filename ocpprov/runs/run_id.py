"""The name of a run, which its creations carry in `ocpprov:run`: `<UTC start>.<host hash>.<pid>.<random>`."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime

_START = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class RunId:
    """A run id taken apart. `start` is in seconds since the epoch."""

    start: float
    host: str
    pid: int

    def dead(self, now: float, host: str) -> bool:
        """Whether the run can't be going on: its process is gone from this host, or it began over an hour ago."""
        if now - self.start > 3600:
            return True
        return self.host == host and not _alive(self.pid)


def new_run_id(now: float) -> str:
    """A run id for this process."""
    start = datetime.fromtimestamp(now, UTC).strftime(_START)
    return f"{start}.{host_hash()}.{os.getpid()}.{secrets.token_hex(4)}"


def host_hash() -> str:
    """Eight hex digits that tell hosts apart without naming them."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def parse(text: str) -> RunId | None:
    """The parts of a run id; None for anything else."""
    try:
        start, host, pid, _ = text.split(".")
        return RunId(datetime.strptime(start, _START).replace(tzinfo=UTC).timestamp(), host, int(pid))
    except ValueError:
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
