"""Patience with a question that may never be answered: somebody is told that it takes long, before it is given up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass
from typing import TypeVar

from ocpprov.aws.bounded import begin

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long, in seconds on the wall: `word` until somebody is told, `limit` until it is given up."""

    word: float
    limit: float

    def ask(self, question: Callable[[], T], waiting: Callable[[], None]) -> T:
        """The answer, got in a thread that nobody has to wait for, or the error. Raises TimeoutError."""
        answer = begin(question)
        if not wait([answer], self.word).done:
            waiting()
        if not wait([answer], max(0.0, self.limit - self.word)).done:
            raise TimeoutError(f"nothing came within {self.limit:.0f} seconds")
        return answer.result()
