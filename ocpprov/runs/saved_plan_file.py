"""How a saved plan is told from every other file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

HEADER: Final = "OCPPROV SAVED PLAN "
"""How the file begins, before the number of its format. No plan file can: it is no mapping."""


def is_saved_plan(path: Path) -> bool:
    """Whether a file begins as one. What can't be read is none: whoever reads it as a plan file says why."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.read(descriptor, len(HEADER)) == HEADER.encode()
    except OSError:
        return False
    finally:
        os.close(descriptor)
