"""A run: what fails, what is left out because of it, and what is awaited."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.errors import AwsError
from ocpprov.engine.events import EventKind
from ocpprov.engine.resources import Live, State
from ocpprov.engine.steps import (
    Barrier,
    DetachStep,
    RetainStep,
    Step,
    TagEdit,
    TagStep,
    UpdateStep,
)
from ocpprov.reconcile.execute import Failure, Result
from ocpprov.reconcile.wait import NotSettled
from tests.reconcile.cloud import NEVER, Cloud, Parts, answered, listing, raising, refused
from tests.reconcile.executing import GATEWAY, RULE, creation, failed, ran
from tests.reconcile.world import THING, World, deletion_of, live_of, wanted


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
    world.live_state.add("Old", old)
    world.live_state.add("Ready", Live(GATEWAY.type, "g-ready", {}))
    world.live_state.add("Broken", Live(GATEWAY.type, "g-broken", {}, state=State.BROKEN))
    result = ran(world, creation("A", kind=GATEWAY), creation("B", kind=GATEWAY))
    assert result.ok
    assert world.clock.passed == 5
    assert sorted(event.resource for event in world.events.of(EventKind.READY)) == ["A", "B", "Old"]
    assert sorted(event.resource for event in world.events.of(EventKind.WAITING)) == ["A", "B", "Old"]


def test_what_does_not_get_ready_is_told_for_each(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.becoming_ready = NEVER
    world.has(GATEWAY, "g-0").failed = "no address"
    world.live_state.add("Old", Live(GATEWAY.type, "g-0", {}, state=State.PENDING))
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
