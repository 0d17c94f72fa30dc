"""`verify`: whether every requirement of a cluster holds on what AWS has. It only asks."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from ocpprov.checks.exposure_of_plan import exposures_of_plan
from ocpprov.checks.verification import verified
from ocpprov.checks.verification_record import Verification
from ocpprov.commands.apply import compared, target_of
from ocpprov.commands.closing_words import apply_again
from ocpprov.commands.connection import Connector, RunTarget, connect
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.commands.verification_files import keep, write_junit
from ocpprov.commands.verification_look import exit_of, section_of, seen_in
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import run_folder
from ocpprov.ui.exposure_view import exposure_lines
from ocpprov.ui.verification_view import verification_lines


def verify(options: Options, terminal: Terminal, connector: Connector = connect, junit: Path | None = None) -> ExitCode:
    """The `verify` command: exit 0 where all rows hold, 1 where one doesn't, 3 where one is unknown and none fails.
    `junit` is the file that gets them for systems of continuous integration."""
    options = with_last_applied(options, terminal.say)
    began, start = time.monotonic(), time.time()
    with compared(options, terminal, connector, _tolerant_target) as (plan, planned, connection):
        seen = seen_in(plan, section_of(plan), planned, connection, apply_again(options))
        rows = verified(seen)
        exposures = exposures_of_plan(seen.actions, planned.inventory, seen.terrain, seen.apply)
    code = exit_of(rows)
    found = Verification(plan.name, start, time.monotonic() - began, rows, seen.flows)
    keep(found, run_folder(options.directory, plan.name), terminal)
    if junit:
        write_junit(junit, found, terminal)
    if options.as_json:
        documents = [row.document() for row in rows]
        outcome = {"ok": code is ExitCode.DONE, "seconds": round(found.seconds, 1), "requirements": documents}
        terminal.result_json({**outcome, **exposures.document()})
    else:
        terminal.result([*verification_lines(rows), *exposure_lines(exposures)])
    return code


def _tolerant_target(plan: Plan, options: Options) -> RunTarget:
    """What can't be read is a row that isn't known, and the rest is judged."""
    target = target_of(plan, options)
    return replace(target, scope=target.scope.tolerant())
