"""What somebody sees on a terminal, of 80 columns and 24 lines where nothing else is said."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyte

COLUMNS, LINES = 80, 24
UNSAID: Final = ("CI", "NO_COLOR", "FORCE_COLOR")
"""What would make a command on a terminal print otherwise; a machine that runs the tests may have set it."""


class Screen:
    """A terminal that remembers what has scrolled away."""

    def __init__(self, columns: int = COLUMNS, lines: int = LINES) -> None:
        self.columns = columns
        self._screen: Any = pyte.HistoryScreen(columns, lines, history=10_000, ratio=1)
        self._stream: Any = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self.raw = b""

    def feed(self, data: bytes) -> None:
        with self._lock:
            self.raw += data
            self._stream.feed(data)

    def rows(self) -> list[str]:
        """All rows from the first, without the empty ones at the end."""
        with self._lock:
            above = ["".join(row[column].data for column in range(self.columns)) for row in self._screen.history.top]
            rows = [row.rstrip() for row in (*above, *self._screen.display)]
        while rows and not rows[-1]:
            rows.pop()
        return rows


class OnScreen:
    """A command with all of its streams on a terminal that it controls."""

    def __init__(
        self,
        arguments: list[str],
        folder: Path,
        environ: Mapping[str, str],
        *,
        columns: int = COLUMNS,
        lines: int = LINES,
    ) -> None:
        self.screen = Screen(columns, lines)
        self._terminal, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

        def control() -> None:
            os.setsid()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [sys.executable, "-m", "ocpprov", *arguments],
            cwd=folder,
            env={name: value for name, value in environ.items() if name not in UNSAID} | {"TERM": "xterm-256color"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=control,  # noqa: PLW1509 - nothing else runs in this process
        )
        os.close(theirs)
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._terminal, 65536)
            except OSError:
                return
            if not data:
                return
            self.screen.feed(data)

    def type(self, keys: bytes) -> None:
        """What somebody types; the terminal makes a signal of Ctrl-C, and shows it as ^C."""
        os.write(self._terminal, keys)

    def ended(self, seconds: float) -> int:
        """The exit code."""
        try:
            code = self.process.wait(seconds)
        finally:
            self.process.kill()
        self._reading.join(5)
        os.close(self._terminal)
        return code
