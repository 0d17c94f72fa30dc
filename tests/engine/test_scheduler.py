"""Steps start when what they need is done, each once; a failure stops its dependents and nobody else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.critical_path import expected_seconds
from ocpprov.engine.scheduler import BatchFailure, Outcome, run
from ocpprov.engine.steps import Step
from tests.engine.planning import step


def _steps(edges: Sequence[set[int]], batches: Sequence[int | None]) -> list[Step]:
    return [
        step(f"s{number}", [f"s{need}" for need in needs if need < number], batch=batches[number])
        for number, needs in enumerate(edges)
    ]


_GRAPHS = st.integers(1, 14).flatmap(
    lambda size: st.tuples(
        st.lists(st.sets(st.integers(0, size - 1), max_size=4), min_size=size, max_size=size),
        st.lists(st.sampled_from([None, None, 1, 2]), min_size=size, max_size=size),
        st.sets(st.integers(0, size - 1), max_size=2),
    )
)


@given(_GRAPHS)
def test_order_holds_and_failures_stop_only_dependents(
    graph: tuple[list[set[int]], list[int | None], set[int]],
) -> None:
    edges, batches, failing = graph
    steps = _steps(edges, batches)
    done: list[str] = []
    lock = threading.Lock()

    def work(batch: Sequence[Step]) -> None:
        with lock:
            assert all(step.after <= set(done) for step in batch)
            if any(int(step.name[1:]) in failing for step in batch):
                raise RuntimeError
            done.extend(step.name for step in batch)

    outcome = run(steps, work, AtOnce(), lambda: False)
    assert sorted(done) == sorted(outcome.done)
    assert set(outcome.done) | set(outcome.failed) | set(outcome.skipped) == {step.name for step in steps}
    assert all(isinstance(error, RuntimeError) for error in outcome.failed.values())
    stopped = set(outcome.failed) | set(outcome.skipped)
    by_name = {step.name: step for step in steps}
    assert all(by_name[name].after & stopped for name in outcome.skipped)


def test_a_batch_waits_for_its_members_and_goes_out_once() -> None:
    steps = _steps([set(), {0}, {0}, set()], [None, 1, 1, 1])
    sent: list[list[str]] = []
    with ThreadPoolExecutor(1) as pool:
        run(steps, lambda batch: sent.append([step.name for step in batch]), pool, lambda: False)
    assert sorted(map(len, sent)) == [1, 3]


def test_nothing_new_starts_when_the_run_is_stopping() -> None:
    with ThreadPoolExecutor(1) as pool:
        outcome = run(_steps([set(), {0}], [None, None]), lambda batch: None, pool, lambda: True)
    assert outcome.skipped == {"s0": "", "s1": ""}


def test_steps_that_wait_for_each_other_are_named() -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match=r"steps wait for each other: a, b$"):
        run([step("a", "b"), step("b", "a"), step("c")], lambda batch: None, pool, lambda: False)


@pytest.mark.parametrize(
    ("after", "concurrency", "expected"),
    [
        ({}, 16, 5),
        ({}, 1, 9),
        ({"b": ["a"], "c": ["b"]}, 16, 9),
        ({"c": ["a"]}, 2, 8),
        ({"b": ["a"]}, 16, 5),
        ({}, 0, 9),
    ],
)
def test_how_long_a_run_takes(after: dict[str, list[str]], concurrency: int, expected: float) -> None:
    steps = [step(name, after.get(name, ()), seconds=seconds) for name, seconds in (("a", 3), ("b", 1), ("c", 5))]
    assert expected_seconds(steps, concurrency) == expected
    assert expected_seconds([], concurrency) == 0


def test_a_failure_at_the_head_of_a_long_chain_skips_all_of_it() -> None:
    steps = _steps([{number - 1} if number else set() for number in range(5_000)], [None] * 5_000)

    def work(batch: Sequence[Step]) -> None:
        raise RuntimeError

    with ThreadPoolExecutor(1) as pool:
        outcome = run(steps, work, pool, lambda: False)
    assert list(outcome.failed) == ["s0"]
    assert outcome.skipped == dict.fromkeys((f"s{number}" for number in range(1, 5_000)), "s0")


class AtOnce(Executor):
    """Does each piece of work when it is handed over, so that the order is the scheduler's alone."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


def _sent(steps: Sequence[Step], failing: Collection[str] = ()) -> tuple[list[str], Outcome]:
    """The batches in the order in which they are sent."""
    sent: list[str] = []

    def work(batch: Sequence[Step]) -> None:
        names = [each.name for each in batch]
        sent.append("+".join(names))
        if wrong := [name for name in names if name in failing]:
            raise RuntimeError(wrong)

    return sent, run(steps, work, AtOnce(), lambda: False)


def test_the_longest_way_goes_first() -> None:
    steps = [
        step("short", seconds=2),
        step("long", seconds=1),
        step("after the long one", ["long"], seconds=5),
        step("longest", seconds=7),
        step("shortest", seconds=0.5),
    ]
    assert _sent(steps)[0] == ["longest", "long", "short", "shortest", "after the long one"]


def test_of_equal_ways_the_order_is_always_the_same() -> None:
    assert _sent([step("b"), step("a"), step("c")])[0] == ["a", "b", "c"]


def test_a_failure_stops_what_depends_on_it_and_says_so() -> None:
    steps = [step("a"), step("b", ["a"]), step("c", ["b"]), step("d"), step("e", ["d", "b"])]
    sent, outcome = _sent(steps, failing=["a"])
    assert sent == ["a", "d"]
    assert ({*outcome.done}, {*outcome.failed}, outcome.skipped) == ({"d"}, {"a"}, {"b": "a", "c": "a", "e": "a"})
    assert not outcome.ok
    assert _sent([step("a")])[1].ok


def test_what_was_skipped_already_is_said_of_the_first_failure() -> None:
    _, outcome = _sent([step("a"), step("x"), step("b", ["x"]), step("c", ["a", "b"])], failing=["a", "b"])
    assert ({*outcome.failed}, outcome.skipped) == ({"a", "b"}, {"c": "a"})


def test_a_batch_is_held_until_its_members_are_there_while_others_move() -> None:
    steps = [step("a", batch=1, seconds=9), step("b", seconds=3), step("c", ["b"], batch=1), step("d", seconds=1)]
    assert _sent(steps)[0] == ["b", "d", "a+c"]


def test_two_batches_are_two_calls() -> None:
    steps = [step("a", batch=1), step("b", batch=2), step("c", batch=1), step("d", batch=2), step("e")]
    assert _sent(steps)[0] == ["a+c", "b+d", "e"]


def test_a_batch_that_waits_for_itself_goes_in_parts() -> None:
    steps = [step("a", batch=1), step("b", ["a"], batch=1), step("c", ["b"], batch=1)]
    assert _sent(steps)[0] == ["a", "b", "c"]


def test_members_that_fell_away_are_not_waited_for() -> None:
    steps = [step("a", seconds=0.1), step("b", ["a"], batch=1), step("c", batch=1, seconds=9)]
    sent, outcome = _sent(steps, failing=["a"])
    assert sent == ["a", "c"]
    assert outcome.skipped == {"b": "a"}


def test_of_a_batch_each_may_fail_for_itself() -> None:
    error = RuntimeError("b")

    def work(batch: Sequence[Step]) -> None:
        if batch[0].batch is not None:
            raise BatchFailure({"b": error})

    steps = [step("a", batch=1), step("b", batch=1), step("c", ["a"]), step("d", ["b"])]
    outcome = run(steps, work, AtOnce(), lambda: False)
    assert ({*outcome.done}, outcome.failed, outcome.skipped) == ({"a", "c"}, {"b": error}, {"d": "b"})
    assert str(BatchFailure({"a": RuntimeError("one"), "b": RuntimeError("two")})) == "one; two"


def test_as_a_whole_it_fails_as_a_whole() -> None:
    steps = [step("a", batch=1), step("b", batch=1)]
    _, outcome = _sent(steps, failing=["b"])
    assert {*outcome.failed} == {"a", "b"}


def test_what_is_in_flight_ends_and_nothing_else_starts_once_the_run_stops() -> None:
    stopped: list[bool] = []

    def work(batch: Sequence[Step]) -> None:
        stopped.append(True)

    outcome = run([step("a"), step("b"), step("c", ["a"])], work, AtOnce(), lambda: bool(stopped))
    assert ({*outcome.done}, outcome.skipped) == ({"a"}, {"b": "", "c": ""})


def test_who_leaves_waits_for_nothing_that_doesnt_end() -> None:
    never, ended = Future[Any](), Future[Any]()
    ended.set_result(None)
    futures = {"a": never, "b": ended}

    class Hanging(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            return futures[args[1][0].name]

    outcome = run([step("a"), step("b"), step("c", ["a"])], lambda batch: None, Hanging(), lambda: False, lambda: True)
    assert outcome.done == {"b"}
    assert isinstance(outcome.failed["a"], Interrupted)
    assert outcome.skipped == {"c": "a"}


def test_what_becomes_free_is_put_in_by_the_length_of_its_way_too() -> None:
    steps = [step("a"), step("b", ["a"], seconds=1), step("c", ["a"], seconds=3), step("d", seconds=2)]
    assert _sent(steps)[0] == ["a", "d", "c", "b"]
