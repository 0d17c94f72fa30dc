"""Events for programs: one JSON object a line."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TextIO

from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.printable import printable_json


class JsonLines:
    """One JSON object a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._finished = False

    def emit(self, event: Event) -> None:
        row: dict[str, object] = {
            "event": event.kind.value,
            "time": datetime.fromtimestamp(event.time, UTC).isoformat(timespec="milliseconds"),
        }
        row |= {name: value for name, value in vars(event).items() if name in ("resource", "type", "id") and value}
        row |= event.detail
        with self._lock:
            if self._finished:
                # From somebody for whom nobody waits any more.
                return
            self._finished = event.kind is EventKind.FINISHED
            self._stream.write(printable_json(row) + "\n")
            self._stream.flush()

    def close(self) -> None:
        return
