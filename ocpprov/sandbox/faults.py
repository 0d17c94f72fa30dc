"""The fault script: which call goes wrong, and how."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from ocpprov.sandbox.exchange import Request


class FaultKind(Enum):
    """What goes wrong. `ERROR` and `FAIL_LATER` give an answer; the others close the connection."""

    LOSE_ANSWER = "lose-answer"
    LOSE_REQUEST = "lose-request"
    KILL_BEFORE = "kill-before"
    KILL_AFTER = "kill-after"
    ERROR = "error"
    FAIL_LATER = "fail-later"

    @property
    def executes(self) -> bool:
        """Whether AWS carries the call out all the same."""
        return self in {FaultKind.LOSE_ANSWER, FaultKind.KILL_AFTER}

    @property
    def kills(self) -> bool:
        """Whether a process ends."""
        return self in {FaultKind.KILL_BEFORE, FaultKind.KILL_AFTER}


_TYPES: Mapping[str, type] = {
    "call": int,
    "operation": str,
    "nth": int,
    "pid": int,
    "pidfile": str,
    "code": str,
    "message": str,
    "status": int,
}


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, once.

    It strikes the mutating call number `call`, or the `nth` call of `operation`, both counted from 1 since the script
    was set. `pid`, or the number in `pidfile`, is the process that a kill ends. `code` and `message` are the error's,
    or AWS's reason for what failed later.
    """

    kind: FaultKind
    call: int = 0
    operation: str = ""
    nth: int = 1
    pid: int = 0
    pidfile: str = ""
    code: str = "InternalError"
    message: str = "The sandbox's fault script says so."
    status: int = 500

    def kill(self) -> None:
        """Ends the process with SIGKILL, if there is one and it is ours."""
        pid = self.pid
        if not pid and self.pidfile:
            with suppress(OSError, ValueError):
                pid = int(Path(self.pidfile).read_text())
        if pid > 1:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)


class FaultScript:
    """Counts the calls and says which of them a fault strikes."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self._waiting = list(faults)
        self._mutating = 0
        self._of_operation: Counter[str] = Counter()

    @property
    def mutating_calls(self) -> int:
        """How many there were since the script was set."""
        return self._mutating

    @property
    def waiting(self) -> int:
        """How many faults haven't struck yet."""
        return len(self._waiting)

    def strike(self, request: Request) -> Fault | None:
        """Counts the call; the fault that strikes it, which won't strike again."""
        self._mutating += request.mutating
        self._of_operation[request.operation] += 1
        for fault in self._waiting:
            if self._is_due(fault, request):
                self._waiting.remove(fault)
                return fault
        return None

    def _is_due(self, fault: Fault, request: Request) -> bool:
        if fault.operation:
            return request.operation == fault.operation and self._of_operation[fault.operation] == fault.nth
        return request.mutating and self._mutating == fault.call


def parse_faults(document: Any) -> tuple[Fault, ...]:
    """Reads `{"faults": [{"call": 3, "fault": "lose-answer"}, ...]}`. ValueError says what is wrong with it."""
    entries = document.get("faults") if isinstance(document, Mapping) else None
    if not isinstance(entries, list):
        raise ValueError("expected an object with a list 'faults'")
    return tuple(_parse_fault(entry) for entry in entries)


def _parse_fault(entry: Any) -> Fault:
    if not isinstance(entry, dict) or not ("call" in entry) ^ ("operation" in entry):
        raise ValueError(f"a fault has either 'call' or 'operation': {entry}")
    given = {name: value for name, value in entry.items() if name != "fault"}
    for name, value in given.items():
        if type(value) is not _TYPES.get(name):
            raise ValueError(f"a fault with an unknown field or a value of the wrong type, '{name}': {entry}")
    fault = Fault(FaultKind(entry.get("fault")), **given)
    if fault.kind.kills and not (fault.pid or fault.pidfile):
        raise ValueError(f"a fault that kills has 'pid' or 'pidfile': {entry}")
    return fault
