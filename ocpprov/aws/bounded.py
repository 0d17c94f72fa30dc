"""Questions with a bound on the time that their answers may take: nothing else bounds a look-up in DNS, a command that
hangs, or a file system that does. A request that hangs mustn't hold up whoever doesn't want its answer any more."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from typing import Final, TypeVar

T = TypeVar("T")

_LOOK_UP: Final = 0.2
"""Seconds on the wall after which somebody who waits looks up whether the answer is still wanted."""


def begin(ask: Callable[[], T]) -> Future[T]:
    """Ask, in a daemon, which doesn't hold up the end of the process. The future has the answer, or what the question
    raised."""
    answer: Future[T] = Future()
    threading.Thread(target=_answer, args=(ask, answer), name="question", daemon=True).start()
    return answer


def _answer(ask: Callable[[], T], answer: Future[T]) -> None:
    try:
        answer.set_result(ask())
    except BaseException as error:
        # Whatever it is: whoever waits for the answer would wait for ever.
        answer.set_exception(error)


def within(seconds: float, ask: Callable[[], T]) -> T:
    """The answer. Raises TimeoutError when it takes longer, and whatever the question raises."""
    return begin(ask).result(max(0.0, seconds))


def while_wanted(ask: Callable[[], T], wanted: Callable[[], None]) -> T:
    """The answer, or whatever the question raises. `wanted` is called meanwhile, again and again, and raises when
    nobody wants the answer any more: then nobody waits for it either."""
    answer = begin(ask)
    while not wait([answer], _LOOK_UP).done:
        wanted()
    return answer.result()


def each_while_wanted(asks: Sequence[Callable[[], T]], at_once: int, wanted: Callable[[], None]) -> list[T]:
    """The answers to several questions, so many of them `at_once`. What a question raises comes out when those in
    flight have ended, and none is begun after it."""
    answers: list[Future[T]] = [Future() for _ in asks]
    rest = deque(zip(asks, answers, strict=True))

    def work() -> None:
        while rest:
            try:
                ask, answer = rest.popleft()
            except IndexError:
                return
            _answer(ask, answer)
            if answer.exception() is not None:
                rest.clear()

    try:
        working = [begin(work) for _ in range(min(at_once, len(asks)))]
        while wait(working, _LOOK_UP).not_done:
            wanted()
    finally:
        rest.clear()
    return [answer.result() for answer in answers if answer.done()]
