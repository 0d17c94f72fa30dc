"""When each step of a run began and ended, and which chain of steps it took longest for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.engine.events import EventKind
from ocpprov.engine.steps import build_name, delete_name
from ocpprov.runs.event_log import RecordedEvent

_CREATED: Final = "created"
_NOT_READY: Final = "created, not ready"
_DONE: Final = {
    EventKind.EXISTS.value: _CREATED,
    EventKind.ADOPTED.value: "found",
    EventKind.UPDATED.value: "updated",
    EventKind.DELETED.value: "deleted",
    EventKind.FORGOTTEN.value: "forgotten",
    EventKind.FAILED.value: "failed",
}


@dataclass(frozen=True)
class StepSpan:
    """One step. Times are seconds since the epoch: `done` is when others could go on, `end` when it was ready, too.
    `outcome` is empty for what was begun and never ended."""

    step: str
    resource: str
    type: str
    id: str
    outcome: str
    start: float
    done: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


def spans(events: Iterable[RecordedEvent], last: float) -> list[StepSpan]:
    """The steps by their beginning. What had no end has gone on until `last`, the end of what is known."""
    found: dict[str, StepSpan] = {}
    for event in events:
        if not event.resource:
            continue
        if event.event == EventKind.STARTED.value:
            name = _step(event)
            # Sent again: it goes on.
            if name not in found or found[name].outcome:
                span = StepSpan(name, event.resource, event.type, event.id, "", event.time, last, last)
                found[name] = replace(span, start=found[name].start) if name in found else span
            continue
        name = _step(event)
        begun = found.get(name)
        if event.event in _DONE:
            start = begun.start if begun else event.time
            outcome = _DONE[event.event]
            id = event.id or (begun.id if begun else "")
            found[name] = StepSpan(name, event.resource, event.type, id, outcome, start, event.time, event.time)
        elif begun and (begun.id, begun.outcome) == (event.id, _CREATED) and event.event == EventKind.WAITING.value:
            # What is awaited until it is gone has another id: its successor is there already.
            found[name] = replace(begun, end=last, outcome=_NOT_READY)
        elif begun and begun.outcome == _NOT_READY and event.event == EventKind.READY.value:
            found[name] = replace(begun, end=event.time, outcome=_CREATED)
    return sorted(found.values(), key=lambda span: (span.start, span.resource))


def _step(event: RecordedEvent) -> str:
    """The step that an event is of."""
    going = event.event in (EventKind.DELETED.value, EventKind.FORGOTTEN.value)
    if going or event.detail.get("action") == "delete":
        return delete_name(event.type, event.id)
    return build_name(event.resource)


def longest_chain(done: Sequence[StepSpan], after: Mapping[str, Sequence[str]]) -> list[StepSpan]:
    """The steps that the run's length comes from: the one that ended last, the one that this waited for longest, and so
    on, in the order in which they ran."""
    by_step = {span.step: span for span in done}
    ended = [span for span in done if span.outcome]
    chain: list[StepSpan] = []
    current = max(ended, key=lambda span: span.end, default=None)
    while current is not None and current not in chain:
        chain.append(current)
        awaited = [span for span in _awaited(current.step, after, by_step) if span.outcome]
        current = max(awaited, key=lambda span: span.done, default=None)
    return chain[::-1]


def _awaited(step: str, after: Mapping[str, Sequence[str]], by_step: Mapping[str, StepSpan]) -> Iterable[StepSpan]:
    """What a step waited for: through steps that did nothing, such as those that stand for the end of many."""
    seen: set[str] = set()
    stack = list(after.get(step, ()))
    while stack:
        name = stack.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in by_step:
            yield by_step[name]
        else:
            stack += after.get(name, ())
