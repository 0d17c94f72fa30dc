"""What a run says: on the screen as long as there is one, and in a file."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Voice:
    """Lines for whoever started it; `log` keeps them for whoever comes later. A terminal that is gone stops nothing."""

    log: Path

    def say(self, text: str) -> None:
        """One line."""
        # A handler of a signal may speak in the middle of a line.
        with suppress(OSError, ValueError, RuntimeError):
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        with suppress(OSError), open(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(text + "\n")
