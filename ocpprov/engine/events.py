"""What happens during a run, as values: the live view, the JSON lines and the log are readers of the same events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class EventKind(Enum):
    """The `event` of a JSON line. `FINISHED` is always the last one."""

    PLANNED = "planned"
    STARTED = "started"
    EXISTS = "exists"
    READY = "ready"
    UPDATED = "updated"
    DELETED = "deleted"
    FORGOTTEN = "forgotten"
    RETRYING = "retrying"
    WAITING = "waiting"
    IN_DOUBT = "in-doubt"
    ADOPTED = "adopted"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOTE = "note"
    HANDED_OVER = "handed-over"
    OUTPUTS = "outputs"
    VERIFIED = "verified"
    ERROR = "error"
    FINISHED = "finished"


@dataclass(frozen=True)
class Event:
    """One thing that happened. `time` is seconds since the epoch; `detail` holds JSON values by name
    (`reason`, `code`, `request_id`, `seconds`, `action`, ...)."""

    kind: EventKind
    time: float
    resource: str = ""
    type: str = ""
    id: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)
