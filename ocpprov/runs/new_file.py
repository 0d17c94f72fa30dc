"""A file that isn't there yet."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_new(path: Path, text: str) -> None:
    """Write a text into a new file, with the mode that the umask gives. A link in its place isn't followed. Raises
    FileExistsError where there is anything, and OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o666)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
