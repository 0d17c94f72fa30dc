"""What is wrong with a plan: every error of a file at once, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocpprov.engine.resources import Position


@dataclass(frozen=True)
class PlanError:
    """One error. `path` is the place inside the plan (`openshift.zones`), `hint` what would be right."""

    position: Position
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        path = f"{self.path}: " if self.path else ""
        return f"{self.position}: {path}{self.message}{f'; {self.hint}' if self.hint else ''}"


@dataclass(frozen=True)
class Problem:
    """What a rule finds wrong, before its place is looked up: the path below a section, and both texts."""

    path: str
    message: str
    hint: str = ""


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
