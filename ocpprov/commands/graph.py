"""`graph`: a plan's resources and what names what, and its topology as a picture. Asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.load import all_resources, graph_of, load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import facts_needed, placeholder_facts
from ocpprov.plan.model import Plan
from ocpprov.report.graph_text import dot, graph_document, mermaid
from ocpprov.report.picture import svg_document
from ocpprov.report.things import FoldedThings, fold, planned_things
from ocpprov.report.topology import topology

GraphFormat = Literal["mermaid", "dot", "json", "svg"]


def graph(options: Options, terminal: Terminal, wanted: GraphFormat) -> ExitCode:
    """The `graph` command."""
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    things = planned_things(graph_of(all_resources(plan, placeholder_facts(plan))), {}, plan.secrets)
    folded = FoldedThings(things, {}) if options.verbose else fold(things, KINDS)
    match wanted:
        case "mermaid":
            terminal.documents(mermaid(folded, KINDS))
        case "dot":
            terminal.documents(dot(folded, KINDS, plan.name))
        case "json":
            terminal.result_json(graph_document(things, plan.name, plan.region))
        case "svg":
            terminal.documents(svg_document(topology(things), f"The topology of plan {plan.name}, {plan.region}"))
    terminal.say_lines(_assumed(plan))
    return ExitCode.DONE


def _assumed(plan: Plan) -> Iterator[str]:
    """What only AWS knows."""
    if not facts_needed(plan).nothing:
        yield "note: AWS wasn't asked: names of zones, and what is there already, are assumed"
    if plan.named_ids:
        ids = ", ".join(sorted(plan.named_ids))
        yield f"note: only AWS knows whether {ids} of the install-config are this plan's own"
