"""Waiting until things are ready or gone: one poller for each type, many ids in one describe."""

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
from ocpprov.engine.poll_times import EARLY, EARLY_OF_WHAT_GOES, SHORTEST, next_look, shared_look
from ocpprov.engine.protocols import Clock
from ocpprov.engine.resources import Live, State
from ocpprov.engine.slots import Slots
from ocpprov.engine.threads import SYSTEM_THREADS, Threads, ThreadsExhausted
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.observe import observe_states

_SECOND_LOOK: Final = 1.0
"""Seconds until something that isn't listed any more is looked for once more."""
_SIGHTINGS: Final = 2
"""How often in a row something mustn't be listed to be gone: AWS's lists may lack for a moment what is there."""
_ABOUT: Final = 1.1
"""By how much longer than until the look before something may have taken to be learned from: else nobody looked."""
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
    """It failed, or the time for it is over (`is_late`), perhaps while AWS showed it to nobody any more (`is_unseen`).
    The text says which. `reason` is in AWS's words: why it failed, or why it couldn't be looked at any more; empty
    where AWS said nothing."""

    def __init__(self, text: str, reason: str = "", *, is_late: bool = False, is_unseen: bool = False) -> None:
        super().__init__(text)
        self.reason = reason
        self.is_late = is_late
        self.is_unseen = is_unseen


@dataclass(eq=False)
class Watch:
    """One thing that is waited for, until `deadline` (seconds of the clock, as all of these). `refusal` is why it
    couldn't be looked at the last time, None when it could; `for_whom` who else has to do something first, in words.

    AWS `began` with it then, and takes `least` seconds at least, as far as is known. It is `due` for a look then, and
    was `seen_pending` by the last one."""

    kind: Kind
    logical_id: str
    id: str
    goal: Goal
    deadline: float
    clock: Clock
    future: Future[None] = field(default_factory=Future)
    refusal: AwsMessage | None = None
    threads: Threads = SYSTEM_THREADS
    slots: Slots = field(default_factory=Slots)
    for_whom: str = ""
    began: float = 0.0
    least: float = 0.0
    due: float = 0.0
    seen_pending: float | None = None

    def next_look(self, elapsed: float) -> float:
        """Seconds of the clock at which to look when it isn't done so long after AWS began with it."""
        early = EARLY if self.goal is Goal.READY else EARLY_OF_WHAT_GOES
        return self.began + next_look(self.least, elapsed, early)

    def failed(self) -> bool:
        return self.future.done() and self.future.exception() is not None

    def result(self, timeout: float | None = None) -> None:
        """Returns when it is ready or gone. Raises NotSettled, AwsError, `Interrupted` when the run is asked to leave,
        and TimeoutError after so many seconds on the wall.

        Whatever becomes of the thread that looks, this ends: the time is over here, too. A worker lends its place.
        """
        if not self.future.done():
            with self.slots.lent(self.clock):
                self._wait(timeout)
        self.future.result()

    def _wait(self, timeout: float | None) -> None:
        started = time.monotonic()
        while not self.threads.wait([self.future], _LOOK_UP if timeout is None else min(_LOOK_UP, timeout)):
            self.clock.sleep(0)
            if timeout is not None and time.monotonic() - started >= timeout:
                raise TimeoutError
            if self.overdue() and not self.threads.wait([self.future], _LATE):
                raise self.late(unanswered=True)

    def overdue(self) -> bool:
        return self.clock.monotonic() >= self.deadline

    def late(self, *, unanswered: bool = False) -> NotSettled:
        """What to raise when the time is over; `unanswered`: while a look is on its way."""
        refusal = self.refusal
        unseen = f"failed ({refusal})" if refusal else "has no answer" if unanswered else ""
        looked = f", and the last look at it {unseen}: nobody has looked at AWS since" if unseen else ""
        first = f": {self.for_whom}; when that is done," if self.for_whom else "; look at it in AWS, then"
        return NotSettled(
            f"{self.logical_id} ({self.id}) isn't {self.goal.value} in time{looked}{first} run the same command again: "
            "it goes on from here",
            # Without a request's id they are words of botocore's, and AWS has said nothing.
            str(refusal) if refusal and refusal.request_id else "",
            is_late=True,
            is_unseen=bool(unseen),
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
    """Looks at what is waited for: one poller for each type, in a thread of its own, which ends when nothing of the
    type is left. It looks when AWS could be done, at all of the type at once (`engine/poll_times.py`).

    A lock guards the list of what is watched; futures carry the answers: None, or NotSettled, Interrupted, or the
    AwsError of a look that no repetition helps. A thread that dies fails all that it watched.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._watched: dict[str, list[Watch]] = {}
        self._turns: dict[str, _Turn] = {}
        self._known: dict[tuple[str, str, Goal], Watch] = {}
        self._unlisted: Counter[Watch] = Counter()

    def watch(self, kind: Kind, logical_id: str, id: str, goal: Goal, since: float | None = None) -> Watch:
        """Its `result` comes when the resource is ready or gone. Who asks again gets the same one, unless that failed.
        The time for it begins now. `since`: seconds of the clock at which AWS began to delete it, if that isn't now."""
        key = (kind.type, id, goal)
        with self._lock:
            watch = self._known.get(key)
            if watch and not watch.failed():
                return watch
            watch = self._known[key] = self._new_watch(kind, logical_id, id, goal, since)
            self._watched.setdefault(kind.type, []).append(watch)
            turn = self._turns.get(kind.type)
            if turn is None or watch.due < turn.at:
                # Who sleeps longer finds that it isn't its turn any more.
                self._begin(kind, watch.due)
        self._context.tell(EventKind.WAITING, logical_id, kind.type, id, reason=f"until {goal.value}")
        return watch

    def _new_watch(self, kind: Kind, logical_id: str, id: str, goal: Goal, since: float | None) -> Watch:
        context, is_creation = self._context, goal is Goal.READY
        now = context.clock.monotonic()
        live = context.live_state.current(logical_id)
        made = context.pacing.least(kind, live.properties if live else {})
        least = made if is_creation else kind.typical_deletion_seconds
        if is_creation:
            began = context.live_state.made_at(kind.type, id)
        else:
            began = None if context.live_state.was_going(kind.type, id) else now if since is None else since
        deadline = now + (kind.create_deadline if is_creation else kind.delete_deadline)
        # Of what an earlier run has begun nobody knows how long ago: it may be done, as may be what took long enough.
        elapsed = least if began is None else now - began
        watch = Watch(
            kind,
            logical_id,
            id,
            goal,
            deadline,
            context.clock,
            threads=context.threads,
            slots=context.slots,
            began=now - elapsed,
            least=least,
        )
        # Nobody has looked yet, though the time for the first look may be over.
        watch.due = now if elapsed >= least else max(now, watch.next_look(0.0))
        return watch

    def _begin(self, kind: Kind, at: float) -> None:
        turn = _Turn(at)
        # It waits for the lock, so that it finds its turn.
        self._context.threads.start(partial(self._poll, kind, turn), "waiter")
        self._turns[kind.type] = turn

    def _poll(self, kind: Kind, turn: _Turn) -> None:
        following: _Turn | None = turn
        try:
            while following is not None:
                following = self._take(kind, following)
        except BaseException as error:
            # Whatever it is, `Interrupted` among others: they would wait for a thread that is gone.
            with self._lock:
                for watch in self._watched.pop(kind.type, ()):
                    watch.fail(error)
                self._turns.pop(kind.type, None)

    def _take(self, kind: Kind, turn: _Turn) -> _Turn | None:
        """Look when it is time; the next turn, None when there is none, or somebody else's comes first."""
        clock = self._context.clock
        clock.sleep(max(0.0, turn.at - clock.monotonic()))
        with self._lock:
            if self._turns.get(kind.type) is not turn:
                return None
            group = list(self._watched[kind.type])
        settled = self._look(kind, group)
        with self._lock:
            left = [watch for watch in self._watched[kind.type] if watch not in settled]
            if left:
                self._watched[kind.type] = left
                following = self._turns[kind.type] = _Turn(_when(left))
                return following
            del self._watched[kind.type], self._turns[kind.type]
            return None

    def _look(self, kind: Kind, group: Sequence[Watch]) -> list[Watch]:
        """Those that need no further look. The others have been told when their next one is due."""
        reader = self._context.reader.heard_by(partial(_refused, group))
        try:
            seen = observe_states(kind, self._context.live_state.found(), reader)
            lives = {live.id: live for live in seen}
        except AwsError as error:
            return [watch for watch in group if self._unseen(watch, error)]
        except ThreadsExhausted:
            raise
        except Exception as error:
            # An answer that this kind can't read concerns none of the others.
            for watch in group:
                watch.fail(NotSettled(watch.unread(error)))
            return list(group)
        return [watch for watch in group if self._settle(watch, lives.get(watch.id))]

    def _settle(self, watch: Watch, live: Live | None) -> bool:
        watch.refusal = None
        state = live.state if live else State.GONE
        self._unlisted[watch] = 0 if live else self._unlisted[watch] + 1
        if watch.goal is Goal.GONE and state is State.GONE and (live or self._unlisted[watch] >= _SIGHTINGS):
            watch.future.set_result(None)
        elif watch.goal is Goal.READY and state is State.READY:
            took = {"seconds": seconds} if (seconds := self._took(watch)) is not None else {}
            self._context.tell(EventKind.READY, watch.logical_id, watch.kind.type, watch.id, **took)
            watch.future.set_result(None)
        elif live and watch.goal is Goal.READY and state is State.BROKEN:
            watch.fail(NotSettled(f"{watch.logical_id} ({watch.id}) failed: {live.reason}", live.reason))
        else:
            self._tell_for_whom(watch, live.reason if live and state is State.PENDING else "")
            return self._goes_on(watch, in_doubt=watch.goal is Goal.GONE and self._unlisted[watch] > 0)
        return True

    def _took(self, watch: Watch) -> float | None:
        """How long it took to get ready, where this run has made it and the look was about when it got so."""
        if self._context.live_state.made_at(watch.kind.type, watch.id) is None:
            return None
        took = self._context.clock.monotonic() - watch.began
        pending = watch.seen_pending - watch.began if watch.seen_pending is not None else 0.0
        return round(took, 3) if took <= max(pending, watch.least, SHORTEST) * _ABOUT else None

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
        return self._goes_on(watch)

    def _goes_on(self, watch: Watch, *, in_doubt: bool = False) -> bool:
        """Whether its time is over. If not, it is told when to be looked at next."""
        if watch.overdue():
            watch.fail(watch.late())
            return True
        now = self._context.clock.monotonic()
        watch.seen_pending = now
        watch.due = min(now + _SECOND_LOOK if in_doubt else watch.next_look(now - watch.began), watch.deadline)
        return watch.future.done()


@dataclass(frozen=True, eq=False)
class _Turn:
    """One look to come at a type: when, in seconds of the clock. Whoever holds another one isn't the one to look."""

    at: float


def _when(watches: Sequence[Watch]) -> float:
    first = min(watches, key=lambda watch: watch.due)
    return shared_look([watch.due for watch in watches], first.due - first.began)


def _refused(group: Sequence[Watch], retry: Retry) -> None:
    """A look goes on for as long as AWS refuses it, and may do so beyond the time of what is looked for."""
    for watch in group:
        watch.refusal = retry.aws
