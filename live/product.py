"""ocpprov itself, run as a user runs it."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

_ROOT: Final = Path(__file__).parents[1]
_IN_FLIGHT: Final = 120.0
"""Seconds for calls that are under way to end; then the command is killed, and the clean-up finds what it made."""


class Product(Protocol):
    """The commands."""

    def run(self, *arguments: str) -> int:
        """Run one to its end and give its exit code."""
        ...

    def changes(self, plan: str) -> int:
        """How many calls in the log of a plan may have changed something."""
        ...


@dataclass(frozen=True)
class Commands:
    """Processes in `folder`, in a session of their own: signals go to whoever runs this, not to them. What they write
    is said. `options` are added to each, such as `--sandbox`."""

    folder: Path
    say: Callable[[str], None]
    options: Sequence[str] = ()

    def run(self, *arguments: str) -> int:
        words = [*arguments, *self.options]
        self.say(f"\n$ {shlex.join(['ocpprov', *words])}")
        paths = filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")])
        process = subprocess.Popen(
            [sys.executable, "-m", "live.child", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            return self._followed(process)
        except BaseException:
            # As Ctrl-C would: what is in flight ends, and is written down.
            process.send_signal(signal.SIGTERM)
            killing = threading.Timer(_IN_FLIGHT, process.kill)
            killing.daemon = True
            killing.start()
            self._followed(process)
            killing.cancel()
            raise

    def changes(self, plan: str) -> int:
        log = self.folder / ".ocpprov" / plan / "log.jsonl"
        lines = log.read_text().splitlines() if log.exists() else []
        return sum(json.loads(line).get("mutating", False) for line in lines)

    def _followed(self, process: subprocess.Popen[str]) -> int:
        for line in process.stdout or ():
            self.say(line.rstrip("\n"))
        return process.wait()
