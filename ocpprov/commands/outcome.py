"""How a command ends: exit codes, and the errors that are refusals (nothing was touched)."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """0 done; 1 something failed on the way; 2 refused, nothing touched; 130 interrupted. `plan
    --detailed-exitcode` has 2 for changes and 1 for whatever else isn't good."""

    DONE = 0
    FAILED = 1
    REFUSED = 2
    INTERRUPTED = 130


class Refused(Exception):
    """The command line, the plan or a guard stands against it; nothing was touched. The text says what to do."""
