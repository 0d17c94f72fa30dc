"""How `apply --verify` ends: with the rows of a verification of what the run has made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ocpprov.checks.verification_record import Verification, masked
from ocpprov.commands.apply_loop import RunOutcome
from ocpprov.commands.closing_words import apply_again, same_plan
from ocpprov.commands.connection import Connection
from ocpprov.commands.error_documents import error_document
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.verification_look import exit_of, verification_of
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.problem import Problem
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.plan.model import Plan
from ocpprov.ui.exposure_view import exposure_lines
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.verification_view import verification_lines


@dataclass(frozen=True)
class ClosingVerification:
    """What was found, or why nothing was: `problems` where AWS couldn't be read any more; neither where somebody
    didn't want to wait for it. `again` is the command that verifies."""

    found: Verification | None
    again: str
    problems: Sequence[Problem] = ()

    @property
    def code(self) -> ExitCode:
        """How a run ends that went well itself."""
        if self.found:
            return exit_of(self.found.rows)
        return ExitCode.UNKNOWN if self.problems else ExitCode.INTERRUPTED

    def document(self) -> dict[str, Any]:
        """As `verify --json` has it, for the run's event."""
        rows = [row.document() for row in self.found.rows] if self.found else []
        beyond = self.found.exposures.document() if self.found and self.found.exposures else {}
        errors = error_document(self.problems) if self.problems else {}
        return {"ok": self.code is ExitCode.DONE, "requirements": rows, **beyond, **errors}

    def lines(self, secrets: SecretTexts) -> Iterator[Line]:
        """For a reader."""
        if self.found:
            told = masked(self.found, secrets)
            yield from verification_lines(told.rows)
            yield from exposure_lines(told.exposures) if told.exposures else ()
            return
        why = "; ".join(map(str, self.problems)) or "interrupted"
        yield Line(f"everything was applied, and it wasn't verified: {why}", Tone.DANGER)
        yield Line(f"next:     {self.again}")


def closing_verification(
    plan: Plan, outcome: RunOutcome, again: Callable[[], PlanResult], connection: Connection, options: Options
) -> ClosingVerification:
    """Verify what a good run has made, by its closing look at AWS, or by another one (`again`) where it needed none."""
    start, began = time.time(), time.monotonic()
    command = same_plan("verify", options) or "`ocpprov verify` with the plan's parameters"
    try:
        planned = again() if outcome.planned.actions.changes else outcome.planned
        found = verification_of(plan, planned, connection, apply_again(options), start, began)
    except Refused as error:
        return ClosingVerification(None, command, error.problems)
    except Interrupted:
        return ClosingVerification(None, command)
    if connection.cancellation.stopping():
        return ClosingVerification(None, command)
    return ClosingVerification(found, command)
