"""Time that passes only while nobody is at work."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import pytest

from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.simulated_time import SimulatedTime


def test_the_clock_jumps_to_whoever_comes_next_and_all_wait_at_the_same_time() -> None:
    time, ends = SimulatedTime(1000.0), list[tuple[str, float]]()

    def work(name: str, *pauses: float) -> str:
        for pause in pauses:
            time.sleep(pause)
            ends.append((name, time.monotonic()))
        return name

    with time.taking_part():
        pool = time.pool(3)
        futures = [pool.submit(work, "a", 3, 1), pool.submit(work, "b", 1, 5), pool.submit(work, "c", 600)]
        assert time.wait(futures, 0.2, first=True)
        assert [each.done() for each in futures] == [True, False, False]
        assert (time.monotonic(), time.now()) == (4.0, 1004.0)
        assert time.wait(futures, 0.2)
        assert time.monotonic() == 600.0
    assert ends == [("b", 1.0), ("a", 3.0), ("a", 4.0), ("b", 6.0), ("c", 600.0)]
    assert [each.result() for each in futures] == ["a", "b", "c"]


def test_of_several_at_one_moment_the_one_goes_first_that_began_to_wait_first() -> None:
    time, order = SimulatedTime(0.0), list[int]()

    def work(number: int) -> None:
        time.sleep(2)
        order.append(number)

    with time.taking_part():
        time.wait([time.pool(20).submit(work, number) for number in range(20)], 0.2)
    assert order == list(range(20))


def test_nobody_goes_while_somebody_is_at_work() -> None:
    time, done = SimulatedTime(0.0), Future[None]()
    with time.taking_part():
        time.start(lambda: done.set_result(None), "other")
        assert not done.done()
        time.sleep(0)
        assert not done.done()
        time.sleep(0.001)
        assert done.done()


def test_what_is_done_already_isnt_waited_for() -> None:
    time, done = SimulatedTime(0.0), Future[None]()
    done.set_result(None)
    with time.taking_part():
        assert time.wait([done], 0.2)
        assert time.wait([], 0.2)
        assert time.wait([done, Future()], 0.2, first=True)
    assert time.monotonic() == 0.0


def test_a_failure_ends_the_wait_and_is_in_the_future() -> None:
    time = SimulatedTime(0.0)
    with time.taking_part():
        future = time.pool(1).submit(int, "x")
        assert time.wait([future], 0.2)
        with pytest.raises(ValueError, match="invalid literal"):
            future.result()


def test_for_others_no_time_passes_and_they_wait_as_ever() -> None:
    time, never = SimulatedTime(0.0), Future[None]()
    time.sleep(50)
    assert time.monotonic() == 0.0
    assert not time.wait([never], 0.001)
    never.set_result(None)
    assert time.wait([never], 0.001)


def test_who_is_asked_to_leave_leaves_before_and_after_the_sleep() -> None:
    leave = threading.Event()
    time = SimulatedTime(0.0, leave)
    with time.taking_part():
        pool = time.pool(1)
        sleeper, ender = pool.submit(time.sleep, 10), pool.submit(leave.set)
        time.wait([sleeper, ender], 0.2)
        assert isinstance(sleeper.exception(), Interrupted)
        with pytest.raises(Interrupted):
            time.sleep(0)


def test_a_thread_that_can_not_begin_gets_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    time = SimulatedTime(0.0)

    def full(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with time.taking_part():
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", full)
            with pytest.raises(RuntimeError):
                time.start(lambda: None, "other")
        time.sleep(5)
        assert time.monotonic() == 5
