"""How a command ends: exit codes, and the errors that are refusals (nothing was touched)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

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
    is a problem that says it itself."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: Sequence[Problem] = [
            problem if isinstance(problem, Problem) else Problem("", problem) for problem in problems
        ]
        super().__init__("\n".join(map(str, self.problems)))
