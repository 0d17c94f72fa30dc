"""`render`: the whole plan in AWS's words only. Asks AWS for the zones' names unless the plan has them."""

from __future__ import annotations

from dataclasses import replace

import click

from ocpprov.commands.apply import target_of
from ocpprov.commands.connection import CallLog, connected
from ocpprov.commands.options import Options
from ocpprov.commands.outcome import ExitCode
from ocpprov.commands.reading import all_outputs, all_resources, read_plan
from ocpprov.commands.scope import services_for_facts
from ocpprov.commands.survey import facts_of
from ocpprov.commands.terminal import Terminal
from ocpprov.openshift.expand import Facts, facts_needed
from ocpprov.plan.model import Plan
from ocpprov.plan.rendering import render as rendered


def render(options: Options, terminal: Terminal) -> ExitCode:
    """The `render` command."""
    plan = read_plan(options)
    facts = Facts() if facts_needed(plan).nothing else _asked(plan, options, terminal)
    click.echo(rendered(plan, all_resources(plan, facts), all_outputs(plan, facts)), nl=False)
    return ExitCode.DONE


def _asked(plan: Plan, options: Options, terminal: Terminal) -> Facts:
    target = target_of(plan, options)
    scope = replace(target.scope, services=services_for_facts(plan))
    target = replace(target, scope=scope, may_leave_out=False)
    with connected(target, options, CallLog(terminal.say), terminal.say, terminal.on_retry) as connection:
        return facts_of(plan, connection)
