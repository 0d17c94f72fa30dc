"""Files that somebody names on the command line: never more of them than may be, and never for ever."""

from __future__ import annotations

import errno
import os
import select
import stat
import time
from pathlib import Path
from typing import Final

NO_WRITER_SECONDS: Final = 5.0
"""How long somebody is waited for who writes into a pipe."""
SILENT_SECONDS: Final = 60.0
"""How long a writer may write nothing: it may be a program that asks for a password, as in `<(sops -d plan.yaml)`."""

_POLL_MILLISECONDS: Final = 100
_PIECE: Final = 65536


def read_input(path: Path, most: int) -> bytes:
    """The first `most` bytes of a file, a pipe or a terminal. Raises OSError, also where nothing comes."""
    # Whoever opens a pipe waits for somebody to write into it, unless he says that he doesn't.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if stat.S_ISREG(mode):
            with os.fdopen(os.dup(descriptor), "rb") as stream:
                return stream.read(most)
        return _stream(descriptor, most)
    finally:
        os.close(descriptor)


def read_file(path: Path, most: int) -> bytes:
    """A whole file of at most so many bytes, which may be read again later. Raises OSError, also for what is larger,
    and for a pipe or a device: one has no second time, the other no end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        content = stream.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"larger than {most} bytes", str(path))
    return content


def _stream(descriptor: int, most: int) -> bytes:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    content, written, since = b"", False, time.monotonic()
    while len(content) < most:
        ready = poll.poll(_POLL_MILLISECONDS)
        try:
            piece = os.read(descriptor, min(_PIECE, most - len(content)))
        except BlockingIOError:
            written, piece = True, None
        if piece:
            content, written, since = content + piece, True, time.monotonic()
        elif piece is not None and (written or ready):
            break
        elif time.monotonic() - since > (SILENT_SECONDS if written else NO_WRITER_SECONDS):
            limit = SILENT_SECONDS if written else NO_WRITER_SECONDS
            raise TimeoutError(errno.ETIMEDOUT, f"nobody has written anything into it for {limit:.0f} s")
    return content
