"""A question with a bound on the time that its answer may take."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, ask: Callable[[], T]) -> T:
    """The answer. Raises TimeoutError when it takes longer, and whatever the question raises.

    The question goes on in a daemon, which doesn't hold up the end of the process: nothing else bounds the time of a
    look-up in DNS.
    """
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer.result(max(0.0, seconds))
