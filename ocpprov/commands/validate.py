"""The commands that need no AWS: `validate` and `schema`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.load import KnownIds, all_resources, graph_of, load_plan, subnets_too_small
from ocpprov.commands.options import Options
from ocpprov.commands.port_matrix import matrix_document, matrix_exit, matrix_lines, matrix_of
from ocpprov.engine.printable import printable, printable_json
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import placeholder_facts
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors
from ocpprov.plan.schema import schema as plan_schema


def validate(options: Options, *, reachability: bool = False) -> ExitCode:
    """The `validate` command. `reachability`: whether all flows of the cluster would arrive, too."""
    plan = load_plan(options)
    count = _count(plan)
    if crowded := subnets_too_small(plan):
        raise Refused(*crowded.values())
    notes = [*plan.notes, *(_undecided(plan, count, options) if plan.undecided else ())]
    matrix = matrix_of(plan) if reachability else None
    code = matrix_exit(matrix) if reachability else ExitCode.DONE
    if options.as_json:
        told: dict[str, Any] = {"notes": notes} if notes else {}
        judged = matrix_document(matrix) if reachability else {}
        document = {"ok": code is ExitCode.DONE, "plan": plan.name, "resources": count, **told, **judged}
        click.echo(printable_json(plan.secrets.document(document)))
        return code
    click.echo(printable(f"{plan.file}: valid; {count} resources"))
    for line in (
        *(f"  note: {note}" for note in notes),
        *(matrix_lines(matrix, plan.secrets.masked, all_rows=options.verbose) if reachability else ()),
    ):
        click.echo(printable(line))
    return code


def _count(plan: Plan) -> int:
    return len(graph_of(all_resources(plan, placeholder_facts(plan))).resources)


def _undecided(plan: Plan, count: int, options: Options) -> Iterator[str]:
    """Whose the ids in the install-config are: the plan's count is as if they were its own, if it can be."""
    said = f"only AWS knows whether {', '.join(sorted(plan.named_ids))} of the install-config are this plan's own"
    try:
        otherwise = _count(load_plan(options, KnownIds(frozenset(), plan.openshift.infra_id if plan.openshift else "")))
    except (PlanErrors, Refused):
        yield f"{said}; the plan is valid only if they are"
        return
    yield said if otherwise == count else f"{said}: {count} resources if they are, {otherwise} if they aren't"


def schema() -> ExitCode:
    """The `schema` command."""
    click.echo(printable_json(plan_schema(KINDS), indent=2))
    return ExitCode.DONE
