"""The `validate` command, which needs no AWS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import click

from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.load import KnownIds, all_resources, graph_of, load_plan, subnets_too_small
from ocpprov.commands.options import Options
from ocpprov.engine.printable import printable, printable_json
from ocpprov.openshift.expand import placeholder_facts
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors


@dataclass(frozen=True)
class Findings:
    """What is said of a plan beside that it is valid: the exit code that follows, for programs, and in lines."""

    code: ExitCode = ExitCode.DONE
    document: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[str] = ()


Judge: TypeAlias = Callable[[Plan, Options], Findings]


def validate(options: Options, judge: Judge | None = None) -> ExitCode:
    """The `validate` command. `judge` says more of a plan that is valid: it is handed in, as most runs do without, and
    without loading it."""
    plan = load_plan(options)
    count = _count(plan)
    if crowded := subnets_too_small(plan):
        raise Refused(*crowded.values())
    notes = [*plan.notes, *(_undecided(plan, count, options) if plan.undecided else ())]
    judged = judge(plan, options) if judge else Findings()
    if options.as_json:
        told: dict[str, Any] = {"notes": notes} if notes else {}
        document = {"ok": judged.code is ExitCode.DONE, "plan": plan.name, "resources": count, **told}
        click.echo(printable_json(plan.secrets.document({**document, **judged.document})))
        return judged.code
    click.echo(printable(f"{plan.file}: valid; {count} resources"))
    for line in (*(f"  note: {note}" for note in notes), *judged.lines):
        click.echo(printable(line))
    return judged.code


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
