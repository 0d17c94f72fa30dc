"""A question that may never be answered: somebody is told that it takes long, before it is given up."""

from __future__ import annotations

import os
import termios
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from ocpprov.aws.bounded import begin

T = TypeVar("T")


@dataclass(frozen=True)
class TimeToAnswer:
    """How long, in seconds on the wall: `word` until somebody is told, `limit` until it is given up."""

    word: float
    limit: float

    def ask(self, question: Callable[[], T], waiting: Callable[[], None]) -> T:
        """The answer, got in a thread that nobody has to wait for, or the error. Raises TimeoutError."""
        with _terminal_kept():
            answer = begin(question)
            if not wait([answer], self.word).done:
                waiting()
            if not wait([answer], max(0.0, self.limit - self.word)).done:
                raise TimeoutError(f"nothing came within {self.limit:.0f} seconds")
            return answer.result()


@contextmanager
def _terminal_kept() -> Iterator[None]:
    """Whoever asks for a code turns the terminal's echo off. When nobody waits for them any more, they won't turn it on
    again."""
    with ExitStack() as stack:
        try:
            terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
        except OSError:
            yield
            return
        stack.callback(os.close, terminal)
        before = termios.tcgetattr(terminal)
        try:
            yield
        finally:
            if termios.tcgetattr(terminal) != before:
                termios.tcsetattr(terminal, termios.TCSADRAIN, before)
