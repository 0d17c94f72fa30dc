"""`render`: the whole plan in AWS's words only. Asks AWS for the zones' names unless the plan has them."""

from __future__ import annotations

import click

from ocpprov.commands.apply import target_of
from ocpprov.commands.connection import CallLog, connected
from ocpprov.commands.options import Options
from ocpprov.commands.outcome import ExitCode
from ocpprov.commands.reading import all_outputs, all_resources, read_plan
from ocpprov.commands.survey import take_inventory, zone_facts
from ocpprov.commands.terminal import Terminal
from ocpprov.openshift.expand import Facts, zones_needed
from ocpprov.plan.model import Plan
from ocpprov.plan.rendering import render as rendered


def render(options: Options, terminal: Terminal) -> ExitCode:
    """The `render` command."""
    plan = read_plan(options)
    facts = _asked(plan, options, terminal) if zones_needed(plan) else Facts({})
    click.echo(rendered(plan, all_resources(plan, facts), all_outputs(plan)), nl=False)
    return ExitCode.DONE


def _asked(plan: Plan, options: Options, terminal: Terminal) -> Facts:
    with connected(target_of(plan), options, CallLog(), terminal.say, terminal.on_retry) as connection:
        return zone_facts(plan, take_inventory(connection, frozenset()), connection)
