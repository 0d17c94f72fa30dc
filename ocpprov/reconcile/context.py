"""What every worker of a run shares: the clients, the clock, the journal, and what is known of AWS so far."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from ocpprov.aws.clients import Clients
from ocpprov.aws.reads import Reader
from ocpprov.aws.retry import Retry, RetryPolicy, call
from ocpprov.engine.actions import Actions
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import claimed_by
from ocpprov.engine.protocols import Clock, EventSink
from ocpprov.engine.resources import Live, Owner, Resource, State
from ocpprov.engine.slots import Slots
from ocpprov.engine.threads import SYSTEM_THREADS, Threads
from ocpprov.engine.values import GetAtt, Ref, Value, resolve_properties
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.reads import Found
from ocpprov.reconcile.pacing import AS_AWS_DEMANDS, Pacing
from ocpprov.runs.journal import Journal


class LiveState:
    """Live resources by logical id and by type, as the run goes on. One lock guards both. `start` is what was known
    before AWS was read."""

    def __init__(self, actions: Actions, inventory: Inventory, start: Found) -> None:
        self._lock = threading.Lock()
        self._start = start
        self.given = start.given - start.made
        self._current = dict(actions.current)
        self._lives: dict[str, dict[str, Live]] = {}
        for live in inventory:
            self._lives.setdefault(live.type, {})[live.id] = live
        self._unproven = frozenset(claim.place for claim in actions.unproven)
        self._seen = {(live.type, live.id): live for live in inventory}
        self._removed: dict[tuple[str, str], float] = {}
        self.before = frozenset((live.type, live.id) for live in inventory)
        self._going = frozenset((live.type, live.id) for live in inventory if live.state is State.DELETING)
        self._made_at: dict[tuple[str, str], float] = {}

    def add(self, logical_id: str, live: Live, made_at: float | None = None) -> None:
        """This is now the current one. `made_at`: seconds of the clock when AWS said that it had begun to make it."""
        with self._lock:
            if made_at is not None:
                self._made_at[(live.type, live.id)] = made_at
            self._current[logical_id] = live
            self._seen[(live.type, live.id)] = live
            self._lives.setdefault(live.type, {})[live.id] = live

    def remove(self, live: Live, at: float = 0.0) -> None:
        """It is gone since `at`, in seconds of the clock."""
        with self._lock:
            self._lives.get(live.type, {}).pop(live.id, None)
            self._removed[live.type, live.id] = at

    def gone(self) -> list[tuple[Live, float]]:
        """What this run deleted, each with since when it is gone."""
        with self._lock:
            return [(self._seen[place], at) for place, at in self._removed.items() if place in self._seen]

    def ours_ever(self, type: str) -> list[Live]:
        """Those of a type that were ours at any time of this run, gone ones included."""
        with self._lock:
            seen = [live for (seen_type, _), live in self._seen.items() if seen_type == type]
        return [live for live in seen if self.is_ours(live)]

    def removed(self, type: str) -> frozenset[str]:
        """Ids of those of a type that this run deleted. AWS may list them for a while."""
        with self._lock:
            there = self._lives.get(type, {})
            return frozenset(id for seen, id in self._seen if seen == type and id not in there)

    def made_at(self, type: str, id: str) -> float | None:
        """Seconds of the clock when AWS began to make it; None for what this run hasn't made."""
        with self._lock:
            return self._made_at.get((type, id))

    def was_going(self, type: str, id: str) -> bool:
        """Whether its deletion had begun before this run."""
        return (type, id) in self._going

    def is_ours(self, live: Live) -> bool:
        """Whether its tags say so, and it can be true."""
        return claimed_by(live, self._start.owner) and (live.type, live.id) not in self._unproven

    def is_claimed(self, live: Live) -> bool:
        """Whether its tags say that it is this plan's, and nothing shows it."""
        return (live.type, live.id) in self._unproven

    def current(self, logical_id: str) -> Live | None:
        with self._lock:
            return self._current.get(logical_id)

    def by_logical_id(self) -> dict[str, Live]:
        with self._lock:
            return dict(self._current)

    def found(self) -> Found:
        """What a kind's reads may build on."""
        with self._lock:
            lives = {type: tuple(by_id.values()) for type, by_id in self._lives.items()}
        return replace(self._start, lives=lives)

    def lookup(self, reference: Ref | GetAtt) -> Value:
        """The value of a reference. Raises KeyError for what doesn't exist, which the order of steps rules out."""
        with self._lock:
            live = self._current[reference.logical_id]
        if isinstance(reference, Ref):
            return live.ref or live.id
        return live.attributes[reference.attribute]


def _unnoted(_names: Iterable[str], _urgency: float) -> AbstractContextManager[object]:
    return nullcontext()


@dataclass(frozen=True)
class Context:
    """The surroundings of one run's work. Safe to share between threads. The calls of a thread are noted as being for
    the logical ids that `about` is told, and as urgent as it is told, in seconds, as long as its context lasts."""

    owner: Owner
    kinds: Mapping[str, Kind]
    clients: Clients
    reader: Reader
    clock: Clock
    journal: Journal
    events: EventSink
    live_state: LiveState
    quiet_window: Sequence[float] = field(default=(1, 2, 3, 5, 8, 13))
    about: Callable[[Iterable[str], float], AbstractContextManager[object]] = _unnoted
    threads: Threads = SYSTEM_THREADS
    pacing: Pacing = AS_AWS_DEMANDS
    slots: Slots = field(default_factory=Slots)

    def properties(self, kind: Kind, resource: Resource) -> dict[str, Any]:
        """The resource's properties, references resolved and normalised."""
        return dict(kind.normalise(resolve_properties(resource.properties, self.live_state.lookup)))

    def send(self, request: Callable[[], Any], retries: RetryPolicy, logical_id: str, type: str) -> Any:
        """Send through the one retry layer, telling of every repetition. Raises AwsError."""

        def on_retry(retry: Retry) -> None:
            self.tell(
                EventKind.RETRYING,
                logical_id,
                type,
                code=retry.aws.code,
                seconds=retry.wait,
                reason=retry.error_class.value,
            )

        return call("", request, clock=self.clock, retryable=retries, on_retry=on_retry)

    def tell(self, kind: EventKind, resource: str = "", type: str = "", id: str = "", **detail: object) -> None:
        self.events.emit(Event(kind, self.clock.now(), resource, type, id, detail))
