"""Steps start when what they need is done, each once; a failure stops its dependents and nobody else."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.engine.critical_path import expected_seconds
from ocpprov.engine.scheduler import run
from ocpprov.engine.steps import Step


def _steps(edges: Sequence[set[int]], batches: Sequence[int | None]) -> list[Step]:
    return [
        Step(
            name=f"s{number}",
            type="T",
            logical_id=f"s{number}",
            after=frozenset(f"s{need}" for need in needs if need < number),
            batch=batches[number],
        )
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

    with ThreadPoolExecutor(4) as pool:
        outcome = run(steps, work, pool, lambda: False)
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
    one = Step(name="a", type="T", logical_id="a", after=frozenset({"b"}))
    two = Step(name="b", type="T", logical_id="b", after=frozenset({"a"}))
    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="a, b"):
        run([one, two], lambda batch: None, pool, lambda: False)


@pytest.mark.parametrize(
    ("after", "concurrency", "expected"),
    [({}, 16, 5), ({}, 1, 9), ({"b": ["a"], "c": ["b"]}, 16, 9), ({"c": ["a"]}, 2, 8), ({"b": ["a"]}, 16, 5)],
)
def test_how_long_a_run_takes(after: dict[str, list[str]], concurrency: int, expected: float) -> None:
    steps = [
        Step(name=name, type="T", logical_id=name, after=frozenset(after.get(name, ())), seconds=seconds)
        for name, seconds in (("a", 3), ("b", 1), ("c", 5))
    ]
    assert expected_seconds(steps, concurrency) == expected


def test_a_failure_at_the_head_of_a_long_chain_skips_all_of_it() -> None:
    steps = _steps([{number - 1} if number else set() for number in range(5_000)], [None] * 5_000)

    def work(batch: Sequence[Step]) -> None:
        raise RuntimeError

    with ThreadPoolExecutor(1) as pool:
        outcome = run(steps, work, pool, lambda: False)
    assert list(outcome.failed) == ["s0"]
    assert outcome.skipped == dict.fromkeys((f"s{number}" for number in range(1, 5_000)), "s0")
