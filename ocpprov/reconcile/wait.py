"""Waiting until things are ready or gone: one poller for all kinds, many ids in one describe."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.retry import Retry
from ocpprov.engine.events import EventKind
from ocpprov.engine.protocols import Clock
from ocpprov.engine.resources import Live, State
from ocpprov.engine.threads import SYSTEM_THREADS, Threads
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.observe import observe_states

_FIRST_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 10.0
_SECOND_LOOK: Final = 1.0
"""Seconds until something that isn't listed any more is looked for once more."""
_SIGHTINGS: Final = 2
"""How often in a row something mustn't be listed to be gone: AWS's lists may lack for a moment what is there."""
_LOOK_UP: Final = 0.2
"""Seconds on the wall after which whoever waits looks up whether the time is over, or the run was asked to leave."""
_LATE: Final = 5.0
"""Seconds on the wall for a look that is on its way when the time is over. One that hangs takes a minute and more."""
_PASSING: Final = (ErrorClass.THROTTLED, ErrorClass.NOT_SENT, ErrorClass.UNKNOWN_OUTCOME, ErrorClass.NOT_VISIBLE)
"""Faults of a look after which the next one may go well."""


class Goal(Enum):
    """What is waited for."""

    READY = "ready"
    GONE = "gone"


class NotSettled(Exception):
    """It failed, or the time for it is over (`is_late`). The text says which. `reason` is in AWS's words: why it
    failed, or why it couldn't be looked at any more; empty where AWS said nothing."""

    def __init__(self, text: str, reason: str = "", *, is_late: bool = False) -> None:
        super().__init__(text)
        self.reason = reason
        self.is_late = is_late


@dataclass(eq=False)
class Watch:
    """One thing that is waited for, until `deadline` (seconds of the clock). `refusal` is why it couldn't be looked at
    the last time, None when it could; `for_whom` who else has to do something first, in words."""

    kind: Kind
    logical_id: str
    id: str
    goal: Goal
    deadline: float
    clock: Clock
    future: Future[None] = field(default_factory=Future)
    refusal: AwsMessage | None = None
    threads: Threads = SYSTEM_THREADS
    for_whom: str = ""

    def result(self, timeout: float | None = None) -> None:
        """Returns when it is ready or gone. Raises NotSettled, AwsError, `Interrupted` when the run is asked to leave,
        and TimeoutError after so many seconds on the wall.

        Whatever becomes of the thread that looks, this ends: the time is over here, too.
        """
        started = time.monotonic()
        while not self.threads.wait([self.future], _LOOK_UP if timeout is None else min(_LOOK_UP, timeout)):
            self.clock.sleep(0)
            if timeout is not None and time.monotonic() - started >= timeout:
                raise TimeoutError
            if self.overdue() and not self.threads.wait([self.future], _LATE):
                raise self.late()
        self.future.result()

    def overdue(self) -> bool:
        return self.clock.monotonic() >= self.deadline

    def late(self) -> NotSettled:
        refusal = self.refusal
        looked = f", and the last look at it failed ({refusal})" if refusal else ""
        first = f": {self.for_whom}; when that is done," if self.for_whom else "; look at it in AWS, then"
        return NotSettled(
            f"{self.logical_id} ({self.id}) isn't {self.goal.value} in time{looked}{first} run the same command again: "
            "it goes on from here",
            # Without a request's id they are words of botocore's, and AWS has said nothing.
            str(refusal) if refusal and refusal.request_id else "",
            is_late=True,
        )

    def unread(self, error: Exception) -> str:
        return (
            f"{self.logical_id} ({self.id}) was looked at, and AWS's answer can't be read "
            f"({type(error).__name__}: {error}); look at it in AWS, then run the same command again"
        )

    def fail(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class Waiter:
    """Polls in a thread of its own, which starts with the first thing to wait for and ends with the last.

    A lock guards the list of what is watched; futures carry the answers: None, or NotSettled, Interrupted, or the
    AwsError of a look that no repetition helps. A thread that dies fails all that it watched.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._watched: list[Watch] = []
        self._unlisted: Counter[Watch] = Counter()
        self._polling = False

    def watch(self, kind: Kind, logical_id: str, id: str, goal: Goal) -> Watch:
        """Its `result` comes when the resource is ready or gone."""
        seconds = kind.create_deadline if goal is Goal.READY else kind.delete_deadline
        clock, threads = self._context.clock, self._context.threads
        watch = Watch(kind, logical_id, id, goal, clock.monotonic() + seconds, clock, threads=threads)
        with self._lock:
            self._watched.append(watch)
            if not self._polling:
                threads.start(self._poll, "waiter")
                self._polling = True
        self._context.tell(EventKind.WAITING, logical_id, kind.type, id, reason=f"until {goal.value}")
        return watch

    def _poll(self) -> None:
        try:
            self._poll_until_settled()
        except BaseException as error:
            # Whatever it is, `Interrupted` among others: they would wait for a thread that is gone.
            with self._lock:
                for watch in self._watched:
                    watch.fail(error)
                self._watched.clear()
                self._polling = False

    def _poll_until_settled(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            with self._lock:
                watched = list(self._watched)
                if not watched:
                    self._polling = False
                    return
            settled = self._look(watched)
            with self._lock:
                self._watched = [watch for watch in self._watched if watch not in settled]
            if not settled:
                doubtful = any(self._unlisted[watch] == 1 for watch in watched if watch.goal is Goal.GONE)
                self._context.clock.sleep(_SECOND_LOOK if doubtful else pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE)
            else:
                pause = _FIRST_PAUSE

    def _look(self, watched: Sequence[Watch]) -> list[Watch]:
        settled: list[Watch] = []
        for kind in {watch.kind.type: watch.kind for watch in watched}.values():
            group = [watch for watch in watched if watch.kind is kind]
            reader = self._context.reader.heard_by(partial(_refused, group))
            try:
                seen = observe_states(kind, self._context.live_state.found(), reader)
                lives = {live.id: live for live in seen}
            except AwsError as error:
                settled += [watch for watch in group if self._unseen(watch, error)]
                continue
            except Exception as error:
                # An answer that this kind can't read concerns none of the others.
                for watch in group:
                    watch.fail(NotSettled(watch.unread(error)))
                settled += group
                continue
            settled += [watch for watch in group if self._settle(watch, lives.get(watch.id))]
        return settled

    def _settle(self, watch: Watch, live: Live | None) -> bool:
        watch.refusal = None
        state = live.state if live else State.GONE
        self._unlisted[watch] = 0 if live else self._unlisted[watch] + 1
        if watch.goal is Goal.GONE and state is State.GONE and (live or self._unlisted[watch] >= _SIGHTINGS):
            watch.future.set_result(None)
        elif watch.goal is Goal.READY and state is State.READY:
            self._context.tell(EventKind.READY, watch.logical_id, watch.kind.type, watch.id)
            watch.future.set_result(None)
        elif live and watch.goal is Goal.READY and state is State.BROKEN:
            watch.fail(NotSettled(f"{watch.logical_id} ({watch.id}) failed: {live.reason}", live.reason))
        else:
            self._tell_for_whom(watch, live.reason if live and state is State.PENDING else "")
            return self._overdue(watch)
        return True

    def _tell_for_whom(self, watch: Watch, reason: str) -> None:
        """What somebody else has to do is said at once, as waiting alone doesn't help."""
        if reason and reason != watch.for_whom:
            told = f"until {watch.goal.value}: {reason}"
            self._context.tell(EventKind.WAITING, watch.logical_id, watch.kind.type, watch.id, reason=told)
        watch.for_whom = reason

    def _unseen(self, watch: Watch, error: AwsError) -> bool:
        """What becomes of a watch when the look failed."""
        if error.error_class not in _PASSING:
            watch.fail(error)
            return True
        watch.refusal = error.aws
        self._context.tell(EventKind.RETRYING, type=watch.kind.type, code=error.code, reason=str(error))
        return self._overdue(watch)

    def _overdue(self, watch: Watch) -> bool:
        if watch.overdue():
            watch.fail(watch.late())
        return watch.future.done()


def _refused(group: Sequence[Watch], retry: Retry) -> None:
    """A look goes on for as long as AWS refuses it, and may do so beyond the time of what is looked for."""
    for watch in group:
        watch.refusal = retry.aws
