"""What happened in the runs of a plan, as `runs.jsonl` of its folder has it: for each run a line with what it set out
to do, then one for each event. It is written for reports and read by nothing else: a run goes on without it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ocpprov.engine.events import Event, EventKind
from ocpprov.runs.private_files import open_private, read_private

_LAST: Final = 253402300800
"""The end of the year 9999."""


class EventLog:
    """The lines of one run, mode 0600. Used from many threads. Where it can't be written, that is said, and nothing
    more of the run is."""

    def __init__(self, path: Path, run: str, say: Callable[[str], None]) -> None:
        self._run = run
        self._say = say
        self._path = path
        self._lock = threading.Lock()
        self._file: int | None = None
        self._ended = False

    def begin(self, time: float, head: Mapping[str, object]) -> None:
        """What the run sets out to do, as JSON data without secrets."""
        self._write({"run": self._run, "event": "begun", "time": round(time, 3), "detail": head})

    def add(self, event: Event) -> None:
        """One event, without secrets; a plan or outputs as programs get them are elsewhere."""
        if event.kind in (EventKind.PLANNED, EventKind.OUTPUTS, EventKind.VERIFIED):
            return
        row = {"run": self._run, "event": event.kind.value, "time": round(event.time, 3)}
        row |= {name: value for name, value in vars(event).items() if name in ("resource", "type", "id") and value}
        self._write({**row, "detail": dict(event.detail)} if event.detail else row)

    def close(self) -> None:
        """The run has ended."""
        with self._lock:
            self._ended = True
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _write(self, row: Mapping[str, object]) -> None:
        line = (json.dumps(row, separators=(",", ":"), default=str) + "\n").encode()
        with self._lock:
            if self._ended:
                return
            try:
                if self._file is None:
                    self._file = open_private(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                while line:
                    line = line[os.write(self._file, line) :]
            except OSError as error:
                self._ended = True
                reason = error.strerror or error
                self._say(
                    f"{self._path} can't be written ({reason}); the run goes on, its report will lack what follows"
                )


@dataclass(frozen=True)
class RecordedEvent:
    """One line. `time` is seconds since the epoch."""

    run: str
    event: str
    time: float
    resource: str = ""
    type: str = ""
    id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def read_events(path: Path) -> Iterator[RecordedEvent]:
    """The lines of all runs; one torn by a crash is passed over. Raises OSError for a file that is there and can't be
    read, and Untrusted."""
    for row in read_rows(path):
        match row:
            case {"run": str(run), "event": str(event), "time": int(time) | float(time)} if is_time(time):
                resource, type, id = (str(row.get(name) or "") for name in ("resource", "type", "id"))
                detail = row.get("detail")
                kept = detail if isinstance(detail, Mapping) else {}
                yield RecordedEvent(run, event, time, resource, type, id, kept)


def is_time(value: object) -> bool:
    """Whether it is a number of seconds since the epoch that a calendar has a day for."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _LAST


def read_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a file that has one a line; what is none is passed over, and a file that isn't there has none.
    Raises OSError, and Untrusted."""
    try:
        lines = read_private(path).splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, Mapping):
            yield row
