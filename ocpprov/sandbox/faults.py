"""Faults as data: which call goes wrong, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class FaultKind(Enum):
    """What goes wrong.

    `LOSE_ANSWER`, `LOSE_REQUEST`: the connection is closed without an answer, after the call was carried out or before.
    `KILL_BEFORE`, `KILL_AFTER`: the same, and what was registered is killed. `ERROR`: an error instead of the call;
    `ERROR_AFTER`: an error although the call was carried out. `FAIL_LATER`: what it makes will be found to have failed.
    `THROTTLE`: from this call on the service refuses all calls for a time. `HTML`: a proxy answers in AWS's place;
    `HTML_AFTER`: it does so although the call was carried out. `ANSWER`: this body, with status 200, instead of the
    call. `HALF_ANSWER`: the connection breaks in the middle of the answer. `HANG`: silence for a time, then the
    connection is closed; the call was carried out.
    """

    LOSE_ANSWER = "lose-answer"
    LOSE_REQUEST = "lose-request"
    KILL_BEFORE = "kill-before"
    KILL_AFTER = "kill-after"
    ERROR = "error"
    ERROR_AFTER = "error-after"
    FAIL_LATER = "fail-later"
    THROTTLE = "throttle"
    HTML = "html"
    HTML_AFTER = "html-after"
    ANSWER = "answer"
    HALF_ANSWER = "half-answer"
    HANG = "hang"

    @property
    def executes(self) -> bool:
        """Whether AWS carries the call out all the same."""
        return self in _EXECUTED


_EXECUTED = frozenset(
    {
        FaultKind.LOSE_ANSWER,
        FaultKind.KILL_AFTER,
        FaultKind.ERROR_AFTER,
        FaultKind.FAIL_LATER,
        FaultKind.HTML_AFTER,
        FaultKind.HALF_ANSWER,
        FaultKind.HANG,
    }
)

_TYPES: Mapping[str, tuple[type, ...]] = {
    "call": (int,),
    "operation": (str,),
    "nth": (int,),
    "times": (int,),
    "seconds": (int, float),
    "code": (str,),
    "message": (str,),
    "status": (int,),
    "body": (str,),
}
_SHARES = frozenset({"throttled", "lost_answers", "lost_requests", "done_but_failed", "failed"})


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong, `times` in a row.

    It strikes the mutating call number `call`, or the `nth` call of `operation`, both counted from 1 since the script
    was set, and the calls of that kind after it. `code`, `message` and `status` are the error's, or AWS's reason for
    what failed later. `seconds` are how long a throttle lasts, in AWS's time, or a hang, on the wall.
    """

    kind: FaultKind
    call: int = 0
    operation: str = ""
    nth: int = 1
    times: int = 1
    seconds: float = 60.0
    code: str = "InternalError"
    message: str = "The sandbox's fault script says so."
    status: int = 500
    body: str = ""


@dataclass(frozen=True)
class Storm:
    """Faults at random, on every call: the share of calls (0 to 1) that are throttled, whose answer is lost, whose
    request is lost, that are carried out and answered with an error of 500, and that are answered so without having
    been carried out. `seed` makes the dice the same."""

    seed: int
    throttled: float = 0.0
    lost_answers: float = 0.0
    lost_requests: float = 0.0
    done_but_failed: float = 0.0
    failed: float = 0.0


@dataclass(frozen=True)
class Script:
    """All that is to go wrong."""

    faults: tuple[Fault, ...] = field(default=())
    storm: Storm | None = None


def parse_script(document: Any) -> Script:
    """Reads `{"faults": [{"call": 3, "fault": "lose-answer"}, ...], "storm": {"seed": 1, "throttled": 0.2}}`, of which
    either may be missing. ValueError says what is wrong with it."""
    if not isinstance(document, Mapping) or not document or set(document) - {"faults", "storm"}:
        raise ValueError("expected an object with a list 'faults', an object 'storm', or both")
    entries = document.get("faults", [])
    if not isinstance(entries, list):
        raise ValueError("expected a list 'faults'")
    storm = document.get("storm")
    return Script(tuple(_parse_fault(entry) for entry in entries), None if storm is None else _parse_storm(storm))


def _parse_fault(entry: Any) -> Fault:
    if not isinstance(entry, dict) or not ("call" in entry) ^ ("operation" in entry):
        raise ValueError(f"a fault has either 'call' or 'operation': {entry}")
    given = {name: value for name, value in entry.items() if name != "fault"}
    for name, value in given.items():
        if type(value) not in _TYPES.get(name, ()):
            raise ValueError(f"a fault with an unknown field or a value of the wrong type, '{name}': {entry}")
    return Fault(FaultKind(entry.get("fault")), **given)


def _parse_storm(entry: Any) -> Storm:
    if not isinstance(entry, dict) or type(entry.get("seed")) is not int:
        raise ValueError(f"a storm has a number 'seed': {entry}")
    shares = {name: value for name, value in entry.items() if name != "seed"}
    for name, value in shares.items():
        if name not in _SHARES or type(value) not in (int, float) or not 0 <= value <= 1:
            raise ValueError(f"a storm with an unknown field or a share that isn't from 0 to 1, '{name}': {entry}")
    if sum(shares.values()) > 1:
        raise ValueError(f"a storm whose shares are more than 1 together: {entry}")
    return Storm(entry["seed"], **shares)
