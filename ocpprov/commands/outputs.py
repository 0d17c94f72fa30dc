"""`outputs`: the ids and names that the next step needs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ocpprov.commands.apply import compared
from ocpprov.commands.connection import Connector, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.load import all_outputs
from ocpprov.commands.options import Options
from ocpprov.commands.output_values import output_values
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.openshift.cluster_access import trust_bundle
from ocpprov.plan.model import Output, Plan
from ocpprov.plan.problems import likely
from ocpprov.ui.text import shown_value, table

OUTPUT_NAME: Final = "[A-Za-z0-9]+"
"""CloudFormation's grammar for it."""


def outputs(options: Options, terminal: Terminal, name: str = "", connector: Connector = connect) -> ExitCode:
    """The `outputs` command: all of them, or only the value of the one that is named."""
    options, name = _told_apart(options, name)
    options = with_last_applied(options, terminal.say)
    with compared(options, terminal, connector) as (plan, planned, _):
        pass
    wanted = [*all_outputs(plan, planned.facts), *_of_this_host(plan, os.environ)]
    joined = not options.as_json
    values = output_values(wanted, planned, planned.actions.current, terminal.secrets, joined=joined)
    if not any(planned.ours()):
        terminal.say(f"nothing of plan {plan.name} is in AWS: these are known before it is applied")
    if name:
        _show_one(name, [output.name for output in wanted], values, terminal, as_json=options.as_json)
    elif options.as_json:
        terminal.result_json(values)
    else:
        terminal.result(table(values))
    return ExitCode.DONE


def _told_apart(options: Options, name: str) -> tuple[Options, str]:
    """A single word that can be an output's name and is no file is that."""
    word = str(options.plan or "")
    if name or not re.fullmatch(OUTPUT_NAME, word) or Path(word).exists():
        return options, name
    return replace(options, plan=None), word


def _show_one(
    name: str, known: Sequence[str], values: Mapping[str, object], terminal: Terminal, *, as_json: bool
) -> None:
    """Raises Refused for what the plan doesn't have, or not yet."""
    if name in values:
        if as_json:
            terminal.result_json(values[name])
        else:
            terminal.result([shown_value(values[name])])
        return
    if name in known:
        raise Refused(Problem(f"output {name}", "what it is about isn't there yet", "apply the plan first"))
    hint = likely(name, known) or f"it has {', '.join(known) or 'none'}"
    raise Refused(Problem(f"output {name}", "neither a file nor an output of the plan", hint))


def _of_this_host(plan: Plan, environ: Mapping[str, str]) -> Iterator[Output]:
    """What the cluster needs because this host does: not the plan's, so neither rendered nor kept."""
    bundle = environ.get("AWS_CA_BUNDLE", "")
    if bundle and plan.openshift and not plan.aws.ca_bundle:
        yield from trust_bundle(bundle)
