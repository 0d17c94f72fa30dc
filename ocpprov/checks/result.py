"""The result of one check, in the words of `preflight --json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ocpprov.engine.problem import Problem
from ocpprov.engine.secret_texts import SecretTexts


class Status(Enum):
    """`warn` leaves apply a chance, `unknown` means that nobody could be asked."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """What was found out, and what to do about it. `id` is stable, for scripts; `remedy` is empty where it is good.
    `about` is AWS's id of what it is about, where another check may come to the same thing."""

    id: str
    status: Status
    detail: str
    remedy: str = ""
    about: str = ""

    def document(self) -> dict[str, str]:
        """As in `preflight --json`."""
        return {"id": self.id, "status": self.status.value, "detail": self.detail, "remedy": self.remedy}

    def masked(self, secrets: SecretTexts) -> Check:
        """The same as it may be shown."""
        return replace(self, detail=secrets.masked(self.detail), remedy=secrets.masked(self.remedy))


def passed(id: str, detail: str) -> Check:
    """A check that found nothing wrong."""
    return Check(id, Status.PASS, detail)


def failed(id: str, detail: str, remedy: str) -> Check:
    """What apply would fail on."""
    return Check(id, Status.FAIL, detail, remedy)


def warned(id: str, detail: str, remedy: str) -> Check:
    """What apply gets over, and the cluster may not."""
    return Check(id, Status.WARN, detail, remedy)


def unknown(id: str, detail: str, remedy: str) -> Check:
    """What can't be found out from here."""
    return Check(id, Status.UNKNOWN, detail, remedy)


def check_of(id: str, status: Status, problem: Problem) -> Check:
    """What is wrong, as a check. A problem without a remedy is one whose sentence has it inside."""
    return Check(id, status, problem.placed_detail, problem.remedy or "see the line itself")


def good(checks: Sequence[Check]) -> bool:
    """Whether nothing stands against an apply."""
    return all(check.status is not Status.FAIL for check in checks)
