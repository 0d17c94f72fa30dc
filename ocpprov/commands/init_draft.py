"""A new plan before anybody is asked: from the command line and the installer's files. And whether it is one."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.init_flags import InitFlags, listed, option_of
from ocpprov.commands.init_questions import NEW, Draft, name_from
from ocpprov.commands.load import check_plan
from ocpprov.engine.problem import Problem
from ocpprov.plan.install_config import filled
from ocpprov.plan.install_config_keys import node_at
from ocpprov.plan.model import Plan
from ocpprov.plan.new_plan import NewPlan, text_of
from ocpprov.plan.nodes import parse
from ocpprov.plan.own_ids import ids_in
from ocpprov.plan.problems import PlanError, PlanErrors
from ocpprov.plan.taken_from_install_config import SUBNETS

_ID_CHARACTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look like another."""


def new_id() -> str:
    """A random word. It begins with a letter, so that YAML never takes it for a number."""
    return secrets.choice(_ID_CHARACTERS[:23]) + "".join(secrets.choice(_ID_CHARACTERS) for _ in range(7))


def draft_of(flags: InitFlags, file: Path, id: str) -> Draft:
    """What the command line gives, and what its install-config says, of which nothing is repeated. `vpc` and `subnets`
    are put in when AWS has said which ids they mean. Raises Refused, and PlanErrors for a wrong install-config."""
    config, folder = _installer_paths(flags, file)
    said = _said_by(config, folder, file.parent)
    plan = NewPlan(
        name=flags.name,
        id=id,
        region=_unless_said(flags.region, said.region),
        install_dir=folder,
        install_config=config,
        version=flags.openshift_version,
        cluster_name=_unless_said(flags.cluster_name, said.cluster_name),
        base_domain=_unless_said(flags.base_domain, said.base_domain),
        publish=_unless_said(flags.publish, said.publish),
        public_zone=flags.public_zone,
        machine_networks=listed(flags.machine_network),
        zones=listed(flags.zones),
        egress=flags.egress,
        endpoints=listed(flags.endpoints),
    )
    return Draft(plan, said, asks_for_vpc=not flags.vpc, asks_for_subnets=not flags.subnets)


def _unless_said(given: str, said: str) -> str:
    return "" if given == said else given


def _installer_paths(flags: InitFlags, file: Path) -> tuple[str, str]:
    """The install-config and the folder of the installer, as the plan has them."""
    config, folder = flags.install_config, flags.install_dir
    if config is not None and not config.exists():
        raise Refused(Problem(f"--install-config {config}", "isn't there", "name an install-config.yaml"))
    if folder is not None and folder.exists() and not folder.is_dir():
        raise Refused(Problem(f"--install-dir {folder}", "isn't a folder", "name the folder of openshift-install"))
    return (_from(config, file) if config else ""), (_from(folder, file) if folder else "")


def _from(path: Path, file: Path) -> str:
    """A path as a plan in `file` writes it."""
    return str(path) if path.is_absolute() else os.path.relpath(path, file.parent)


def _said_by(config: str, folder: str, base: Path) -> NewPlan:
    """What the installer's files say that a plan would say else. Raises PlanErrors."""
    named = {key: path for key, path in (("installConfig", config), ("installDir", folder)) if path}
    if not named:
        return NewPlan()
    errors: list[PlanError] = []
    root = parse(json.dumps({"openshift": named}, ensure_ascii=False), config or folder)
    found = filled(root, base, errors, {}, frozenset())
    if errors:
        raise PlanErrors(errors)
    top: Any = found.root.plain()
    section: Mapping[str, Any] = top["openshift"]
    return NewPlan(
        region=_text(top.get("region")),
        cluster_name=_text(section.get("clusterName")),
        base_domain=_text(section.get("baseDomain")),
        publish=_text(section.get("publish")),
        machine_networks=tuple(_blocks(section.get("machineNetwork"))),
        subnets=tuple(ids_in(node_at(found.root, *SUBNETS))),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _blocks(value: object) -> Iterator[str]:
    """Of a block, or a list of blocks or of `{cidr}`."""
    for each in value if isinstance(value, list) else [value]:
        block = each.get("cidr") if isinstance(each, Mapping) else each
        if isinstance(block, str):
            yield block


def with_defaults(draft: Draft) -> Draft:
    """The draft with what needs no answer: what the plan's own defaults are, so that they can be seen and changed."""
    plan = replace(draft.plan, name=draft.plan.name or name_from(draft.cluster_name))
    plan = replace(plan, publish=plan.publish or ("" if draft.said.publish else "External"))
    if not draft.subnets:
        plan = replace(plan, zones=plan.zones or ("3",), egress=plan.egress or "nat")
    return replace(draft, plan=plan)


def missing(draft: Draft) -> Sequence[str]:
    """The options that nobody has given and that have no default."""
    needed = {
        "--name": draft.plan.name,
        "--region": draft.region,
        "--cluster-name": draft.cluster_name,
        "--base-domain": draft.base_domain,
    }
    # The cluster's name would do for the plan's.
    absent = [option for option, value in needed.items() if not value]
    return [each for each in absent if each != "--name" or draft.cluster_name]


def with_network(draft: Draft, vpc_id: str, subnets: Sequence[str]) -> Draft:
    """The draft in an existing VPC, its own subnets in it where none are named."""
    plan = replace(draft.plan, vpc_id=vpc_id, subnets=[each for each in subnets if each != NEW])
    return replace(draft, plan=plan, asks_for_vpc=False, asks_for_subnets=False)


def checked(draft: Draft, file: Path, directory: Path) -> tuple[str, Plan]:
    """The text of the draft's plan, and the plan, read as `validate` reads it from the file. Raises PlanErrors, and
    Refused for what no file can have in it."""
    text = text_of(draft.plan)
    try:
        content = text.encode()
    except UnicodeEncodeError:
        raise Refused("a value has bytes in it that are no text; nothing was written") from None
    return text, check_plan(content, file, directory)


def refusal(error: PlanErrors, file: Path) -> Refused:
    """What is wrong, by the options that give it: there is no file yet to look into."""
    return Refused(*(_about(each, file) for each in error.errors))


def _about(error: PlanError, file: Path) -> Problem:
    if error.position.file != str(file):
        return error.problem
    return Problem(option_of(error.path), error.message, error.hint)


def reopened(draft: Draft, error: PlanErrors, file: Path) -> Draft | None:
    """The draft without the answers that are wrong, so that they are asked for again; None where no question leads to
    one of them."""
    plan = draft.plan
    for each in error.errors:
        match option_of(each.path) if each.position.file == str(file) else "":
            case "--name":
                plan = replace(plan, name="")
            case "--region":
                plan = replace(plan, region="")
            case "--openshift-version":
                plan = replace(plan, version="")
            case "--cluster-name":
                plan = replace(plan, cluster_name="")
            case "--base-domain":
                plan = replace(plan, base_domain="", public_zone="")
            case "--machine-network":
                plan = replace(plan, machine_networks=())
            case "--zones":
                plan = replace(plan, zones=())
            case _:
                return None
    return replace(draft, plan=plan)
