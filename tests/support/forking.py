"""Doing something in a copy of this process, which is thrown away afterwards."""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


class Failed(Exception):
    """What was done in the copy raised: the text is its traceback."""


def forked(work: Callable[[], T]) -> T:
    """What `work` returns. Whatever it changes in memory, it changes in the copy only; of all threads the copy has just
    the one that calls. Raises Failed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        content = stream.read()
    os.waitpid(child, 0)
    if not content:
        raise Failed("the copy ended without a word")
    result, trouble = pickle.loads(content)
    if trouble:
        raise Failed(trouble)
    found: T = result
    return found


def _work(work: Callable[[], object], writing: int) -> None:
    result, trouble = None, ""
    try:
        result = work()
    except BaseException:
        trouble = traceback.format_exc()
    with os.fdopen(writing, "wb") as stream:
        pickle.dump((result, trouble), stream)
    os._exit(0)


@dataclass
class Points:
    """Points of a matrix: how many were tried, and what went wrong at which of them."""

    tried: int = 0
    failures: list[str] = field(default_factory=list)

    def try_in_a_copy(self, name: str, work: Callable[[], None]) -> None:
        """Try one."""
        self.tried += 1
        try:
            forked(work)
        except Failed as failed:
            self.failures.append(f"{name}: {failed}")

    def judge(self, record_property: Callable[[str, object], None]) -> None:
        """Leave the figures for the end of the test run, and fail if any point did."""
        record_property("points tried", self.tried)
        record_property("points failed", len(self.failures))
        first = [failure.partition("\n")[0] for failure in self.failures[3:]]
        said = [*self.failures[:3], *(["and of these:", *first] if first else [])]
        assert not self.failures, "\n".join([f"{len(self.failures)} of {self.tried} points failed", *said])
