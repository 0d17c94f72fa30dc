"""`init`: writes a new plan, from options, from an install-config, or by asking; and says what it is going to make."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from ocpprov.checks.hourly_costs import PriceTable, billed_units, hourly_cost
from ocpprov.checks.price_files import read_prices
from ocpprov.checks.result import Check
from ocpprov.commands.asking import ask
from ocpprov.commands.closing_words import same_plan
from ocpprov.commands.connection import Connector, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.init_aws import AwsAnswers
from ocpprov.commands.init_draft import (
    checked,
    draft_of,
    missing,
    new_id,
    refusal,
    reopened,
    with_defaults,
    with_network,
)
from ocpprov.commands.init_flags import InitFlags, listed
from ocpprov.commands.init_offers import Offers, ids_meant, usual_subnets
from ocpprov.commands.init_questions import NEW, Draft, Question, next_question, with_consequences
from ocpprov.commands.load import all_resources, graph_of
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.graph import Graph
from ocpprov.engine.plurals import number_of
from ocpprov.engine.problem import Problem
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import placeholder_facts
from ocpprov.openshift.machines import Machines
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors
from ocpprov.runs.new_file import write_new
from ocpprov.ui.forecast import Forecast
from ocpprov.ui.lines import Line, Tone

Asking: TypeAlias = Callable[[Question], str]
"""Gives the answer to a question."""

DEFAULT_FILE: Final = Path("plan.yaml")
_INFRA_ID: Final = "cluster-00000"
"""In the place of the one that nobody knows yet: it has the same length."""
_NEXT: Final = ("preflight", "apply")


def init(
    options: Options,
    flags: InitFlags,
    file: Path | None,
    terminal: Terminal,
    connector: Connector = connect,
    *,
    asking: Asking | None = None,
) -> ExitCode:
    """The `init` command. Refused while nothing is written; what it shows afterwards can't fail it any more. `asking`
    asks somebody, on the terminal where there is one."""
    file = file or DEFAULT_FILE
    if asking is None and sys.stdin.isatty() and not options.as_json:
        asking = ask
    if os.path.lexists(file):
        raise _there_already(file)
    prices = read_prices(flags.prices, KINDS) if flags.prices else None
    draft = draft_of(flags, file, new_id())
    with ExitStack() as stack:
        aws = None if flags.offline else AwsAnswers(options, terminal, connector, stack)
        offers = aws.begin(draft) if aws else Offers()
        if aws and flags.vpc:
            offers = aws.more(draft, offers)
        draft, offers = _in_network(draft, flags, offers, aws)
        if asking:
            terminal.tell_all()
            draft, offers = _answered(draft, offers, aws, asking, file, options, terminal)
        draft = with_defaults(draft)
        _refuse_missing(draft)
        offers = aws.more(draft, offers) if aws else offers
        try:
            text, plan = checked(with_consequences(draft, offers), file, options.directory)
        except PlanErrors as error:
            raise refusal(error, file) from None
        now, graph = _graphs(plan, offers)
        _write(file, text)
        quotas = aws.quotas(plan, graph, offers) if aws else ()
    _tell(file, plan, len(now.resources), _forecast(graph, prices, quotas), options, terminal)
    return ExitCode.DONE


def _there_already(file: Path) -> Refused:
    return Refused(Problem(str(file), "is there already, and init overwrites nothing", "name another file"))


def _in_network(draft: Draft, flags: InitFlags, offers: Offers, aws: AwsAnswers | None) -> tuple[Draft, Offers]:
    """The draft with the VPC and the subnets that the options name. Raises Refused for names that nobody knows."""
    if not flags.vpc:
        if flags.subnets:
            raise Refused(Problem("--subnets", "are of a VPC that is there already", "name it with --vpc"))
        return draft, offers
    names = {each.id: each.name for each in offers.vpcs or ()}
    [vpc_id] = ids_meant("--vpc", [flags.vpc], "vpc", names, complete=bool(names))
    draft = with_network(draft, vpc_id, ())
    if aws:
        offers = aws.more(draft, offers)
    found = offers.subnets or ()
    if not flags.subnets:
        return with_network(draft, vpc_id, usual_subnets(found, draft.publish or "External")), offers
    wanted = [each for each in listed(flags.subnets) if each != NEW]
    names = {each.subnet.id: each.name for each in found}
    subnets = ids_meant("--subnets", wanted, "subnet", names, complete=bool(names))
    return with_network(draft, vpc_id, subnets), offers


def _asked(draft: Draft, offers: Offers, aws: AwsAnswers | None, asking: Asking) -> tuple[Draft, Offers]:
    """The draft with every answer that is needed, and what AWS has said meanwhile."""
    if aws:
        offers = aws.more(draft, offers)
    while (question := next_question(draft, offers)) is not None:
        draft = question.put(draft, asking(question))
        if aws:
            offers = aws.more(draft, offers)
    return draft, offers


def _answered(
    draft: Draft,
    offers: Offers,
    aws: AwsAnswers | None,
    asking: Asking,
    file: Path,
    options: Options,
    terminal: Terminal,
) -> tuple[Draft, Offers]:
    """The same, asked again for what makes no plan together with the rest."""
    while True:
        draft, offers = _asked(draft, offers, aws, asking)
        try:
            checked(with_consequences(with_defaults(draft), offers), file, options.directory)
            return draft, offers
        except PlanErrors as error:
            again = reopened(draft, error, file)
            if again is None:
                raise refusal(error, file) from None
            terminal.say_lines(map(str, refusal(error, file).problems))
            draft = again


def _refuse_missing(draft: Draft) -> None:
    if options := missing(draft):
        remedy = "give them, or --install-config with a file that says it; on a terminal they are asked for"
        raise Refused(Problem(", ".join(options), "not given, and nobody is there to ask", remedy))


def _graphs(plan: Plan, offers: Offers) -> tuple[Graph, Graph]:
    """What is made at once, and all that there will be, as if the infraID were known."""
    section = plan.openshift
    if section is None:
        raise ValueError("a new plan has an openshift section")
    whole = replace(plan, openshift=replace(section, infra_id=section.infra_id or _INFRA_ID))
    facts = placeholder_facts(whole)
    zones = {index: name for index, name in enumerate(offers.zones or ()) if index in facts.zones}
    subnets = {each.subnet.id: each.subnet for each in offers.subnets or () if each.subnet.id in facts.subnets}
    known = replace(facts, zones={**facts.zones, **zones}, subnets={**facts.subnets, **subnets}, machines=Machines())
    return graph_of(all_resources(plan, known)), graph_of(all_resources(whole, known))


def _write(file: Path, text: str) -> None:
    try:
        write_new(file, text)
    except FileExistsError:
        raise _there_already(file) from None
    except OSError as error:
        remedy = "name a file in a folder of yours"
        raise Refused(Problem(str(file), f"can't be written: {error.strerror}", remedy)) from None


def _forecast(graph: Graph, prices: PriceTable | None, quotas: Sequence[Check]) -> Forecast:
    units = billed_units(graph.resources.values(), KINDS)
    return Forecast(graph, KINDS, units, hourly_cost(units, prices) if prices else None, quotas)


def _tell(file: Path, plan: Plan, now: int, forecast: Forecast, options: Options, terminal: Terminal) -> None:
    named = replace(options, plan=file, name="", region="")
    commands = [same_plan(verb, named) for verb in _NEXT]
    if options.as_json:
        terminal.result_json(_document(file, plan, forecast, commands))
        return
    terminal.result(_lines(file, plan, now, forecast, commands))


def _lines(file: Path, plan: Plan, now: int, forecast: Forecast, commands: Sequence[str]) -> Iterator[Line]:
    later = len(forecast.graph.resources) - now
    more = f", and {later} more when there is an infraID" if later else ""
    yield Line(f"{file} is written. It makes {number_of(now, 'resource')}{more}:", Tone.GOOD)
    yield from forecast.lines()
    yield from (Line(f"note: {note}") for note in plan.notes)
    yield from (Line(f"next: {command}") for command in commands)


def _document(file: Path, plan: Plan, forecast: Forecast, commands: Sequence[str]) -> dict[str, object]:
    return {
        "file": str(file),
        "plan": plan.name,
        "region": plan.region,
        "id": plan.id,
        "cluster": plan.cluster,
        "resources": forecast.by_type(),
        "billed": dict(sorted(forecast.units.items())),
        "cost": forecast.cost_document(),
        "quotas": [check.document() for check in forecast.quotas],
        "notes": list(plan.notes),
        "next": list(commands),
    }
