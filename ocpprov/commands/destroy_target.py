"""What a destroy is about: with the plan file or without, and what the run folder knows of it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ocpprov.commands.connection import RunTarget
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.plan_completion import awaits_infra_id
from ocpprov.commands.plan_note import scope_remembered
from ocpprov.commands.run_target import target_of
from ocpprov.commands.scope import Scope, with_journal
from ocpprov.engine.printable import printable
from ocpprov.engine.suggestion import command_line
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors
from ocpprov.plan.top_level import LOCK_PATTERN, NAME_PATTERN, REGION_PATTERN
from ocpprov.runs.folder import known_plans, run_folder


def destroy_target(options: Options) -> RunTarget:
    """By the plan file, by name and region, or by what was applied from this folder. Raises Refused."""
    if options.name and not re.fullmatch(NAME_PATTERN, options.name):
        raise Refused(
            f"--name {printable(options.name)}: no plan has such a name; it begins with a lower-case letter, and has "
            "up to 31 more of a-z, 0-9 and -"
        )
    if options.plan is not None:
        return _of_plan(_readable(options), options)
    if options.name and options.region:
        return _without_plan(options.name, options.region, options)
    known = [
        (name, region)
        for name, region in known_plans(options.directory)
        if options.name in ("", name) and options.region in ("", region) and re.fullmatch(NAME_PATTERN, name)
    ]
    if len(known) != 1:
        names = ", ".join(named_plan(name, region) for name, region in known)
        nothing = f"no plan{options.name and ' '}{options.name} was applied from this folder"
        found = f"several were applied from this folder: {names}" if known else nothing
        raise Refused(f"{found}; name a plan file, or give --name and --region")
    return _without_plan(*known[0], options)


def with_name(options: Options) -> Options:
    """The same, where a word that can be a plan's name and is no file is that. Raises Refused."""
    word = str(options.plan or "")
    if not re.fullmatch(NAME_PATTERN, word) or Path(word).exists():
        return options
    if options.name not in ("", word):
        raise Refused(
            f"{word} is no file, and --name {printable(options.name)} is another plan's name: give one of both"
        )
    return replace(options, plan=None, name=word)


def _readable(options: Options) -> Plan:
    """The plan. Raises Refused where it is wrong, which mustn't keep anybody from a destroy."""
    try:
        return load_plan(options, destroying=True)
    except PlanErrors as error:
        way = "a destroy needs no plan file: ocpprov destroy --name NAME --region REGION goes by the tags"
        raise Refused((*map(str, error.errors), way)) from error


def _of_plan(plan: Plan, options: Options) -> RunTarget:
    """Where the plan doesn't say any more what it has made, as files that it names are gone, everything is looked at,
    as without a plan."""
    target = target_of(plan, options)
    if not plan.partial and not awaits_infra_id(plan):
        return target
    if scope_remembered(run_folder(options.directory, plan.name)) is None:
        scope = target.scope
        everything = replace(
            scope, services=Scope().services, declared_names=None, types=None, planned_objects=frozenset()
        )
        target = replace(target, scope=everything.without(options.without))
    return replace(target, cluster=target.cluster or options.cluster)


def _without_plan(name: str, region: str, options: Options) -> RunTarget:
    """A target of which the run folder, if there is one, remembers what of AWS it has to do with."""
    if options.lock and not re.fullmatch(LOCK_PATTERN, options.lock):
        raise Refused(f"--lock {printable(options.lock)}: write s3://bucket/prefix")
    if not re.fullmatch(REGION_PATTERN, region):
        raise Refused(f"--region {printable(region)}: no region has such a name; write one such as eu-west-1")
    folder = run_folder(options.directory, name)
    content = folder.read(folder.last_plan)
    same = isinstance(content, dict) and (content.get("name"), content.get("region")) == (name, region)
    scope = with_journal((scope_remembered(folder) if same else None) or Scope(), folder)
    return RunTarget(
        name,
        region,
        cluster=options.cluster,
        scope=scope.without(options.without).allowing(options.allow),
        lock=options.lock or (str(content.get("lock") or "") if same else ""),
        protect=same and content.get("protect") is True,
        plan_id=str(content.get("id") or "") if same else "",
    )


def named_plan(name: str, region: str) -> str:
    """The options that name a plan, as they can be pasted."""
    return command_line("--name", name, "--region", region)
