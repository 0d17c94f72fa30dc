"""A plan's life in a rehearsal: apply, apply again, destroy, each timed in AWS's time and heard out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Final, TypeAlias

from ocpprov.aws.retry import Retry
from ocpprov.commands.apply import apply
from ocpprov.commands.connection import Connector
from ocpprov.commands.destroy import destroy
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.options import Options
from ocpprov.commands.rehearsed_aws import RehearsedAws
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.problem import Problem
from ocpprov.ui.lines import Line
from ocpprov.ui.progress import Heading, View
from ocpprov.ui.run_progress import RunProgress

_Verb: TypeAlias = Callable[[Options, Terminal, Connector, Mapping[str, str]], ExitCode]


class Act(Enum):
    """What is rehearsed, in this order."""

    APPLY = "apply"
    AGAIN = "apply again"
    DESTROY = "destroy"


@dataclass(frozen=True)
class Wait:
    """One thing that was waited for: its logical id, its type, and how long, in AWS's seconds."""

    resource: str
    type: str
    seconds: float


@dataclass(frozen=True)
class Performance:
    """How one of them went. `seconds` are AWS's. `calls` are counted by `service:Operation`, `mutating` those of them
    that may change something; `throttled` were refused as too fast, `retried` were sent again for whatever reason.
    `changed` are resources that were made, changed or deleted; `slowest` what was waited for longest. `problems` say
    what went wrong, AWS's words in them."""

    act: Act
    code: ExitCode
    seconds: float
    calls: Mapping[str, int]
    mutating: int
    throttled: int
    retried: int
    changed: int
    slowest: Sequence[Wait] = ()
    problems: Sequence[Problem] = ()

    @property
    def by_service(self) -> dict[str, int]:
        """The calls of each service, most first."""
        counts: dict[str, int] = {}
        for name, count in self.calls.items():
            service = name.partition(":")[0]
            counts[service] = counts.get(service, 0) + count
        return dict(sorted(counts.items(), key=lambda row: (-row[1], row[0])))

    @property
    def ok(self) -> bool:
        """Whether it ended as it should: apply and destroy well, and the second apply with nothing to do."""
        return self.code is ExitCode.DONE and (self.act is not Act.AGAIN or not self.changed)


_CHANGES: Final = (EventKind.EXISTS, EventKind.UPDATED, EventKind.DELETED, EventKind.FORGOTTEN, EventKind.ADOPTED)
_BEGINS: Final[Mapping[EventKind, EventKind]] = {
    EventKind.EXISTS: EventKind.STARTED,
    EventKind.UPDATED: EventKind.STARTED,
    EventKind.DELETED: EventKind.STARTED,
    EventKind.READY: EventKind.WAITING,
}
"""What ends something, and what begins it."""
_SLOWEST: Final = 5


def performed(plan_options: Options, aws: RehearsedAws, folder: Path) -> Iterator[Performance]:
    """Each of them, as soon as it has ended. What apply couldn't do isn't tried again; what it made is taken away all
    the same. `folder` is for the run's files, and nobody else's."""
    options = replace(plan_options, directory=folder, yes=True, as_json=False, sandbox=True, out=None)
    first = _perform(Act.APPLY, apply, options, aws, folder)
    yield first
    if first.ok:
        yield _perform(Act.AGAIN, apply, options, aws, folder)
    elif first.code is ExitCode.REFUSED:
        return
    yield _perform(Act.DESTROY, destroy, options, aws, folder)


def _perform(act: Act, verb: _Verb, options: Options, aws: RehearsedAws, folder: Path) -> Performance:
    heard = _Listener()
    began = aws.time.monotonic()
    try:
        code = verb(options, heard, aws.connect, {"XDG_STATE_HOME": str(folder / "state")})
        problems: Sequence[Problem] = heard.problems()
    except Refused as error:
        code, problems = ExitCode.REFUSED, error.problems
    traffic = aws.traffic
    return Performance(
        act,
        code,
        aws.time.monotonic() - began,
        traffic.counter.snapshot(),
        traffic.mutating,
        traffic.throttled,
        heard.retried + sum(each.kind is EventKind.RETRYING for each in heard.events),
        len({(each.resource, each.kind) for each in heard.events if each.kind in _CHANGES}),
        slowest(heard.events),
        problems,
    )


def slowest(events: Iterable[Event]) -> list[Wait]:
    """What took longest: a step from its begin to its end, and what AWS goes on making from when it was waited for."""
    began: dict[tuple[str, str, EventKind], float] = {}
    waits: dict[tuple[str, str], float] = {}
    for event in events:
        key = (event.resource, event.type)
        if event.kind in _BEGINS.values():
            began.setdefault((*key, event.kind), event.time)
        elif event.kind in _BEGINS:
            since = began.get((*key, _BEGINS[event.kind]))
            if since is not None:
                waits[key] = max(waits.get(key, 0.0), event.time - since)
    found = [Wait(resource, type, seconds) for (resource, type), seconds in waits.items()]
    return sorted(found, key=lambda wait: (-round(wait.seconds, 3), wait.resource))[:_SLOWEST]


@dataclass
class _EventRecorder:
    """A view that keeps what happens."""

    events: list[Event] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def close(self) -> None:
        """Nothing is on the screen."""


class _Listener(Terminal):
    """A terminal on which nothing is shown: what a run tells is heard, and told by the rehearsal."""

    def __init__(self) -> None:
        super().__init__("ocpprov")
        self.retried = 0
        self._recorder = _EventRecorder()
        self._said: list[str] = []

    @property
    def events(self) -> Sequence[Event]:
        return self._recorder.events

    def problems(self) -> list[Problem]:
        """What the run says has failed."""
        found = [each.detail["error"] for each in self.events if each.kind is EventKind.ERROR]
        return [Problem(each["place"], each["detail"], each["remedy"]) for each in found if isinstance(each, dict)]

    def result(self, lines: Iterable[str | Line]) -> None:
        self._said += map(str, lines)

    def documents(self, *texts: str) -> None:
        self._said += texts

    def say(self, text: str | Line) -> None:
        self._said.append(str(text))

    def on_retry(self, retry: Retry) -> None:
        self.retried += 1

    def view(self, run: RunProgress, heading: Heading, *, as_json: bool) -> View:
        return self._recorder
