"""How a command ends: exit codes, and the errors that are refusals (nothing was touched)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem


class ExitCode(IntEnum):
    """0 done; 1 something failed on the way; 2 refused, nothing touched; 3 nobody can tell (status, wait, verify);
    130 interrupted. `plan --detailed-exitcode` has 2 for changes and 1 for whatever else isn't good."""

    DONE = 0
    FAILED = 1
    REFUSED = 2
    UNKNOWN = 3
    INTERRUPTED = 130


class Refused(Exception):
    """The command line, the plan or a guard stands against it; nothing was touched. `problems` say what to do; a text
    is a problem that says it itself, a tuple one that takes several `lines`.

    Other people's words are in them (tags, ids, names of files), so what is no line here begins none."""

    def __init__(self, *problems: Problem | str | tuple[str, ...]) -> None:
        self._told = problems
        self.problems: Sequence[Problem] = list(map(_problem, problems))
        self.lines: Sequence[str] = [
            printable(line) for each in problems for line in (each if isinstance(each, tuple) else (str(each),))
        ]
        super().__init__("\n".join(self.lines))

    def masked(self, mask: Callable[[str], str]) -> Refused:
        """The same with each of its texts as `mask` gives it."""
        return Refused(*(_masked(each, mask) for each in self._told))


def _problem(told: Problem | str | tuple[str, ...]) -> Problem:
    return told if isinstance(told, Problem) else Problem("", "\n".join(told) if isinstance(told, tuple) else told)


def _masked(told: Problem | str | tuple[str, ...], mask: Callable[[str], str]) -> Problem | str | tuple[str, ...]:
    match told:
        case Problem():
            return Problem(mask(told.where), mask(told.detail), mask(told.remedy))
        case str():
            return mask(told)
    return tuple(map(mask, told))
