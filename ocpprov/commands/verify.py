"""`verify`: whether every requirement of a cluster holds on what AWS has. It only asks."""

from __future__ import annotations

import time
from dataclasses import replace

from ocpprov.checks.verification_record import Verification, masked
from ocpprov.commands.closing_words import apply_again
from ocpprov.commands.comparison import compared
from ocpprov.commands.connection import Connector, RunTarget, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.options import Options
from ocpprov.commands.plan_unread import PlanUnread, unknown_rows
from ocpprov.commands.run_target import target_of
from ocpprov.commands.terminal import Terminal
from ocpprov.commands.verification_files import NO_FILES, VerificationFiles, keep
from ocpprov.commands.verification_look import exit_of, verification_of
from ocpprov.commands.verify_vpc import verify_vpc
from ocpprov.engine.problem import Problem
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import run_folder
from ocpprov.ui.exposure_view import exposure_lines
from ocpprov.ui.verification_view import verification_lines


def verify(
    options: Options,
    terminal: Terminal,
    connector: Connector = connect,
    files: VerificationFiles = NO_FILES,
    vpc_id: str | None = None,
) -> ExitCode:
    """The `verify` command: exit 0 where all rows hold, 1 where one doesn't, 3 where one is unknown and none fails.
    `files` get them besides. With `vpc_id` no plan is known of the network, and nothing is kept."""
    if vpc_id is not None:
        found = verify_vpc(vpc_id, options, terminal, connector)
    else:
        found = _of_plan(options, terminal, connector)
    code = exit_of(found.rows)
    if options.as_json:
        # Programs get one document: this one, or that of a refusal.
        files.write(found, terminal)
        documents = [row.document() for row in found.rows]
        outcome = {"ok": code is ExitCode.DONE, "seconds": round(found.seconds, 1), "requirements": documents}
        terminal.result_json({**outcome, **(found.exposures.document() if found.exposures else {})})
    else:
        # Before it is cut into lines: what isn't to be shown may have blanks in it.
        told = masked(found, terminal.secrets)
        terminal.result([*verification_lines(told.rows), *(exposure_lines(told.exposures) if told.exposures else ())])
        files.write(found, terminal)
    return code


def _of_plan(options: Options, terminal: Terminal, connector: Connector) -> Verification:
    if options.cluster:
        said = "is for a VPC that no plan is known of"
        raise Refused(Problem("--cluster", said, "leave it out, or give --vpc and --region with it"))
    options = with_last_applied(options, terminal.say)
    began, start = time.monotonic(), time.time()
    try:
        with compared(options, terminal, connector, _tolerant_target) as (plan, planned, connection):
            found = verification_of(plan, planned, connection, apply_again(options), start, began)
    except PlanUnread as unread:
        found = Verification(unread.plan.name, start, time.monotonic() - began, unknown_rows(unread))
    keep(found, run_folder(options.directory, found.subject), terminal)
    return found


def _tolerant_target(plan: Plan, options: Options) -> RunTarget:
    """What can't be read is a row that isn't known, and the rest is judged."""
    target = target_of(plan, options)
    return replace(target, scope=target.scope.tolerant())
