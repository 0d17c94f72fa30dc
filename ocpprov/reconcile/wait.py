"""Waiting until things are ready or gone: one poller for all kinds, many ids in one describe."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ocpprov.aws.codes import Fault
from ocpprov.aws.errors import AwsError
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.events import EventKind
from ocpprov.engine.resources import Live, State
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.inventory import look_at_states

_FIRST_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 10.0
_SECOND_LOOK: Final = 1.0
"""Seconds until something that isn't listed any more is looked for once more."""
_SIGHTINGS: Final = 2
"""How often in a row something mustn't be listed to be gone: AWS's lists may lack for a moment what is there."""
_PASSING: Final = (Fault.THROTTLED, Fault.NOT_SENT, Fault.UNKNOWN_OUTCOME, Fault.NOT_VISIBLE)
"""Faults of a look after which the next one may go well."""


class Goal(Enum):
    """What is waited for."""

    READY = "ready"
    GONE = "gone"


class NotSettled(Exception):
    """It failed, or the time for it is over. The text says which. `reason` is AWS's, empty where AWS gave none."""

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True)
class _Watch:
    kind: Kind
    logical_id: str
    id: str
    goal: Goal
    deadline: float
    future: Future[None]


class Waiter:
    """Polls in a thread of its own, which starts with the first thing to wait for. `close` ends it.

    A lock guards the list of what is watched; futures carry the answers: None, or NotSettled, Interrupted, or the
    AwsError of a look that no repetition helps.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._watched: list[_Watch] = []
        self._unlisted: Counter[str] = Counter()
        self._thread: threading.Thread | None = None

    def watch(self, kind: Kind, logical_id: str, id: str, goal: Goal) -> Future[None]:
        """A future that is done when the resource is ready or gone."""
        seconds = kind.create_deadline if goal is Goal.READY else kind.delete_deadline
        watch = _Watch(kind, logical_id, id, goal, self._context.clock.monotonic() + seconds, Future())
        with self._lock:
            self._watched.append(watch)
            if self._thread is None:
                self._thread = threading.Thread(target=self._poll, name="waiter", daemon=True)
                self._thread.start()
        self._context.tell(EventKind.WAITING, logical_id, kind.type, id, reason=f"until {goal.value}")
        return watch.future

    def _poll(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            with self._lock:
                watched = list(self._watched)
                if not watched:
                    self._thread = None
                    return
            settled = self._look(watched)
            with self._lock:
                self._watched = [watch for watch in self._watched if watch not in settled]
            if not settled:
                doubtful = any(self._unlisted[watch.id] == 1 for watch in watched if watch.goal is Goal.GONE)
                try:
                    self._context.clock.sleep(_SECOND_LOOK if doubtful else pause)
                except Interrupted as error:
                    self._leave(error)
                    return
                pause = min(pause * 1.5, _LONGEST_PAUSE)
            else:
                pause = _FIRST_PAUSE

    def _leave(self, error: BaseException) -> None:
        with self._lock:
            for watch in self._watched:
                watch.future.set_exception(error)
            self._watched.clear()
            self._thread = None

    def _look(self, watched: list[_Watch]) -> list[_Watch]:
        settled: list[_Watch] = []
        for kind in {watch.kind.type: watch.kind for watch in watched}.values():
            group = [watch for watch in watched if watch.kind is kind]
            try:
                seen = look_at_states(kind, self._context.known.found(), self._context.reader)
                lives = {live.id: live for live in seen}
            except AwsError as error:
                settled += [watch for watch in group if self._unseen(watch, error)]
                continue
            settled += [watch for watch in group if self._settle(watch, lives.get(watch.id))]
        return settled

    def _settle(self, watch: _Watch, live: Live | None) -> bool:
        state = live.state if live else State.GONE
        self._unlisted[watch.id] = 0 if live else self._unlisted[watch.id] + 1
        if watch.goal is Goal.GONE and state is State.GONE and (live or self._unlisted[watch.id] >= _SIGHTINGS):
            watch.future.set_result(None)
        elif watch.goal is Goal.READY and state is State.READY:
            self._context.tell(EventKind.READY, watch.logical_id, watch.kind.type, watch.id)
            watch.future.set_result(None)
        elif live and watch.goal is Goal.READY and state is State.BROKEN:
            watch.future.set_exception(
                NotSettled(f"{watch.logical_id} ({watch.id}) failed: {live.reason}", live.reason)
            )
        else:
            return self._overdue(watch)
        return True

    def _unseen(self, watch: _Watch, error: AwsError) -> bool:
        """What becomes of a watch when the look failed."""
        if error.fault not in _PASSING:
            watch.future.set_exception(error)
            return True
        self._context.tell(EventKind.RETRYING, type=watch.kind.type, code=error.code, reason=str(error))
        return self._overdue(watch)

    def _overdue(self, watch: _Watch) -> bool:
        if self._context.clock.monotonic() < watch.deadline:
            return False
        text = (
            f"{watch.logical_id} ({watch.id}) isn't {watch.goal.value} in time; look at it in AWS, then run the same "
            "command again: it goes on from here"
        )
        watch.future.set_exception(NotSettled(text))
        return True
