"""`outputs`: the ids and names that the next step needs, in the format that it needs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ocpprov.aws.partitions import partition_of
from ocpprov.commands.address_proposals import address_proposals
from ocpprov.commands.closing_words import same_plan
from ocpprov.commands.comparison import compared
from ocpprov.commands.connection import Connector, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.options import Options
from ocpprov.commands.output_documents import KnownOutputs, show_outputs
from ocpprov.commands.output_request import OutputRequest, output_request
from ocpprov.commands.output_values import output_values
from ocpprov.commands.plan_outputs import all_outputs
from ocpprov.commands.presigning import presigned_location
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.openshift.cluster_access import certificates_needed, trust_bundle
from ocpprov.openshift.ignition_outputs import FETCH
from ocpprov.plan.model import ITEM_END, Output, Plan
from ocpprov.plan.problems import likely
from ocpprov.ui.table import shown_value

OUTPUT_NAME: Final = "[A-Za-z0-9]+"
"""CloudFormation's grammar for it."""


def outputs(
    options: Options,
    terminal: Terminal,
    name: str = "",
    request: OutputRequest | None = None,
    connector: Connector = connect,
) -> ExitCode:
    """The `outputs` command: all of them, or only the value of the one that is named. Without a `request` they are
    shown as a table, or as JSON. Raises Refused."""
    request = request or output_request(as_json=options.as_json)
    options, name = _told_apart(options, name)
    _guard_name(name, request)
    options = with_last_applied(options, terminal.say)
    url = ""
    with compared(options, terminal, connector) as (plan, planned, connection):
        proposed = address_proposals(plan, planned, connection)
        wanted = [*all_outputs(plan, planned.facts), *proposed, *host_outputs(plan, os.environ)]
        known = _known(plan, wanted, planned, terminal)
        if request.presign:
            url = presigned_location(plan.openshift, known.values, connection, request.presign, terminal)
    if not any(planned.ours()):
        terminal.say(f"nothing of plan {plan.name} is in AWS: these are known before it is applied")
    if name:
        _show_one(name, [output.name for output in wanted], known, terminal, as_json=request.format == "json")
    elif url and request.format in ("table", "json"):
        _show_url(url, terminal, as_json=request.format == "json")
    else:
        show_outputs(_located(known, url), request, terminal)
        terminal.say_lines(_offers(known, options, request))
    return ExitCode.DONE


def _known(plan: Plan, wanted: Sequence[Output], planned: PlanResult, terminal: Terminal) -> KnownOutputs:
    current, line_ends = planned.actions.current, {output.name: ITEM_END for output in wanted if output.by_line}
    values, texts = (
        output_values(wanted, planned, current, terminal.secrets, joined=joined) for joined in (False, True)
    )
    clear = output_values(wanted, planned, current, SecretTexts())
    hidden = frozenset(name for name, value in values.items() if value != clear[name])
    return KnownOutputs(plan, values, texts, line_ends, hidden)


def _located(known: KnownOutputs, url: str) -> KnownOutputs:
    """The same with bootstrap.ign at this URL, where there is one."""
    return replace(known, values={**known.values, "BootstrapIgnitionLocation": url}) if url else known


def _offers(known: KnownOutputs, options: Options, request: OutputRequest) -> Iterator[str]:
    """What a value that asks for something is answered with."""
    if request.format == "table" and FETCH in known.values:
        command = same_plan("outputs", options, "--format", "ignition-pointer", "--presign", "1h")
        yield f"{FETCH}: {command or 'give --format ignition-pointer --presign 1h'}"


def _told_apart(options: Options, name: str) -> tuple[Options, str]:
    """A single word that can be an output's name and is no file is that."""
    word = str(options.plan or "")
    if name or not re.fullmatch(OUTPUT_NAME, word) or Path(word).exists():
        return options, name
    return replace(options, plan=None), word


def _guard_name(name: str, request: OutputRequest) -> None:
    """Raises Refused for one output in a format that is made of many."""
    if name and (request.format not in ("table", "json") or request.presign):
        what = "--presign" if request.presign else f"--format {request.format}"
        raise Refused(Problem("command line", f"{what} is not for the single output {name}", "leave one of them out"))


def _show_one(name: str, known: Sequence[str], found: KnownOutputs, terminal: Terminal, *, as_json: bool) -> None:
    """Raises Refused for what the plan doesn't have, or not yet."""
    if name in found.values:
        if as_json:
            terminal.result_json(found.values[name])
        else:
            terminal.result([shown_value(found.texts[name])])
        return
    if name in known:
        raise Refused(Problem(f"output {name}", "what it is about isn't there yet", "apply the plan first"))
    hint = likely(name, known) or f"it has {', '.join(known) or 'none'}"
    raise Refused(Problem(f"output {name}", "neither a file nor an output of the plan", hint))


def _show_url(url: str, terminal: Terminal, *, as_json: bool) -> None:
    if as_json:
        terminal.result_json(url)
    else:
        terminal.result([url])


def host_outputs(plan: Plan, environ: Mapping[str, str]) -> Iterator[Output]:
    """What the cluster needs because this host does: not the plan's, so neither rendered nor kept."""
    bundle = environ.get("AWS_CA_BUNDLE", "")
    needed = plan.openshift and certificates_needed(plan.aws, partition_of(plan.region))
    if bundle and needed and not plan.aws.ca_bundle:
        yield from trust_bundle(bundle)
