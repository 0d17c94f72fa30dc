"""The commands that need no AWS: `validate` and `schema`."""

from __future__ import annotations

import json

import click

from ocpprov.commands.options import Options
from ocpprov.commands.outcome import ExitCode
from ocpprov.commands.reading import all_resources, graph_of, read_plan
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import placeholder_facts
from ocpprov.plan.schema import schema as plan_schema


def validate(options: Options) -> ExitCode:
    """The `validate` command."""
    plan = read_plan(options)
    graph = graph_of(all_resources(plan, placeholder_facts(plan)))
    if options.as_json:
        told = {"notes": list(plan.notes)} if plan.notes else {}
        click.echo(json.dumps({"ok": True, "plan": plan.name, "resources": len(graph.resources), **told}))
    else:
        click.echo(f"{plan.file}: good; {len(graph.resources)} resources")
        for note in plan.notes:
            click.echo(f"  note: {note}")
    return ExitCode.DONE


def schema() -> ExitCode:
    """The `schema` command."""
    click.echo(json.dumps(plan_schema(KINDS), indent=2))
    return ExitCode.DONE
