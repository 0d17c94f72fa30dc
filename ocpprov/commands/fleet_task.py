"""What goes between who starts a fleet and the bastions that run its plans, as values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final

from ocpprov.commands.exit_codes import ExitCode
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.problem import Problem

TOPIC: Final = "ocpprov-fleet"
"""Under which words of bastions go through the scheduler. It keeps the last thousand of a topic, so all fleets share
one."""

_OF_A_RESOURCE: Final = ("resource", "type", "id")
_LABEL: Final = re.compile(r"aws:([0-9]{12}):([a-z0-9-]+)")


@dataclass(frozen=True)
class ReachedRegion:
    """An account and a region that a worker says it reaches."""

    account: str
    region: str

    @property
    def label(self) -> str:
        """The name of a resource of Dask's, of which a worker has as many as it takes plans at once."""
        return f"aws:{self.account}:{self.region}"

    def __str__(self) -> str:
        return f"account {self.account} in {self.region}"


def reaches_of(labels: Iterable[str]) -> frozenset[ReachedRegion]:
    """What a worker reaches, by the names of its resources; others mean nothing here."""
    return frozenset(ReachedRegion(found[1], found[2]) for found in map(_LABEL.fullmatch, labels) if found)


@dataclass(frozen=True)
class MemberTask:
    """One plan's run as a worker is asked for it. `attempt` is its own word, of which there is one for ever, `stop` the
    name of an event of Dask's on which it ends; `verb` is that of the command line, and `arguments` what comes after
    its plan. `version` is ocpprov's.

    Dask writes a task's arguments into its log where one fails, so neither text nor arguments are in its words."""

    attempt: str
    stop: str
    plan: str
    reach: ReachedRegion
    verb: str
    text: str = field(repr=False)
    arguments: Sequence[str] = field(default=(), repr=False)
    version: str = ""


class WordKind(Enum):
    """What a bastion says of an attempt. `ENDED`, `BEGUN_BEFORE` and `DECLINED` are the last one."""

    BEGAN = "began"
    EVENT = "event"
    ENDED = "ended"
    BEGUN_BEFORE = "begun-before"
    DECLINED = "declined"


@dataclass(frozen=True)
class Word:
    """One thing that a bastion says of an attempt. `worker` is its name there, `host` and `folder` where its journals
    lie. `detail` holds JSON values: an event's row, the end's code, seconds and problems, or the reason."""

    attempt: str
    kind: WordKind
    worker: str = ""
    host: str = ""
    folder: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As JSON data."""
        return {**vars(self), "kind": self.kind.value, "detail": dict(self.detail)}


def word_in(document: object) -> Word | None:
    """The word that somebody has said; None where it is none: whoever has a certificate may say anything."""
    if not isinstance(document, Mapping) or not isinstance(document.get("detail"), Mapping):
        return None
    try:
        kind = WordKind(document.get("kind"))
    except ValueError:
        return None
    attempt, worker, host, folder = (str(document.get(name, "")) for name in ("attempt", "worker", "host", "folder"))
    return Word(attempt, kind, worker, host, folder, document["detail"])


def event_in(row: Mapping[str, Any]) -> Event | None:
    """The event that a line of `--json` is; None for what isn't one, as from a later version."""
    try:
        kind, time = EventKind(row.get("event")), datetime.fromisoformat(str(row.get("time"))).timestamp()
    except ValueError:
        return None
    resource, type, id = (str(row.get(name, "")) for name in _OF_A_RESOURCE)
    detail = {name: value for name, value in row.items() if name not in ("event", "time", *_OF_A_RESOURCE)}
    return Event(kind, time, resource, type, id, detail)


def end_document(code: int, seconds: float, problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """The detail of `ENDED`; `seconds` on the wall."""
    return {"code": code, "seconds": round(seconds, 1), "problems": [dict(vars(each)) for each in problems]}


def exit_code_in(detail: Mapping[str, Any]) -> ExitCode:
    """How the process of a run ended; one that a signal ended, or that nobody knows, failed."""
    try:
        return ExitCode(detail.get("code", ExitCode.FAILED))
    except ValueError:
        return ExitCode.FAILED


def seconds_in(detail: Mapping[str, Any]) -> float:
    """How long it took; 0 where it isn't said."""
    seconds = detail.get("seconds")
    return float(seconds) if isinstance(seconds, int | float) else 0.0


def problems_in_end(detail: Mapping[str, Any]) -> Sequence[Problem]:
    """What is wrong beside what the run's events told."""
    rows = detail.get("problems")
    return [problem_in(row) for row in rows] if isinstance(rows, list | tuple) else []


def problem_in(row: object) -> Problem:
    """A problem from its members; whatever else was sent is shown as it is."""
    if not isinstance(row, Mapping):
        return Problem("", str(row))
    return Problem(*(str(row.get(name, "")) for name in ("where", "detail", "remedy")))
