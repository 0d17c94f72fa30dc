"""A run: what fails, what is left out because of it, what is awaited, and how it is interrupted."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.errors import AwsError
from ocpprov.engine import scheduler
from ocpprov.engine.cancel import Cancellation, Interrupted
from ocpprov.engine.events import EventKind
from ocpprov.engine.resources import Live, State
from ocpprov.engine.steps import (
    Barrier,
    CreateStep,
    DetachStep,
    RetainStep,
    Step,
    TagEdit,
    TagStep,
    UpdateStep,
)
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile import wait
from ocpprov.reconcile.execute import Failure, Result, execute
from ocpprov.reconcile.wait import NotSettled
from tests.reconcile.cloud import NEVER, Becomes, Cloud, Parts, answered, listing, raising, refused, unanswered
from tests.reconcile.things import KINDS, Gateway, Rule
from tests.reconcile.world import THING, World, deletion_of, live_of, step_of, wanted

GATEWAY, RULE = KINDS[Gateway.type], KINDS[Rule.type]
WINDOW = 32


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


def test_each_sort_of_step_is_done(tmp_path: Path) -> None:
    world = World(tmp_path)
    lives = {name: live_of(world.has(THING, f"t-{name.lower()}", Name=name)) for name in "BCDEF"}
    edit = TagEdit({"team": "blue"})
    steps: list[Step] = [
        creation("A"),
        UpdateStep(
            name="b",
            type=THING.type,
            logical_id="B",
            after=frozenset({"build A"}),
            resource=wanted(THING, "B", Size=4),
            live=lives["B"],
            changed=["Size"],
        ),
        DetachStep(
            name="c", type=THING.type, logical_id="C", after=frozenset("b"), live=lives["C"], rest={"Members": ["x"]}
        ),
        replace(deletion_of("D", lives["D"]), name="d", after=frozenset("c")),
        RetainStep(
            name="e", type=THING.type, logical_id="E", after=frozenset("d"), live=lives["E"], tags=TagEdit(remove=["x"])
        ),
        Barrier(name="all", after=frozenset("e")),
        TagStep(name="f", type=THING.type, logical_id="F", after=frozenset({"all"}), live=lives["F"], tags=edit),
    ]
    result = ran(world, *steps, concurrency=4)
    assert world.cloud.sent == [
        "create A t1",
        "update t-b Size=4",
        "update t-c Members=['x']",
        "delete t-d",
        "tag t-e -x",
        "tag t-f +team",
    ]
    assert result.ok
    assert result.done == {"build A", "b", "c", "d", "e", "f"}
    assert result.current.keys() == {"A", "C"}
    assert (result.failures, result.skipped, result.unsettled, result.interrupted) == ([], {}, [], False)


def test_a_failure_stops_what_needs_it_and_nothing_else(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", refused("InvalidParameterValue"))
    steps = [creation("A", seconds=9), creation("B", "A"), creation("C", "B"), creation("D")]
    result = ran(world, *steps)
    assert world.cloud.sent == ["create A t1", "create D t2"]
    assert failed(result) == [("A", AwsError)]
    assert result.failures[0].type == THING.type
    assert result.skipped == {"B": "A", "C": "A"}
    assert result.done == {"build D"}
    assert not result.ok
    assert not result.interrupted
    assert world.events.texts()[-3:] == ["failed A", "skipped B", "skipped C"]
    [failure] = world.events.of(EventKind.FAILED)
    assert (failure.type, failure.detail) == (THING.type, {"reason": str(result.failures[0].error)})
    assert [event.detail for event in world.events.of(EventKind.SKIPPED)] == [{"reason": "because of A"}] * 2


def test_a_batch_is_one_call_and_fails_whole(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", refused("InvalidParameterValue"))
    steps = [creation(name, kind=RULE, batch="group") for name in "AB"]
    result = ran(world, *steps)
    assert world.cloud.sent == ["create A+B t1+t2"]
    assert failed(result) == [("A", AwsError), ("B", AwsError)]


def test_deletions_of_a_batch_are_one_call(tmp_path: Path) -> None:
    world = World(tmp_path)
    lives = [live_of(world.has(RULE, f"r-{name}")) for name in "ab"]
    result = ran(world, *[replace(deletion_of(live.id, live), batch="group") for live in lives])
    assert world.cloud.sent == ["delete r-a+r-b"]
    assert result.ok


@pytest.mark.parametrize(
    "error", [TypeError("a mistake"), RecursionError(), SystemExit(1), KeyboardInterrupt(), GeneratorExit()]
)
def test_whatever_ends_a_piece_of_work_is_its_failure(error: BaseException, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", raising(error))
    result = ran(world, creation("A", seconds=9), creation("B", "A"), creation("C"))
    assert [failure.error for failure in result.failures] == [error]
    assert result.skipped == {"B": "A"}
    assert result.done == {"build C"}


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (Step(name="x", type=THING.type, logical_id="X"), "x is no step that sends anything"),
        (Step(name="x", type="Test::Cloud::Unheard", logical_id="X"), "'Test::Cloud::Unheard'"),
    ],
)
def test_a_step_that_nobody_can_do_is_a_failure(step: Step, error: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    result = ran(world, step, creation("B"))
    assert [str(failure.error) for failure in result.failures] == [error]
    assert result.done == {"build B"}


def test_a_reference_to_what_does_not_exist_is_a_failure(tmp_path: Path) -> None:
    world = World(tmp_path)
    step = UpdateStep(
        name="b",
        type=THING.type,
        logical_id="B",
        resource=wanted(THING, "B"),
        live=Live(THING.type, "t", {}),
        changed=["Size"],
    )
    assert failed(ran(world, step)) == [("B", KeyError)]


def test_only_barriers_are_nothing_to_do(tmp_path: Path) -> None:
    world = World(tmp_path)
    result = ran(world, Barrier(name="all"), Barrier(name="more", after=frozenset({"all"})))
    assert result.ok
    assert result.done == frozenset()


def test_a_barrier_that_is_skipped_is_not_told(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", refused("InvalidParameterValue"))
    barrier = Barrier(name="all", after=frozenset({"build A"}))
    result = ran(world, creation("A"), barrier, replace(creation("B"), after=frozenset({"all"})))
    assert result.skipped == {"B": "A"}


def test_without_credentials_nothing_new_is_begun(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", refused("InvalidClientTokenId"))
    result = ran(world, creation("A", seconds=9), creation("B"), creation("C", "A"))
    assert world.cloud.sent == ["create A t1"]
    assert failed(result) == [("A", AwsError)]
    assert result.skipped == {"B": "", "C": "A"}
    assert not result.interrupted
    assert {event.resource: event.detail["reason"] for event in world.events.of(EventKind.SKIPPED)} == {
        "B": "the run was stopped",
        "C": "because of A",
    }


@pytest.mark.parametrize("code", ["AccessDenied", "VpcLimitExceeded", "InvalidParameterValue"])
def test_after_other_refusals_the_rest_is_begun(code: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", refused(code))
    assert ran(world, creation("A", seconds=9), creation("B")).done == {"build B"}


def test_what_is_not_ready_is_awaited_together(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.becoming_ready = 5
    world.has(GATEWAY, "g-0").ready_from = 4
    old = Live(GATEWAY.type, "g-0", {}, state=State.PENDING)
    world.known.add("Old", old)
    world.known.add("Ready", Live(GATEWAY.type, "g-ready", {}))
    world.known.add("Broken", Live(GATEWAY.type, "g-broken", {}, state=State.BROKEN))
    result = ran(world, creation("A", kind=GATEWAY), creation("B", kind=GATEWAY))
    assert result.ok
    assert world.clock.passed == 5
    assert sorted(event.resource for event in world.events.of(EventKind.READY)) == ["A", "B", "Old"]
    assert sorted(event.resource for event in world.events.of(EventKind.WAITING)) == ["A", "B", "Old"]


def test_what_does_not_get_ready_is_told_for_each(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.becoming_ready = NEVER
    world.has(GATEWAY, "g-0").failed = "no address"
    world.known.add("Old", Live(GATEWAY.type, "g-0", {}, state=State.PENDING))
    result = ran(world, creation("A", kind=GATEWAY))
    assert [(failure.resource, failure.type, type(failure.error)) for failure in result.unsettled] == [
        ("Old", GATEWAY.type, NotSettled),
        ("A", GATEWAY.type, NotSettled),
    ]
    assert (result.failures, result.skipped) == ([], {})
    assert not result.ok
    old, new = world.events.of(EventKind.FAILED)
    assert (old.resource, old.type, old.id, old.detail) == (
        "Old",
        GATEWAY.type,
        "g-0",
        {"reason": "Old (g-0) failed: no address"},
    )
    assert new.id == "gateway-1"


def test_what_was_made_before_a_failure_is_awaited(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.becoming_ready = 5
    world.cloud.script("create", answered, refused("InvalidParameterValue"))
    result = ran(world, creation("A", kind=GATEWAY), creation("B", "A"))
    assert failed(result) == [("B", AwsError)]
    assert world.events.texts()[-1] == "ready A"


def test_a_run_ends_with_what_an_unread_answer_leaves_open(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("list", *[listing({})] * 1000)
    result = ran(world, creation("A", kind=GATEWAY))
    assert [(failure.resource, type(failure.error)) for failure in result.unsettled] == [("A", NotSettled)]


DEATHS = [SystemExit(1), KeyboardInterrupt(), GeneratorExit()]


@pytest.mark.parametrize("death", DEATHS, ids=repr)
def test_the_death_of_the_thread_that_looks_ends_the_run(death: BaseException, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("list", raising(death))
    with pytest.raises(type(death)) as caught:
        ran(world, creation("A", kind=GATEWAY), creation("B", kind=GATEWAY))
    assert caught.value is death


@pytest.mark.parametrize("death", DEATHS, ids=repr)
def test_the_death_of_the_thread_that_looks_is_a_failure_of_what_is_deleted(
    death: BaseException, tmp_path: Path
) -> None:
    world = World(tmp_path)
    world.cloud.script("list", raising(death))
    live = live_of(world.has(GATEWAY, "g-1"))
    result = ran(world, deletion_of("A", live), creation("B"))
    assert [failure.error for failure in result.failures] == [death]
    assert result.done == {"build B"}
    assert world.journalled() == ["intent B", "created B thing-1"]


FAILURE = Failure("A", THING.type, TypeError())


@pytest.mark.parametrize(
    ("result", "ok"),
    [
        (Result([], {}, [], {}, interrupted=False), True),
        (Result([FAILURE], {}, [], {}, interrupted=False), False),
        (Result([], {"A": ""}, [], {}, interrupted=False), False),
        (Result([], {}, [FAILURE], {}, interrupted=False), False),
        (Result([], {}, [], {}, interrupted=True), False),
    ],
)
def test_a_run_went_well_when_nothing_is_left(result: Result, ok: bool) -> None:
    assert result.ok is ok


def interrupting(world: World, *seconds: float) -> Cancellation:
    """One interrupt at each of these times."""
    cancellation = Cancellation()
    for each in seconds:
        world.clock.at(each, cancellation.interrupt)
    return cancellation


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_run_that_is_interrupted_before_it_begins_sends_nothing(times: int, tmp_path: Path) -> None:
    world = World(tmp_path)
    cancellation = Cancellation()
    for _ in range(times):
        cancellation.interrupt()
    world.known.add("Old", Live(GATEWAY.type, "g-0", {}, state=State.PENDING))
    result = ran(world, creation("A"), creation("B", "A"), cancellation=cancellation)
    assert world.cloud.sent == world.cloud.looks == []
    assert result.skipped == {"A": "", "B": ""}
    assert result.interrupted
    assert not result.ok


def test_a_run_that_had_nothing_to_do_and_was_interrupted_is_not_well(tmp_path: Path) -> None:
    cancellation = Cancellation()
    cancellation.interrupt()
    result = ran(World(tmp_path), cancellation=cancellation)
    assert (result.failures, result.skipped, result.unsettled) == ([], {}, [])
    assert result.interrupted
    assert not result.ok


def test_interrupted_once_a_doubt_is_cleared_and_nothing_new_is_begun(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", unanswered)
    result = ran(world, creation("A"), creation("B", "A"), cancellation=interrupting(world, 5.0))
    assert world.cloud.sent == ["create A t1"] * 2
    assert world.clock.passed == WINDOW
    assert failed(result) == []
    assert result.done == {"build A"}
    assert result.skipped == {"B": ""}
    assert result.interrupted


def test_interrupted_once_what_waits_for_a_worker_is_not_begun(tmp_path: Path) -> None:
    world = World(tmp_path)
    both_begun = threading.Barrier(2)

    def meets(cloud: Cloud, parts: Parts) -> Any:
        both_begun.wait(10)
        return unanswered(cloud, parts)

    world.cloud.script("create", meets, meets)
    steps = [creation("A", seconds=9), creation("B", seconds=8), *(creation(name) for name in "CDEFGHI")]
    result = ran(world, *steps, cancellation=interrupting(world, 5.0), concurrency=2)
    assert result.done == {"build A", "build B"}
    assert result.skipped == dict.fromkeys("CDEFGHI", "")


def test_what_is_urgent_goes_before_what_was_ready_earlier(tmp_path: Path) -> None:
    world = World(tmp_path)
    steps = [creation("A", seconds=9), creation("B", "A", seconds=9), *(creation(name) for name in "CD")]
    assert ran(world, *steps).ok
    assert world.cloud.sent == ["create A t1", "create B t2", "create C t3", "create D t4"]


def test_so_many_work_at_the_same_time(tmp_path: Path) -> None:
    world = World(tmp_path)
    together, names = threading.Barrier(3), set()

    def meets(cloud: Cloud, parts: Parts) -> Any:
        together.wait(10)
        names.add(threading.current_thread().name)
        return answered(cloud, parts)

    world.cloud.script("create", meets, meets, meets)
    assert ran(world, *(creation(name) for name in "ABC"), concurrency=3).ok
    assert names == {"work_0", "work_1", "work_2"}


def test_interrupted_twice_a_doubt_is_left_to_the_next_run(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", unanswered)
    result = ran(world, creation("A"), creation("B", "A"), cancellation=interrupting(world, 5.0, 7.5))
    assert world.cloud.sent == ["create A t1"]
    assert world.clock.passed == 7.5
    assert failed(result) == [("A", Interrupted)]
    assert result.skipped == {"B": "A"}
    assert result.interrupted
    assert world.journalled() == ["intent A"]


def test_interrupted_once_what_was_begun_is_not_awaited(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.becoming_ready = 500
    world.cloud.script("create", unanswered)
    result = ran(world, creation("A", kind=GATEWAY), cancellation=interrupting(world, 5.0))
    assert result.done == {"build A"}
    assert world.clock.passed == WINDOW
    assert world.events.of(EventKind.WAITING) == []
    assert result.unsettled == []


def test_interrupted_once_during_the_waiting_it_is_waited_for(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.becoming_ready = 9
    result = ran(world, creation("A", kind=GATEWAY), cancellation=interrupting(world, 5.0))
    assert world.events.texts()[-1] == "ready A"
    assert world.clock.passed == 9.5
    assert result.unsettled == []
    assert result.interrupted


def test_interrupted_twice_during_the_waiting_it_is_left(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.becoming_ready = 90
    steps = [creation("A", kind=GATEWAY), creation("B", kind=GATEWAY)]
    result = ran(world, *steps, cancellation=interrupting(world, 5.0, 7.5))
    assert world.clock.passed == 7.5
    assert failed(result) == []
    assert result.unsettled == []
    assert result.done == {"build A", "build B"}
    assert result.interrupted


def test_a_waiting_that_is_left_without_an_interrupt_makes_it_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("list", raising(Interrupted()))
    world.cloud.becoming_ready = 90
    cancellation = Cancellation()
    result = ran(world, creation("A", kind=GATEWAY), cancellation=cancellation)
    assert result.interrupted
    assert not cancellation.leave.is_set()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits on the wall looks up more often, and gives less grace."""
    monkeypatch.setattr(wait, "_LOOK_UP", 0.01)
    monkeypatch.setattr(scheduler, "_LOOK_UP", 0.01)
    monkeypatch.setattr(scheduler, "_GRACE", 0.05)


def hanging(cancellation: Cancellation, over: threading.Event) -> Becomes:
    """A call during which the run is interrupted twice, and that has no end."""

    def hangs(cloud: Cloud, parts: Parts) -> Any:
        cancellation.interrupt()
        cancellation.interrupt()
        over.wait(30)
        return answered(cloud, parts)

    return hangs


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("operation", ["create", "list"])
def test_a_run_is_left_while_a_call_hangs(operation: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    cancellation, over = Cancellation(), threading.Event()
    world.cloud.script(operation, hanging(cancellation, over))
    try:
        result = ran(world, creation("A", kind=GATEWAY), creation("B", "A"), cancellation=cancellation)
        assert result.interrupted
        assert failed(result) == ([("A", Interrupted)] if operation == "create" else [])
        assert result.skipped == ({"B": "A"} if operation == "create" else {})
    finally:
        over.set()


@pytest.mark.usefixtures("impatient")
def test_those_that_wait_for_a_free_worker_are_not_begun_after_leaving(tmp_path: Path) -> None:
    world = World(tmp_path)
    cancellation, over = Cancellation(), threading.Event()
    world.cloud.script("create", hanging(cancellation, over))
    steps: Sequence[Step] = [creation("A", seconds=9), creation("B"), creation("C")]
    result = ran(world, *steps, cancellation=cancellation)
    over.set()
    assert world.cloud.sent == ["create A t1"]
    assert {name for name, _ in failed(result)} | set(result.skipped) == {"A", "B", "C"}
