"""Who holds a plan's lock, as it says itself."""

from __future__ import annotations

import getpass
import json
import os
import socket
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

from ocpprov.engine.printable import printable


@dataclass(frozen=True)
class Holder:
    """A run that holds a lock. `since` is seconds since the epoch; `progress` what it did last; `beat` how often it has
    said that it lives; `released` that it doesn't need the lock any more."""

    run: str
    user: str
    host: str
    pid: int
    since: float
    progress: str = ""
    beat: int = 0
    released: bool = False

    def text(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), sort_keys=True) + "\n"

    def words(self, now: float) -> str:
        """For whoever is kept out."""
        start = datetime.fromtimestamp(self.since, UTC).strftime("%H:%M:%S UTC")
        last = f", last: {self.progress}" if self.progress else ""
        # Whoever may write the lock has written this, too.
        return printable(
            f"{self.user} on {self.host}, process {self.pid}, since {start} ({span(now - self.since)}), "
            f"run {self.run}{last}"
        )


def this_process(run: str, now: float) -> Holder:
    """This process, as the holder of a lock."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return Holder(run, user, socket.gethostname(), os.getpid(), now)


def parse(text: str) -> Holder | None:
    """A holder from its text; None for anything else."""
    try:
        content = json.loads(text)
        known = {each.name for each in fields(Holder)}
        return Holder(**{name: value for name, value in content.items() if name in known})
    except (ValueError, TypeError, AttributeError):
        return None


def span(seconds: float) -> str:
    """A duration as one says it."""
    whole = max(0, round(seconds))
    if whole < 120:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 7200 else f"{whole // 3600} h"
