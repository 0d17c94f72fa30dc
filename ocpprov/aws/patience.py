"""Questions that may never be answered: a command that hangs, a file system that does, a service that waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long, in seconds on the wall: `word` until somebody is told, `limit` until it is given up."""

    word: float
    limit: float

    def ask(self, question: Callable[[], T], waiting: Callable[[], None]) -> T:
        """The answer, got in a thread that nobody has to wait for, or the error. Raises TimeoutError."""
        answers: list[T] = []
        errors: list[Exception] = []

        def ask() -> None:
            try:
                answers.append(question())
            except Exception as error:
                errors.append(error)

        thread = threading.Thread(target=ask, name="question", daemon=True)
        thread.start()
        thread.join(self.word)
        if thread.is_alive():
            waiting()
            thread.join(max(0.0, self.limit - self.word))
        if errors:
            raise errors[0]
        if not answers:
            raise TimeoutError(f"nothing came within {self.limit:.0f} seconds")
        return answers[0]
