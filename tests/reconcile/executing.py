"""What the tests of whole runs share."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from ocpprov.engine.cancel import Cancellation
from ocpprov.engine.resources import Live
from ocpprov.engine.steps import (
    CreateStep,
    Step,
)
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.execute import Result, execute
from tests.reconcile.things import KINDS, Gateway, Rule
from tests.reconcile.world import THING, World, step_of, wanted

GATEWAY, RULE = KINDS[Gateway.type], KINDS[Rule.type]


def creation(logical_id: str, *after: str, kind: Kind = THING, **more: Any) -> CreateStep:
    """A step that waits for those that make these."""
    return replace(step_of(wanted(kind, logical_id)), after=frozenset(f"build {needed}" for needed in after), **more)


def ran(
    world: World,
    *steps: Step,
    cancellation: Cancellation | None = None,
    concurrency: int = 1,
    current: Mapping[str, Live] | None = None,
) -> Result:
    """The run's result, within ten seconds on the wall; whatever it raises."""
    cancellation = cancellation or Cancellation()
    world.clock.leave = cancellation.leave
    answer: Future[Result] = Future()

    def run() -> None:
        try:
            actions = world.actions(*steps, current=current)
            answer.set_result(execute(actions, world.context, cancellation, concurrency))
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer.result(10)


def failed(result: Result) -> list[tuple[str, type[BaseException]]]:
    return [(failure.resource, type(failure.error)) for failure in result.failures]
