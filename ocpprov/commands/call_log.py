"""The log of all calls of a run."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ocpprov.aws.calls import CallRecord
from ocpprov.runs.private_files import open_private


class CallLog:
    """The log of all calls, a JSON line each, with request ids and without parameters. Lines wait in memory until the
    run folder is known, and with it the run, which each line names. One lock guards both.

    A log that can't be written any more ends there, and is said: the call that it was about has been made."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self._lock = threading.Lock()
        self._rows: list[Mapping[str, object]] = []
        self._run = ""
        self._file: int | None = None
        self._ended = False

    def add(self, time: float, record: CallRecord, resources: Sequence[str] = ()) -> None:
        """One call; `resources` are the logical ids that it was for, without secrets, where that is known."""
        row = {"time": round(time, 3), **{key: value for key, value in vars(record).items() if value not in ("", None)}}
        row |= {"resources": list(resources)} if resources else {}
        with self._lock:
            if self._file is None:
                self._rows.append(row)
            elif not self._ended:
                self._write(self._file, row)

    def _line(self, row: Mapping[str, object]) -> str:
        return json.dumps({**row, "run": self._run}, default=str) + "\n"

    def _write(self, file: int, row: Mapping[str, object]) -> None:
        try:
            os.write(file, self._line(row).encode())
        except OSError as error:
            self._ended = True
            self.say(f"the log can't be written any more ({error.strerror}); the run goes on without")

    def open(self, path: Path, run: str) -> None:
        """Write to this file from now on, what has waited first. Raises OSError, and Untrusted."""
        with self._lock:
            self._run = run
            self._file = open_private(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.write(self._file, "".join(map(self._line, self._rows)).encode())
            self._rows.clear()

    def close(self) -> None:
        """The run has ended: what is noted from now on is nobody's."""
        with self._lock:
            self._ended = True
            if self._file is not None:
                os.close(self._file)
