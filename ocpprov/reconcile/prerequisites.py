"""Waiting, before something is made, for what AWS lets nobody use before it is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.aws.errors import AwsError
from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Live, State
from ocpprov.engine.steps import CreateStep, UpdateStep
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.wait import Goal, NotSettled, Waiter

_LOOK_UP: Final = 0.5
"""Seconds on the wall after which whoever waits looks up whether the run is to stop."""


class PrerequisiteNotReady(Exception):
    """What is needed hasn't become ready, or isn't gone, so that nothing was sent. `needed` and `type` say
    what; `error` is why, None where the run was stopped."""

    def __init__(self, needed: str, type: str, error: Exception | None) -> None:
        super().__init__(f"{needed} isn't ready" if error is None else str(error))
        self.needed = needed
        self.type = type
        self.error = error


@dataclass(frozen=True)
class Prerequisites:
    """What the steps of a run wait for. `stopping` tells whether nothing new is to be begun."""

    graph: Graph
    context: Context
    waiter: Waiter
    stopping: Callable[[], bool]

    def await_ready(self, steps: Sequence[CreateStep | UpdateStep]) -> None:
        """Returns when all that these need is ready. Raises PrerequisiteNotReady, `Interrupted`."""
        pending = {logical_id: live for step in steps for logical_id, live in self._pending(step)}
        if pending:
            with self.context.slots.lent(self.context.clock):
                for logical_id, live in pending.items():
                    self._await(logical_id, live)
            if self.stopping():
                # It may have waited for its place since.
                raise PrerequisiteNotReady(logical_id, live.type, None)

    def _pending(self, step: CreateStep | UpdateStep) -> Iterator[tuple[str, Live]]:
        for needed in sorted(self.graph.needs.get(step.logical_id, ())):
            live = self.context.live_state.current(needed)
            if live and live.state is State.PENDING:
                kind = self.context.kinds[live.type]
                if self.context.pacing.demands(kind, needed, step.resource):
                    yield needed, live

    def _await(self, logical_id: str, live: Live) -> None:
        watch = self.waiter.watch(self.context.kinds[live.type], logical_id, live.id, Goal.READY)
        while True:
            try:
                watch.result(_LOOK_UP)
            except TimeoutError:
                if self.stopping():
                    raise PrerequisiteNotReady(logical_id, live.type, None) from None
            except (AwsError, NotSettled) as error:
                raise PrerequisiteNotReady(logical_id, live.type, error) from error
            else:
                self.context.live_state.add(logical_id, replace(live, state=State.READY))
                return
