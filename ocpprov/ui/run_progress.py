"""How far a run is, and how long the rest may take, from its steps and its events. No clock, no screen."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.engine.critical_path import dependents_of, seconds_to_the_end
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.steps import Step, build_name, delete_name

_MADE: Final = (EventKind.EXISTS, EventKind.UPDATED, EventKind.ADOPTED)
_TAKEN: Final = (EventKind.DELETED, EventKind.FORGOTTEN)
_LEFT: Final = (EventKind.FAILED, EventKind.SKIPPED)
_LATE: Final = 0.25
"""What is over its usual time is expected to take this share more of what it took already."""
_AT_ONCE: Final = 1.0
"""Seconds of a step that waits for nothing."""


@dataclass(frozen=True)
class Flight:
    """One thing that is being done or waited for: since when, in seconds since the epoch, and how many seconds are
    usual for it."""

    resource: str
    type: str
    doing: str
    since: float
    usual: float

    def left(self, now: float) -> float:
        """Seconds that it may still take."""
        elapsed = max(0.0, now - self.since)
        return self.usual - elapsed if elapsed < self.usual else elapsed * _LATE


@dataclass(frozen=True)
class Durations:
    """How long types take to get ready, in AWS's seconds: as kinds say, and as earlier runs have `learned`.
    `settling` are the types whose creation goes on after the answer; `scale` is by how much the clock of AWS is faster
    than ours (the sandbox)."""

    kinds: Mapping[str, float]
    settling: frozenset[str] = frozenset()
    learned: Mapping[str, float] | None = None
    scale: float = 1.0

    def of(self, type: str) -> float:
        known = (self.learned or {}).get(type)
        return (known if known is not None else self.kinds.get(type, _AT_ONCE)) / self.scale


class RunProgress:
    """The state of one run. One lock guards it: whoever draws it has a thread of its own."""

    def __init__(self, durations: Durations, steps: Sequence[Step] = ()) -> None:
        self._durations = durations
        self._lock = threading.Lock()
        self._tail: Mapping[str, float] = {}
        self._seconds: Mapping[str, float] = {}
        self._flights: dict[tuple[str, str], Flight] = {}
        self._settled: dict[str, list[float]] = {}
        self._done: set[str] = set()
        self._left: set[str] = set()
        self._retries: Counter[str] = Counter()
        self.plan(steps)

    def plan(self, steps: Sequence[Step]) -> None:
        """Take these steps, too: a second round has its own."""
        timed = {step.name: replace(step, seconds=self._durations.of(step.type)) for step in steps if step.type}
        bare = {step.name: timed.get(step.name, step) for step in steps}
        tail = seconds_to_the_end(bare, dependents_of(steps))
        with self._lock:
            self._tail = {**self._tail, **tail}
            self._seconds = {**self._seconds, **{name: step.seconds for name, step in timed.items()}}

    def hear(self, event: Event) -> None:
        """Take note of an event."""
        with self._lock:
            self._hear(event)

    def _hear(self, event: Event) -> None:
        place = (event.type, event.resource)
        made, taken = build_name(event.resource), delete_name(event.type, event.id)
        match event.kind:
            case EventKind.STARTED:
                self._flights[place] = self._flight(event, str(event.detail.get("action") or ""))
            case EventKind.WAITING:
                since = self._flights[place].since if place in self._flights else event.time
                self._flights[place] = replace(self._flight(event, str(event.detail.get("reason") or "")), since=since)
            case EventKind.READY:
                self._flights.pop(place, None)
                if isinstance(seconds := event.detail.get("seconds"), int | float):
                    self._settled.setdefault(event.type, []).append(seconds)
            case EventKind.RETRYING:
                self._retries[str(event.detail.get("code") or event.detail.get("reason") or "")] += 1
            case kind if kind in _MADE:
                self._made(place, event)
                self._done |= {made} & self._seconds.keys()
            case kind if kind in _TAKEN:
                self._flights.pop(place, None)
                self._done |= {taken} & self._seconds.keys()
            case kind if kind in _LEFT:
                self._flights.pop(place, None)
                self._left |= {made, taken} & self._seconds.keys()

    def _made(self, place: tuple[str, str], event: Event) -> None:
        """What goes on after AWS's answer is waited for, whether anybody asks yet or not."""
        begun = self._flights.pop(place, None)
        if event.kind is EventKind.EXISTS and event.type in self._durations.settling:
            since = begun.since if begun else event.time
            self._flights[place] = replace(self._flight(event, "until ready"), since=since)

    def _flight(self, event: Event, doing: str) -> Flight:
        # What kinds say, and what was learned, is about creations.
        usual = _AT_ONCE if doing in ("delete", "until gone") else self._durations.of(event.type)
        return Flight(event.resource, event.type, doing, event.time, usual)

    @property
    def total(self) -> int:
        """Steps in all."""
        return len(self._seconds)

    @property
    def done(self) -> int:
        """Steps that are done."""
        return len(self._done)

    @property
    def flights(self) -> Sequence[Flight]:
        """What is going on, what has gone on longest first."""
        with self._lock:
            flights = list(self._flights.values())
        return sorted(flights, key=lambda each: each.since)

    @property
    def retries(self) -> Mapping[str, int]:
        """How often something was tried again, by code."""
        with self._lock:
            return dict(self._retries.most_common())

    def learned(self) -> Mapping[str, float]:
        """What this run has seen: by type, the mean of the seconds until ready, AWS's."""
        with self._lock:
            return {type: sum(all) / len(all) for type, all in self._settled.items()}

    def remaining(self, now: float) -> float:
        """Seconds until the end, as far as one can tell: the longest chain of what isn't done, of which what is in
        flight has gone a part already."""
        with self._lock:
            left = {build_name(each.resource): each.left(now) for each in self._flights.values()}
            chains = [
                self._tail[name] - self._seconds[name] + left.get(name, self._seconds[name])
                for name in self._seconds.keys() - self._done - self._left
            ]
        return max([*chains, *left.values()], default=0.0)
