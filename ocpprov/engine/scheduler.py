"""Runs steps as soon as what they need is there: a ready-queue, the longest remaining path first, a bounded pool.

Only the thread that calls `run` touches the graph. Workers take a batch of steps and answer through a queue. A failure
stops what depends on it, not its neighbours.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field

from ocpprov.engine.actions import Step
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.ranks import dependents_of, ranks

Work = Callable[[Sequence[Step]], None]

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
    steps: Mapping[str, Step]
    rank: Mapping[str, float]
    dependents: Mapping[str, Sequence[str]]
    waiting: dict[str, set[str]]
    ready: list[tuple[float, str]] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    failed: dict[str, BaseException] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)

    def release(self, name: str) -> None:
        self.done.add(name)
        for dependent in self.dependents[name]:
            needs = self.waiting.get(dependent)
            if needs is not None:
                needs.discard(name)
                if not needs:
                    del self.waiting[dependent]
                    heapq.heappush(self.ready, (-self.rank[dependent], dependent))

    def fail(self, name: str, error: BaseException) -> None:
        self.failed[name] = error
        below = [name]
        while below:
            for dependent in self.dependents[below.pop()]:
                if self.waiting.pop(dependent, None) is not None:
                    self.skipped[dependent] = name
                    below.append(dependent)

    def next_batch(self, *, idle: bool) -> list[Step]:
        """The next steps to send together. A batch waits for its missing members while anything else can move."""
        held: list[tuple[float, str]] = []
        chosen: list[Step] = []
        while self.ready and not chosen:
            place = heapq.heappop(self.ready)
            step = self.steps[place[1]]
            if step.batch is None:
                chosen = [step]
            elif idle_now := idle and not self.ready:
                chosen = self._members(step, held, partial=idle_now)
            else:
                chosen = self._members(step, held, partial=False)
                if not chosen:
                    held.append(place)
        taken = {step.name for step in chosen}
        for place in held:
            if place[1] not in taken:
                heapq.heappush(self.ready, place)
        return chosen

    def _members(self, step: Step, held: Sequence[tuple[float, str]], *, partial: bool) -> list[Step]:
        missing = [name for name in self.waiting if self.steps[name].batch == step.batch]
        if missing and not partial:
            return []
        queued = [name for _, name in (*self.ready, *held) if self.steps[name].batch == step.batch]
        self.ready = [place for place in self.ready if place[1] not in queued]
        heapq.heapify(self.ready)
        return [step, *(self.steps[name] for name in sorted(queued))]


def run(
    steps: Sequence[Step],
    work: Work,
    pool: Executor,
    stopping: Callable[[], bool],
    leaving: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Run all steps; returns when none is left or, after `stopping()` turns true, when those in flight have ended.
    After `leaving()` turns true it doesn't wait for them either: they count as failed by `Interrupted`.

    `work` does one batch and raises when it fails; the whole batch then counts as failed, unless it raises
    `BatchFailure`, which says which steps did.
    """
    state = _prepare(steps)
    flying: dict[Future[None], Sequence[Step]] = {}
    while True:
        while not stopping():
            batch = state.next_batch(idle=not flying)
            if not batch:
                break
            flying[pool.submit(work, batch)] = batch
        if not flying:
            break
        if leaving():
            _give_up(state, flying)
            break
        finished, _ = wait(flying, timeout=_LOOK_UP, return_when=FIRST_COMPLETED)
        for future in finished:
            _settle(state, flying.pop(future), future.exception())
    for name in [*state.waiting, *(name for _, name in state.ready)]:
        state.skipped.setdefault(name, "")
    return Outcome(frozenset(state.done), state.failed, state.skipped)


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
    rank = ranks(by_name, dependents)
    waiting = {step.name: set(step.after) for step in steps if step.after}
    ready = [(-rank[step.name], step.name) for step in steps if not step.after]
    heapq.heapify(ready)
    return _Run(by_name, rank, dependents, waiting, ready)
