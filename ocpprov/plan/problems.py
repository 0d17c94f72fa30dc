"""What is wrong with a plan: every error of a file at once, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Position


@dataclass(frozen=True)
class PlanError:
    """One error. `path` is the place inside the plan (`openshift.zones`), `hint` what would be right. It isn't a
    `Problem` yet, whose place is a text: errors are sorted by line and column."""

    position: Position
    path: str
    message: str
    hint: str = ""

    @property
    def problem(self) -> Problem:
        """The same, with file, line and column for its place."""
        path = f": {self.path}" if self.path else ""
        return Problem(f"{self.position}{path}", self.message, self.hint)

    def __str__(self) -> str:
        return str(self.problem)


class PlanErrors(Exception):
    """A plan that can't be used. `errors` are sorted by their place in the file."""

    def __init__(self, errors: Iterable[PlanError]) -> None:
        self.errors: Sequence[PlanError] = sorted(
            set(errors), key=lambda error: (error.position.line, error.position.column, error.message)
        )
        super().__init__("\n".join(map(str, self.errors)))


def likely(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word which was probably meant, or is empty. What consists of digits for the most part
    is no misspelt word: 4.13 isn't meant to be 4.3."""
    if sum(char.isalpha() for char in word) < sum(char.isdigit() for char in word):
        return ""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {matches[0]}?" if matches else ""
