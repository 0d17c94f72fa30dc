"""The `schema` command, which needs no AWS."""

from __future__ import annotations

import click

from ocpprov.commands.exit_codes import ExitCode
from ocpprov.engine.printable import printable_json
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.schema import schema as plan_schema


def schema() -> ExitCode:
    """The `schema` command."""
    click.echo(printable_json(plan_schema(KINDS), indent=2))
    return ExitCode.DONE
