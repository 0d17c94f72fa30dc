"""`outputs`: the ids and names that the next step needs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from ocpprov.commands.apply import keep_former, target_of
from ocpprov.commands.connection import CallLog, Connector, connect
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.load import all_outputs, load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.output_values import output_values
from ocpprov.commands.plan_completion import complete_plan
from ocpprov.commands.refresh import PlanResult, refresh_and_plan
from ocpprov.commands.terminal import Terminal
from ocpprov.openshift.cluster_access import trust_bundle
from ocpprov.plan.model import Output, Plan
from ocpprov.runs.folder import run_folder
from ocpprov.ui.text import table


def outputs(options: Options, terminal: Terminal, connector: Connector = connect) -> ExitCode:
    """The `outputs` command."""
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    with connector(
        target_of(plan, options), options, CallLog(terminal.say), terminal.say, terminal.on_retry
    ) as reached:
        plan, connection = complete_plan(plan, options, reached, target_of)
        planned: PlanResult = refresh_and_plan(plan, connection)
        keep_former(plan, planned, run_folder(options.directory, plan.name), terminal)
    wanted = [*all_outputs(plan, planned.facts), *_of_this_host(plan, os.environ)]
    joined = not options.as_json
    values = output_values(wanted, planned, planned.actions.current, terminal.secrets, joined=joined)
    if options.as_json:
        terminal.result_json(values)
    else:
        terminal.result(table(values))
    return ExitCode.DONE


def _of_this_host(plan: Plan, environ: Mapping[str, str]) -> Iterator[Output]:
    """What the cluster needs because this host does: not the plan's, so neither rendered nor kept."""
    bundle = environ.get("AWS_CA_BUNDLE", "")
    if bundle and plan.openshift and not plan.aws.ca_bundle:
        yield from trust_bundle(bundle)
