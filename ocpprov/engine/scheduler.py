"""Runs steps as soon as what they need is there: a ready-queue, the longest remaining path first, a bounded pool.

Only the thread that calls `run` touches the graph. Workers take a batch of steps and answer through a queue. A failure
stops what depends on it, not its neighbours.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field
from typing import Final

from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.critical_path import dependents_of, seconds_to_the_end
from ocpprov.engine.slots import Slots
from ocpprov.engine.steps import Barrier, Step
from ocpprov.engine.threads import SYSTEM_THREADS, Threads, ThreadsExhausted

Work = Callable[[Sequence[Step]], None]

WAITING_FOR_EACH: Final = 8
"""How many are in flight for each place, those that wait and have lent theirs included: each is a thread."""
_LOOK_UP = 0.2
"""Seconds after which a wish to end is noticed."""
_GRACE = 1.0
"""Seconds for those in flight that only wait for time to pass: they hear of the wish to leave."""


@dataclass(frozen=True)
class Outcome:
    """What became of the steps, by name. `skipped` names the step because of which, or is empty when the run was asked
    to stop before it began."""

    done: frozenset[str]
    failed: Mapping[str, BaseException]
    skipped: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return not self.failed and not self.skipped


@dataclass
class _Run:
    """Where the steps of a run stand. Only the thread that calls `run` touches it.

    `waiting`: by name, what each of those that aren't ready waits for. `ready`: what can be sent, slowest first, each
    by the name of one of its steps. `members`: steps of a batch that are ready, by batch; `missing`: how many of a
    batch are still waiting.
    """

    steps: Mapping[str, Step]
    urgency: Mapping[str, float]
    dependents: Mapping[str, Sequence[str]]
    waiting: dict[str, set[str]] = field(default_factory=dict)
    ready: list[tuple[float, str]] = field(default_factory=list)
    members: dict[Hashable, list[str]] = field(default_factory=dict)
    missing: Counter[Hashable] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)
    failed: dict[str, BaseException] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Put everything that waits for nothing on the queue."""
        self.waiting = {step.name: set(step.after) for step in self.steps.values()}
        self.missing.update(step.batch for step in self.steps.values() if step.batch is not None)
        for name in [name for name, needs in self.waiting.items() if not needs]:
            if isinstance(self.steps[name], Barrier):
                del self.waiting[name]
                self.release(name)
            else:
                self._is_ready(name)

    def release(self, name: str) -> None:
        """It is done."""
        ended = [name]
        while ended:
            one = ended.pop()
            self.done.add(one)
            for dependent in self.dependents[one]:
                needs = self.waiting.get(dependent)
                if needs is not None:
                    needs.discard(one)
                    if not needs and isinstance(self.steps[dependent], Barrier):
                        del self.waiting[dependent]
                        ended.append(dependent)
                    elif not needs:
                        self._is_ready(dependent)

    def fail(self, name: str, error: BaseException) -> None:
        """It failed, so whatever needs it, directly or not, is skipped."""
        self.failed[name] = error
        below = [name]
        while below:
            for dependent in self.dependents[below.pop()]:
                if self.waiting.pop(dependent, None) is not None:
                    self.skipped[dependent] = name
                    below.append(dependent)
                    self._comes_no_more(self.steps[dependent].batch)

    def _is_ready(self, name: str) -> None:
        del self.waiting[name]
        batch = self.steps[name].batch
        if batch is None:
            heapq.heappush(self.ready, (-self.urgency[name], name))
        else:
            self.members.setdefault(batch, []).append(name)
            self._comes_no_more(batch)

    def _comes_no_more(self, batch: Hashable | None) -> None:
        """One of a batch isn't waited for any longer; with the last of them the batch is complete."""
        if batch is not None:
            self.missing[batch] -= 1
            if not self.missing[batch] and batch in self.members:
                heapq.heappush(self.ready, self._place(batch))

    def _place(self, batch: Hashable) -> tuple[float, str]:
        return min((-self.urgency[name], name) for name in self.members[batch])

    def most_urgent(self, *, idle: bool) -> float | None:
        """Seconds to the end of what `next_batch` would give; None when that is nothing."""
        if self.ready:
            return -self.ready[0][0]
        return -min(map(self._place, self.members))[0] if idle and self.members else None

    def next_batch(self, *, idle: bool) -> list[Step]:
        """The next steps to send together. A batch waits for its missing members while anything else can move."""
        if self.ready:
            _, name = heapq.heappop(self.ready)
        elif idle and self.members:
            _, name = min(map(self._place, self.members))
        else:
            return []
        step = self.steps[name]
        if step.batch is None:
            return [step]
        names = self.members.pop(step.batch)
        return [step, *(self.steps[other] for other in sorted(names) if other != name)]

    def left(self) -> Iterator[str]:
        """Steps that were neither begun nor skipped."""
        yield from self.waiting
        yield from (name for names in self.members.values() for name in names)
        yield from (name for _, name in self.ready)


def run(
    steps: Sequence[Step],
    work: Work,
    pool: Executor,
    stopping: Callable[[], bool],
    leaving: Callable[[], bool] = lambda: False,
    slots: Slots | None = None,
    threads: Threads = SYSTEM_THREADS,
) -> Outcome:
    """Run all steps; returns when none is left or, after `stopping()` turns true, when those in flight have ended.
    After `leaving()` turns true it doesn't wait for them either: they count as failed by `Interrupted`.

    A batch is begun when there is one of the `slots` for it, which its worker may lend while it only waits: those that
    would have to wait for one aren't begun, so that a more urgent one can go first, and none goes after `stopping()`.

    `work` does one batch and raises when it fails; the whole batch then counts as failed, unless it raises
    `BatchFailure`, which says which steps did.
    """
    state = _prepare(steps)
    crew = _Crew(state, work, pool, slots or Slots(threads=threads))
    while True:
        crew.begin_all(stopping)
        if not crew.flying:
            break
        if leaving():
            _give_up(state, crew.flying)
            break
        threads.wait([*crew.flying, *crew.asked], _LOOK_UP, first=True)
        for future in [each for each in crew.flying if each.done()]:
            _settle(state, crew.flying.pop(future), future.exception())
    for name in state.left():
        state.skipped.setdefault(name, "")
    work_done = frozenset(name for name in state.done if not isinstance(state.steps[name], Barrier))
    skipped = {name: why for name, why in state.skipped.items() if not isinstance(state.steps[name], Barrier)}
    return Outcome(work_done, state.failed, skipped)


@dataclass
class _Crew:
    """Who is at work: the batches in flight, and the place that is asked for the next one, with its urgency."""

    state: _Run
    work: Work
    pool: Executor
    slots: Slots
    flying: dict[Future[None], Sequence[Step]] = field(default_factory=dict)
    asked: list[Future[None]] = field(default_factory=list)
    urgency: float = 0.0

    def begin_all(self, stopping: Callable[[], bool]) -> None:
        """Begin what there are places for; ask for one for the most urgent of the rest."""
        while len(self.flying) < self.slots.size * WAITING_FOR_EACH and not stopping():
            urgency = self.state.most_urgent(idle=not self.flying)
            if urgency is None:
                break
            if urgency > self.urgency:
                self._withdraw()
            if not self.asked:
                self.asked, self.urgency = [self.slots.ask(urgency)], urgency
            if not self.asked[0].done():
                return
            self.asked, self.urgency = [], 0.0
            batch = self.state.next_batch(idle=not self.flying)
            try:
                self.flying[self.pool.submit(self._in_its_place, urgency, batch)] = batch
            except ThreadsExhausted as error:
                self.slots.give_back()
                _settle(self.state, batch, error)
        self._withdraw()

    def _withdraw(self) -> None:
        for place in self.asked:
            self.slots.withdraw(place)
        self.asked, self.urgency = [], 0.0

    def _in_its_place(self, urgency: float, batch: Sequence[Step]) -> None:
        with self.slots.held(urgency):
            self.work(batch)


def _give_up(state: _Run, flying: Mapping[Future[None], Sequence[Step]]) -> None:
    wait(flying, timeout=_GRACE)
    for future, batch in flying.items():
        _settle(state, batch, future.exception() if future.done() else Interrupted())


class BatchFailure(Exception):
    """Some steps of a batch failed: each with its own error."""

    def __init__(self, errors: Mapping[str, BaseException]) -> None:
        super().__init__("; ".join(str(error) for error in errors.values()))
        self.errors = errors


def _settle(state: _Run, batch: Sequence[Step], error: BaseException | None) -> None:
    errors = error.errors if isinstance(error, BatchFailure) else {}
    for step in batch:
        own = errors.get(step.name) if errors else error
        if own is None:
            state.release(step.name)
        else:
            state.fail(step.name, own)


def _prepare(steps: Sequence[Step]) -> _Run:
    by_name = {step.name: step for step in steps}
    dependents = dependents_of(steps)
    state = _Run(by_name, seconds_to_the_end(by_name, dependents), dependents)
    state.begin()
    return state
