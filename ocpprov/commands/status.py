"""`status`: whether what a plan has made serves. It only asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from ocpprov.aws.from_here import FromHere
from ocpprov.aws.this_host import ThisHost
from ocpprov.checks.result import Check, Status
from ocpprov.commands.comparison import compared
from ocpprov.commands.connection import Connector, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.options import Options
from ocpprov.commands.serving_look import PlanWatch, Topic
from ocpprov.commands.serving_reach import reach_of
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.ui.serving_view import verdict_line, view_lines


def status(
    options: Options,
    terminal: Terminal,
    connector: Connector = connect,
    sight: Callable[[], FromHere] = ThisHost,
) -> ExitCode:
    """The `status` command: exit 0 where it serves, 1 where something doesn't, 3 where nothing more is known."""
    options = with_last_applied(options, terminal.say)
    began = time.monotonic()
    with compared(options, terminal, connector) as (plan, planned, connection):
        look = PlanWatch(plan, planned, connection, sight()).look(list(Topic))
        serves = code_of(look.all_checks) is not ExitCode.FAILED
        reach = None if serves else reach_of(plan, planned, connection, options)
    if not look.all_checks:
        said = "has nothing that could serve: no cluster, load balancer, gateway or endpoint"
        raise Refused(Problem(plan.file, said, "`ocpprov plan` says whether what it has is there"))
    code = code_of(look.all_checks)
    if options.as_json:
        rows = [check.document() for check in look.all_checks]
        seconds = round(time.monotonic() - began, 1)
        further = {"reach": reach.document()} if reach else {}
        terminal.result_json({"ok": code is ExitCode.DONE, "seconds": seconds, "checks": rows, **further})
        return code
    told = {topic.value: [each.masked(terminal.secrets) for each in checks] for topic, checks in look.checks.items()}
    terminal.result(view_lines(told))
    terminal.result([*(reach.lines(terminal.secrets) if reach else ()), verdict_line(look.all_checks)])
    return code


def code_of(checks: Sequence[Check]) -> ExitCode:
    """How the command ends: what nobody can find out from here is no failure, and no success either."""
    if any(check.status is Status.FAIL for check in checks):
        return ExitCode.FAILED
    return ExitCode.UNKNOWN if any(check.status is Status.UNKNOWN for check in checks) else ExitCode.DONE
