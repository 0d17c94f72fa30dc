"""`rehearse`: a plan's life before an AWS in this process, with AWS's own times, rates and quotas."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from ocpprov.checks.hourly_costs import billed_units, hourly_cost
from ocpprov.checks.price_files import read_prices
from ocpprov.checks.quotas import quota_needs
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.discovery import discover
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.error_documents import problem_document
from ocpprov.commands.excluded_services import without_excluded
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.load import all_resources, graph_of, load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.plan_completion import complete_plan
from ocpprov.commands.rehearsal_request import AwsAsRehearsed, RehearsalRequest
from ocpprov.commands.rehearsed_aws import RehearsedAws, readiness_in_force
from ocpprov.commands.rehearsed_runs import Act, Performance, performed
from ocpprov.commands.run_target import target_of
from ocpprov.commands.stand_ins import make_stand_ins
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.planner import plan as make_actions
from ocpprov.engine.resources import Owner
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.aws_facts import Facts, placeholder_facts
from ocpprov.openshift.machines import Machines
from ocpprov.plan.model import Plan
from ocpprov.sandbox.assumptions import Assumption, assumed_delays, assumed_rates, assumed_readiness
from ocpprov.sandbox.default_quotas import TABLE
from ocpprov.ui.forecast import Forecast
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.rehearsal_view import ActRow, QuotaRow, RehearsalView


def rehearse(options: Options, terminal: Terminal, request: RehearsalRequest) -> ExitCode:
    """The `rehearse` command. Raises Refused, and PlanErrors, before anything is rehearsed."""
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    prices = read_prices(request.prices, KINDS) if request.prices else None
    like = request.aws()
    with tempfile.TemporaryDirectory(prefix="ocpprov-rehearsal-") as folder, ExitStack() as stack:
        own = replace(options, directory=Path(folder), sandbox=True)
        aws = RehearsedAws(like, target_of(plan, own))
        stack.enter_context(aws.open())
        stand_ins = make_stand_ins(plan, aws.session.clients)
        aws.replaced = stand_ins.replaced
        whole, graph = _wanted(plan, own, aws)
        aws.begin()
        acts: list[Performance] = []
        terminal.say(Line(f"rehearsing plan {plan.name} ...", Tone.ASIDE))
        for act in performed(options, aws, Path(folder)):
            acts.append(act)
            terminal.say(Line(f"  {act.act.value}: {'done' if act.ok else 'failed'}", Tone.ASIDE))
            if act.code is ExitCode.INTERRUPTED:
                return ExitCode.INTERRUPTED
    units = billed_units(graph.resources.values(), KINDS)
    view = RehearsalView(
        plan.name,
        plan.region,
        [_row(each) for each in acts],
        list(_quota_rows(whole, graph, aws, like)),
        Forecast(graph, KINDS, units, hourly_cost(units, prices) if prices else None),
        stand_ins.said,
        [*_assumed(like), *_of_quotas(like)],
        request.faults,
        verbose=options.verbose,
    )
    if options.as_json:
        terminal.result_json(_document(view, acts, request))
    else:
        terminal.result(view.lines())
    return ExitCode.DONE if view.goes_through else ExitCode.FAILED


def _wanted(plan: Plan, own: Options, aws: RehearsedAws) -> tuple[Plan, Graph]:
    """The plan as it is meant, and all that it makes, with the zones and machines that nobody has asked for yet as
    placeholders. Raises Refused."""
    with aws.connect(target_of(plan, own), own, CallLog(lambda _: None), lambda _: None, lambda _: None) as reached:
        whole, connection = complete_plan(plan, own, reached, target_of)
        reader = DiscoveryReader(connection.reader, connection.owner)
        found = discover(whole, reader, connection.scope.excluded)
        facts = _with_placeholders(found, placeholder_facts(whole))
        resources = all_resources(whole, facts)
        rest, _ = without_excluded(whole, resources, connection.scope.excluded, connection.owner)
    return whole, graph_of(rest)


def _with_placeholders(found: Facts, placeholders: Facts) -> Facts:
    return replace(found, zones=placeholders.zones, machines=Machines())


def _row(act: Performance) -> ActRow:
    return ActRow(
        act.act.value,
        act.ok,
        act.seconds,
        act.changed,
        sum(act.calls.values()),
        act.mutating,
        act.throttled,
        act.retried,
        act.by_service,
        [(each.resource, each.type, each.seconds) for each in act.slowest],
        [*act.problems],
        should_be_idle=act.act is Act.AGAIN,
    )


def _quota_rows(plan: Plan, graph: Graph, aws: RehearsedAws, like: AwsAsRehearsed) -> Iterator[QuotaRow]:
    """What the plan needs of each quota, nearest to its limit first."""
    owner = Owner(plan=plan.name, region=plan.region, account=aws.account, run="rehearsal", cluster=plan.cluster)
    actions = make_actions(graph, Inventory(), owner, KINDS)
    within = {row.name: row.within for row in TABLE}
    rows = [
        QuotaRow(
            need.quota.id,
            need.quota.name,
            need.place,
            need.most,
            like.quotas[need.quota.limited],
            within[need.quota.limited],
            need.quota.limited,
        )
        for need in quota_needs(actions, {})
    ]
    yield from sorted(rows, key=lambda row: (-row.share, row.name))


def _assumed(like: AwsAsRehearsed) -> Iterator[Assumption]:
    yield Assumption("each call takes", f"{like.latency * 1000:g} ms", "--latency", "given")
    yield from assumed_delays(like.delays)
    yield from assumed_readiness(like.delays, readiness_in_force())
    yield from assumed_rates()


def _of_quotas(like: AwsAsRehearsed) -> Iterator[Assumption]:
    for row in TABLE:
        most = like.quotas[row.name]
        source, trust = (row.source, row.trust) if most == row.most else ("--quota", "given")
        yield Assumption(f"{row.what} of a {row.within}", f"{most}", source, trust)


def _document(view: RehearsalView, acts: Sequence[Performance], request: RehearsalRequest) -> Mapping[str, object]:
    return {
        "ok": view.goes_through,
        "plan": view.plan,
        "region": view.region,
        "latency": request.latency,
        "scale": request.scale,
        "seed": request.seed,
        "faults": list(request.faults),
        "acts": [_act_document(each) for each in acts],
        "quotas": [vars(row) | {"fits": row.fits} for row in view.quotas],
        "billed": dict(sorted(view.forecast.units.items())),
        "cost": view.forecast.cost_document(),
        "standIns": list(view.stand_ins),
        "assumptions": [vars(each) for each in view.assumptions],
    }


def _act_document(act: Performance) -> Mapping[str, object]:
    return {
        "act": act.act.value,
        "ok": act.ok,
        "exitCode": int(act.code),
        "seconds": round(act.seconds, 3),
        "changed": act.changed,
        "calls": dict(act.calls),
        "mutating": act.mutating,
        "throttled": act.throttled,
        "retried": act.retried,
        "slowest": [vars(each) | {"seconds": round(each.seconds, 3)} for each in act.slowest],
        "errors": [problem_document(each) for each in act.problems],
    }
