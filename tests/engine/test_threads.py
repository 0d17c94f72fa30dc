"""Where the system lets nobody begin a thread, who wanted one hears of it, in words, and what was for it isn't done."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any

import pytest

from ocpprov.engine.scheduler import run
from ocpprov.engine.slots import Slots
from ocpprov.engine.threads import SYSTEM_THREADS, ThreadsExhausted
from tests.engine.planning import step


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nobody can begin a thread until this is undone."""

    def refuses(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading, "_start_new_thread", refuses)
    return monkeypatch


def test_whoever_begins_one_is_told_what_to_do(full: pytest.MonkeyPatch) -> None:
    with pytest.raises(ThreadsExhausted, match=r"no more threads; raise its limit .*, then run the same"):
        SYSTEM_THREADS.start(lambda: None, "call")


def test_work_that_no_thread_could_begin_for_is_done_by_none_that_comes_later(full: pytest.MonkeyPatch) -> None:
    pool, done = SYSTEM_THREADS.pool(1), list[str]()
    with pytest.raises(ThreadsExhausted):
        pool.submit(done.append, "first")
    full.undo()
    pool.submit(done.append, "second").result(5)
    assert done == ["second"]


def test_workers_give_back_what_comes_of_it() -> None:
    pool = SYSTEM_THREADS.pool(1)
    assert pool.submit(max, [1, 3], default=0).result(5) == 3
    assert isinstance(pool.submit(int, "x").exception(5), ValueError)


def test_a_step_that_gets_no_thread_fails_and_the_others_have_its_place(full: pytest.MonkeyPatch) -> None:
    pool, sent = SYSTEM_THREADS.pool(8), list[str]()
    submit, first = pool.submit, [True]

    def one_at_first(*arguments: Any) -> Future[Any]:
        if not first.pop():
            full.undo()
        first.append(False)
        return submit(*arguments)

    pool.submit = one_at_first  # type: ignore[assignment]
    outcome = run(
        [step("a", seconds=3), step("b", ["a"]), step("c", seconds=1), step("d")],
        lambda batch: sent.extend(each.name for each in batch),
        pool,
        lambda: False,
        slots=Slots(1),
    )
    assert isinstance(outcome.failed["a"], ThreadsExhausted)
    assert (outcome.skipped, sent) == ({"b": "a"}, ["c", "d"])
