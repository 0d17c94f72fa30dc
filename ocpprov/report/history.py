"""What is known of one run afterwards: what it set out to do, what happened, and which calls it made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ocpprov.engine.events import EventKind
from ocpprov.report.things import Thing, thing_of
from ocpprov.runs.event_log import RecordedEvent, is_time
from ocpprov.runs.journal import Record
from ocpprov.runs.run_id import parse

BEGUN: Final = "begun"


@dataclass(frozen=True)
class Other:
    """Something of other people's in what is the plan's."""

    resource: str
    what: str
    stays: bool


@dataclass(frozen=True)
class LoggedCall:
    """A call that may have changed something. `status` is the HTTP status, 0 where no answer came; `attempt` counts
    from 1; `resources` are the logical ids that it was for."""

    time: float
    service: str
    operation: str
    request_id: str
    status: int
    error_code: str
    seconds: float
    attempt: int
    resources: Sequence[str] = ()


@dataclass(frozen=True)
class RunHead:
    """What a run set out to do. `things` is what the plan wants, `going` what is deleted. `verbs` say what was to
    happen to each logical id; `after` which steps each step waits for, by name. `complete`: the run has noted all this
    itself; else it is made out from its journal."""

    run: str
    time: float
    verb: str = ""
    plan: str = ""
    region: str = ""
    account: str = ""
    cluster: str = ""
    command: str = ""
    version: str = ""
    sandbox: bool = False
    things: Sequence[Thing] = ()
    going: Sequence[Thing] = ()
    verbs: Mapping[str, str] = field(default_factory=dict)
    others: Sequence[Other] = ()
    after: Mapping[str, Sequence[str]] = field(default_factory=dict)
    complete: bool = True

    def document(self) -> dict[str, Any]:
        """As a run notes it, but for its id and time."""
        return {
            "verb": self.verb,
            "plan": self.plan,
            "region": self.region,
            "account": self.account,
            "cluster": self.cluster,
            "command": self.command,
            "version": self.version,
            "sandbox": self.sandbox,
            "things": [each.document() for each in self.things],
            "going": [each.document() for each in self.going],
            "verbs": dict(self.verbs),
            "others": [{"resource": each.resource, "what": each.what, "stays": each.stays} for each in self.others],
            "after": {name: list(names) for name, names in self.after.items()},
        }


@dataclass(frozen=True)
class History:
    """All that is known of a run. `reads` is how many calls only read."""

    head: RunHead
    events: Sequence[RecordedEvent]
    calls: Sequence[LoggedCall] = ()
    reads: int = 0

    @property
    def finished(self) -> RecordedEvent | None:
        """The last event; None where the run was killed before it."""
        return next((each for each in self.events if each.event == EventKind.FINISHED.value), None)

    @property
    def end(self) -> float:
        """The time of the last thing that is known."""
        return max([self.head.time, *(each.time for each in self.events)])


def histories(
    recorded: Iterable[RecordedEvent], journal: Iterable[Record], log: Iterable[Mapping[str, Any]]
) -> dict[str, History]:
    """The runs of one folder by id, the oldest first."""
    events: dict[str, list[RecordedEvent]] = {}
    for each in recorded:
        events.setdefault(each.run, []).append(each)
    records: dict[str, list[Record]] = {}
    for record in filter(_is_sound, journal):
        records.setdefault(record.run, []).append(record)
    found = {}
    for run in {**records, **events}:
        head = _head(run, events.get(run, ()), records.get(run, ()))
        said = [each for each in events.get(run, ()) if each.event != BEGUN]
        found[run] = History(head, said or [*_events_of(records.get(run, ()))])
    rows = list(log)
    ordered = sorted(found.values(), key=lambda each: (each.head.time, each.head.run))
    return {each.head.run: _with_calls(each, rows) for each in ordered}


def _is_sound(record: Record) -> bool:
    """Whether its line was one that a version of ours has written."""
    texts = (record.event, record.run, record.resource, record.type, record.id, record.where)
    return is_time(record.time) and all(isinstance(each, str) for each in texts)


def _head(run: str, events: Sequence[RecordedEvent], records: Sequence[Record]) -> RunHead:
    begun = next((each for each in events if each.event == BEGUN), None)
    if begun is None:
        return _head_of_journal(run, events, records)
    detail = begun.detail

    def text(name: str) -> str:
        return str(detail.get(name) or "")

    verbs, after = detail.get("verbs"), detail.get("after")
    return RunHead(
        run,
        begun.time,
        text("verb"),
        text("plan"),
        text("region"),
        text("account"),
        text("cluster"),
        text("command"),
        text("version"),
        sandbox=detail.get("sandbox") is True,
        things=_things(detail.get("things")),
        going=_things(detail.get("going")),
        verbs={str(name): str(verb) for name, verb in verbs.items()} if isinstance(verbs, Mapping) else {},
        others=[other for each in _list(detail.get("others")) if (other := _other(each))],
        after={str(name): [*map(str, _list(each))] for name, each in after.items()}
        if isinstance(after, Mapping)
        else {},
    )


def _head_of_journal(run: str, events: Sequence[RecordedEvent], records: Sequence[Record]) -> RunHead:
    account, _, region = next((each.where for each in records if each.where), "").partition("/")
    times = [*(each.time for each in records), *(each.time for each in events)]
    id = parse(run)
    made = [Thing(each.resource, each.type, id=each.id) for each in records if each.event in ("created", "proven")]
    gone = [Thing(each.resource, each.type, id=each.id) for each in records if each.event == "deleted"]
    return RunHead(
        run,
        min([*times, *([id.start] if id else [])], default=0),
        region=region,
        account=account,
        things=list({(each.type, each.name): each for each in made}.values()),
        going=gone,
        complete=False,
    )


_IN_JOURNAL: Final = {
    "intent": EventKind.STARTED,
    "created": EventKind.EXISTS,
    "deleted": EventKind.DELETED,
    "refused": EventKind.FAILED,
}


def _events_of(records: Iterable[Record]) -> Iterable[RecordedEvent]:
    for each in records:
        if kind := _IN_JOURNAL.get(each.event):
            yield RecordedEvent(each.run, kind.value, each.time, each.resource, each.type, each.id)


def _with_calls(history: History, rows: Iterable[Mapping[str, Any]]) -> History:
    """The calls of the run's own lines of the log. Earlier versions' lines don't say of which run they are: those from
    its time are."""
    began = parse(history.head.run)
    first, last = (began.start if began else history.head.time) - 60, history.end + 60
    own = [row for row in rows if _is_of(row, history.head.run, first, last)]
    calls = [call for row in own if row.get("mutating") is True and (call := _call(row))]
    return History(history.head, history.events, calls, sum(row.get("mutating") is False for row in own))


def _is_of(row: Mapping[str, Any], run: str, first: float, last: float) -> bool:
    if "run" in row:
        return bool(row["run"] == run)
    time = row.get("time")
    return is_time(time) and first <= float(row["time"]) <= last


def _call(row: Mapping[str, Any]) -> LoggedCall | None:
    match row:
        case {"time": int(time) | float(time), "service": str(service), "operation": str(operation)} if is_time(time):
            return LoggedCall(
                time,
                service,
                operation,
                str(row.get("request_id") or ""),
                int(_number(row.get("status"))),
                str(row.get("error_code") or ""),
                _number(row.get("seconds")),
                int(_number(row.get("attempt"))),
                tuple(map(str, _list(row.get("resources")))),
            )
    return None


def _number(value: object) -> float:
    return value if isinstance(value, int | float) and abs(value) < 1e9 else 0


def _things(value: object) -> list[Thing]:
    return [thing for each in _list(value) if (thing := thing_of(each))]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _other(value: object) -> Other | None:
    match value:
        case {"resource": str(resource), "what": str(what), "stays": bool(stays)}:
            return Other(resource, what, stays)
    return None
