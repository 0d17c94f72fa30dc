"""A call may be done and its answer never come, or say that it wasn't: the run itself finds out, nothing is double,
nothing is left behind. `test_crash_points` has the same with the end of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import pytest

from ocpprov.sandbox.faults import Fault, FaultKind, Script
from tests.end_to_end.crashing import PARTS, PLANS, SMALL, Case, every_part, every_plan
from tests.support.forking import Points

LOST: Final = {"lost": FaultKind.LOSE_ANSWER, "500-but-done": FaultKind.ERROR_AFTER}
SAMPLE: Final = {
    ("small-network", "destroy", "500-but-done"),
    ("small-balancer", "apply", "500-but-done"),
    ("small-zone", "destroy", "lost"),
    ("small-access", "apply", "lost"),
}
"""With the steps of `SMALL`; `make torture` takes every call of all."""


def answer_lost(case: Case, command: str, loss: FaultKind, number: int, settled: bool) -> None:
    """The run itself has to find out what became of the call."""
    case.bastion.pipeline.set_faults(Script((Fault(loss, call=number),)))
    case.run(command)
    if command == "apply" and settled:
        case.is_settled()
        case.run("destroy")


def answers_lost(case: Case, command: str, loss: FaultKind, numbers: Sequence[int], checked: int = 1) -> Points:
    """What follows from an apply is seen after each `checked`th."""
    points = Points()
    if command == "destroy":
        assert case.bastion.apply(case.plan).code == 0
    for number in numbers:
        name = f"{command} {loss.value} {number}"
        points.try_in_a_copy(name, partial(answer_lost, case, command, loss, number, number % checked == 0))
    return points


@pytest.mark.parametrize(
    ("plan", "command", "loss", "step"),
    [
        pytest.param(plan, command, loss, step, id=f"{plan}-{command}-{name}-{step}", marks=marks)
        for plan, often in SMALL.items()
        for command in ("apply", "destroy")
        for name, loss in LOST.items()
        for step, marks in ((often, []), (1, [pytest.mark.torture]))
        if marks or (plan, command, name) in SAMPLE
    ],
)
def test_a_run_without_an_answer_finds_out_what_became_of_the_call(
    case: Case, command: str, loss: FaultKind, step: int, record_property: Callable[[str, object], None]
) -> None:
    numbers = range(step, case.calls[command] + 1, step)
    points = answers_lost(case, command, loss, numbers, checked=3)
    points.judge(record_property)
    assert points.tried == len(numbers) > 0


@pytest.mark.parametrize(
    "kind", [FaultKind.LOSE_ANSWER, pytest.param(FaultKind.LOSE_REQUEST, marks=pytest.mark.torture)]
)
@pytest.mark.parametrize(
    "plan",
    [
        "small-network",
        "small-zone",
        *(pytest.param(plan, marks=pytest.mark.torture) for plan in (*PLANS, "small-access", "small-balancer")),
    ],
)
def test_a_lost_call_of_every_operation_makes_nothing_twice(case: Case, kind: FaultKind) -> None:
    faults = (Fault(kind, operation=operation, nth=1) for operation in sorted(case.operations))
    case.bastion.pipeline.set_faults(Script(tuple(faults)))
    case.run("apply")
    struck = {call["operation"] for call in case.bastion.pipeline.calls() if call["fault"]}
    # A bucket that is found again has its tags already: that call may not be needed.
    assert case.operations - struck <= {"PutBucketTagging"}
    case.bastion.pipeline.set_faults(Script())
    case.is_settled()
    case.run("destroy")


@pytest.mark.torture
@every_plan
@every_part
@pytest.mark.parametrize("loss", LOST.values(), ids=LOST)
@pytest.mark.parametrize("command", ["apply", "destroy"])
def test_without_the_answer_to_every_call(
    case: Case, command: str, loss: FaultKind, part: int, record_property: Callable[[str, object], None]
) -> None:
    points = answers_lost(case, command, loss, range(1 + part, case.calls[command] + 1, PARTS))
    points.judge(record_property)
    assert points.tried >= case.calls[command] // PARTS
