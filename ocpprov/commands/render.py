"""`render`: the whole plan in AWS's words only. Asks AWS for the zones' names unless the plan has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ocpprov.aws.masking import without_password
from ocpprov.commands.apply import target_of
from ocpprov.commands.connection import CallLog, connect
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.load import all_outputs, all_resources, load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.plan_completion import complete_plan, is_incomplete
from ocpprov.commands.refresh import facts_of
from ocpprov.commands.scope import services_for_facts
from ocpprov.commands.terminal import Terminal
from ocpprov.openshift.expand import Facts, facts_needed
from ocpprov.plan.model import Plan
from ocpprov.plan.rendering import render as rendered


def render(options: Options, terminal: Terminal) -> ExitCode:
    """The `render` command."""
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    facts = Facts()
    if not facts_needed(plan).nothing or is_incomplete(plan):
        plan, facts = _asked(plan, options, terminal)
    terminal.documents(rendered(plan, all_resources(plan, facts), all_outputs(plan, facts)))
    if left := [*_left_out(plan)]:
        terminal.say(f"left out: {', '.join(left)}")
    return ExitCode.DONE


def _left_out(plan: Plan) -> Iterator[str]:
    """What isn't shown, and has to be given to whatever takes the template."""
    if plan.secrets.parameters:
        yield f"the values of {', '.join(plan.secrets.parameters)} (NoEcho)"
    if any(
        without_password(url) != url for url in (plan.aws.proxy, *(each.url for each in plan.aws.service_endpoints))
    ):
        yield "the passwords of URLs under aws"


def _asked(plan: Plan, options: Options, terminal: Terminal) -> tuple[Plan, Facts]:
    target = target_of(plan, options)
    zones = frozenset({"route53"}) if plan.openshift and plan.openshift.infra_id and plan.named_ids else frozenset()
    scope = replace(target.scope, services=services_for_facts(plan) | zones)
    target = replace(target, scope=scope, may_leave_out=False)
    with connect(target, options, CallLog(terminal.say), terminal.say, terminal.on_retry) as reached:
        plan, _ = complete_plan(plan, options, reached, target_of)
        return plan, facts_of(plan, reached)
