"""`render`: the whole plan in AWS's words only, or as a template that CloudFormation takes. Asks AWS for the zones'
names unless the plan has them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ocpprov.aws.masking import without_password
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.load import all_resources, load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.plan_completion import complete_plan, is_incomplete
from ocpprov.commands.plan_outputs import all_outputs
from ocpprov.commands.plan_scope import services_for_facts
from ocpprov.commands.refresh import facts_of
from ocpprov.commands.run_target import target_of
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import Facts, facts_needed
from ocpprov.openshift.facts_in_words import facts_in_words
from ocpprov.plan.model import Plan
from ocpprov.plan.rendering import rendered, yaml_text
from ocpprov.plan.stack_template import NotInTemplates, size_notes, stack_template


def render(options: Options, terminal: Terminal, *, as_template: bool = False) -> ExitCode:
    """The `render` command. `as_template`: what is printed is CloudFormation's own, and no plan any more."""
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    facts = Facts()
    if not facts_needed(plan).nothing or is_incomplete(plan):
        plan, facts = _asked(plan, options, terminal)
    document, notes = (_template if as_template else _plan)(plan, facts)
    text = f"{json.dumps(document, indent=2)}\n" if options.as_json else yaml_text(document)
    terminal.documents(text)
    terminal.say_lines([*notes, *(size_notes(text) if as_template else ())])
    return ExitCode.DONE


def _plan(plan: Plan, facts: Facts) -> tuple[Mapping[str, Any], Sequence[str]]:
    left = [*_left_out(plan)]
    document = rendered(plan, all_resources(plan, facts), all_outputs(plan, facts))
    return document, [f"left out: {', '.join(left)}"] if left else []


def _template(plan: Plan, facts: Facts) -> tuple[Mapping[str, Any], Sequence[str]]:
    try:
        made = stack_template(plan, all_resources(plan, facts), all_outputs(plan, facts), KINDS)
    except NotInTemplates as error:
        raise Refused(*error.problems) from error
    given = (
        [f"left out: the values of {', '.join(plan.secrets.parameters)} (NoEcho)"] if plan.secrets.parameters else []
    )
    return made.document, [*given, *made.notes]


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
    try:
        with connect(target, options, CallLog(terminal.say), terminal.say, terminal.on_retry) as reached:
            plan, _ = complete_plan(plan, options, reached, target_of)
            return plan, facts_of(plan, reached)
    except Refused as error:
        if wanted := facts_in_words(facts_needed(plan)):
            asked = Problem("", f"AWS is asked for nothing but {', '.join(wanted)}")
            raise Refused(*error.problems, asked) from error
        raise
