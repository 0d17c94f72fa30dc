"""From the command line to a plan with its resources: everything that needs no AWS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.engine.graph import CycleError, Graph, build
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Resource
from ocpprov.engine.suggestion import command_line, file_word
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import Facts, expand, logical_ids
from ocpprov.openshift.resource_rules import resource_problems
from ocpprov.openshift.subnet_addresses import crowded_subnets
from ocpprov.plan.loading import Inputs, load, load_file
from ocpprov.plan.model import Plan, RememberedFiles
from ocpprov.plan.top_level import NAME_PATTERN
from ocpprov.runs.folder import run_folder
from ocpprov.runs.saved_plan_file import is_saved_plan


@dataclass(frozen=True)
class KnownIds:
    """What AWS says of a plan before it is read for good: ids that are the plan's own, and the infraID that what it has
    made is tagged with."""

    own: frozenset[str]
    infra_id: str


def load_plan(
    options: Options, known: KnownIds | None = None, *, destroying: bool = False, text: str | None = None
) -> Plan:
    """The plan file, with what the last apply has kept of files that aren't there any more. `known` is what AWS says,
    None while nobody has asked; `text` is what the file is to say, where that is something else. Raises PlanErrors, and
    Refused when no file is given."""
    if options.plan is None:
        raise Refused("name a plan file")
    if is_saved_plan(options.plan):
        remedy = f"`{command_line('ocpprov', 'apply', file_word(options.plan))}` does what is in it; name the plan file"
        raise Refused(Problem(str(options.plan), "is a saved plan", remedy))

    def remembered(name: str) -> RememberedFiles:
        kept = kept_by_apply(options.directory, name)
        return replace(kept, infra_id=known.infra_id) if known else kept

    inputs = Inputs(
        KINDS,
        options.name,
        options.region,
        options.parameters,
        options.plan.parent,
        openshift_ids=logical_ids,
        rules=resource_problems,
        remembered=remembered,
        own=known.own if known else None,
        destroying=destroying,
    )
    return load_file(options.plan, inputs) if text is None else load(text, str(options.plan), inputs)


def check_plan(content: bytes, file: Path, directory: Path) -> Plan:
    """A plan that isn't in its file yet, read as it will be, and its resources looked at. Raises PlanErrors, and
    Refused."""
    inputs = Inputs(
        KINDS,
        base=file.parent,
        openshift_ids=logical_ids,
        rules=resource_problems,
        remembered=lambda name: kept_by_apply(directory, name),
        own=None,
    )
    return load(content, str(file), inputs)


def kept_by_apply(directory: Path, name: str) -> RememberedFiles:
    """What the last apply of the plan from this folder has kept of the installer's files."""
    if not re.fullmatch(NAME_PATTERN, name):
        return RememberedFiles()
    folder = run_folder(directory, name)
    content = folder.read(folder.last_plan)
    files = content.get("files") if isinstance(content, Mapping) else None
    if not isinstance(files, Mapping):
        return RememberedFiles()
    infra_id, config = files.get("infraID"), files.get("installConfig")
    return RememberedFiles(
        infra_id if isinstance(infra_id, str) else "",
        config if isinstance(config, Mapping) else {},
    )


def all_resources(plan: Plan, facts: Facts) -> dict[str, Resource]:
    """The resources of both layers. Raises Refused."""
    try:
        return {**expand(plan, facts), **plan.resources}
    except ValueError as error:
        raise Refused(f"{plan.file}: {error}") from error


def subnets_too_small(plan: Plan) -> dict[str, Problem]:
    """The subnets that the plan makes too small for what it puts there, by logical id. Raises Refused."""
    try:
        return crowded_subnets(plan)
    except ValueError as error:
        raise Refused(f"{plan.file}: {error}") from error


def graph_of(resources: Mapping[str, Resource]) -> Graph:
    """The graph of the resources. Raises Refused with the cycle's names."""
    try:
        return build(resources, KINDS)
    except CycleError as error:
        raise Refused(f"dependency cycle: {' -> '.join(error.path)}") from error
