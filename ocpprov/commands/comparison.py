"""What a plan wants, compared with what AWS has: what most commands begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from ocpprov.aws.recorded_reads import RecordingReader
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connection, Connector, RunTarget
from ocpprov.commands.load import load_plan
from ocpprov.commands.no_echo import all_secrets, without_secrets
from ocpprov.commands.options import Options
from ocpprov.commands.plan_completion import complete_plan
from ocpprov.commands.plan_unread import unread_told
from ocpprov.commands.refresh import PlanResult, refresh_and_plan
from ocpprov.commands.run_target import target_of
from ocpprov.commands.terminal import Terminal
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import RunFolder, run_folder
from ocpprov.ui.lines import Line
from ocpprov.ui.plan_view import PlanView, header


@contextmanager
def compared(
    options: Options,
    terminal: Terminal,
    connector: Connector,
    target_of: Callable[[Plan, Options], RunTarget] = target_of,
) -> Iterator[tuple[Plan, PlanResult, Connection]]:
    """The plan, and what comes of comparing it with what AWS has, for as long as AWS is asked. Nothing is changed."""
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    log = CallLog(terminal.say)
    with connector(target_of(plan, options), options, log, terminal.say, terminal.on_retry) as reached:
        with unread_told(plan, reached.scope):
            plan, connection = complete_plan(plan, options, reached, target_of)
            connection = replace(connection, reader=RecordingReader(connection.reader))
            planned = refresh_and_plan(plan, connection)
        keep_former(plan, planned, run_folder(options.directory, plan.name), terminal)
        yield plan, planned, connection


def keep_former(plan: Plan, planned: PlanResult, folder: RunFolder, terminal: Terminal) -> None:
    """From now on what the plan's secrets were before isn't shown either."""
    terminal.keep(all_secrets(plan.secrets, planned.actions, planned.ours(), folder))


def shown(planned: PlanResult, options: Options, terminal: Terminal) -> Iterator[Line]:
    """The plan for a reader."""
    actions = without_secrets(planned.actions, terminal.secrets)
    yield header(actions.owner, sum(1 for _ in planned.ours()), sandbox=options.sandbox)
    allowed = options.allow if planned.actions.graph.resources else None
    yield from PlanView(actions, KINDS, allowed, options.verbose).lines()
