"""Questions with a bound on the time that their answers may take: nothing else bounds a look-up in DNS, a command that
hangs, or a file system that does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def begin(ask: Callable[[], T]) -> Future[T]:
    """Ask, in a daemon, which doesn't hold up the end of the process. The future has the answer, or what the question
    raised."""
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:
            answer.set_exception(error)

    threading.Thread(target=run, name="question", daemon=True).start()
    return answer


def within(seconds: float, ask: Callable[[], T]) -> T:
    """The answer. Raises TimeoutError when it takes longer, and whatever the question raises."""
    return begin(ask).result(max(0.0, seconds))
