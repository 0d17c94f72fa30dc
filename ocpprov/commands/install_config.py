"""`install-config`: what a plan makes, put into an install-config.yaml."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from ocpprov.aws.environment import MOST_CHARACTERS
from ocpprov.commands.comparison import compared
from ocpprov.commands.connection import Connector, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.file_changes import FileChange, agreed, changed, file_text, write
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.options import Options
from ocpprov.commands.output_values import output_values
from ocpprov.commands.plan_outputs import all_outputs
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.installer.install_config_edits import install_config_edits
from ocpprov.installer.install_config_values import InstallConfigValues, install_config_values
from ocpprov.installer.yaml_edits import edited
from ocpprov.openshift.cluster_access import TRUST_BUNDLE
from ocpprov.plan.install_config_keys import node_at
from ocpprov.plan.install_dir import named_files
from ocpprov.plan.model import Plan
from ocpprov.plan.nodes import Node, parse
from ocpprov.plan.problems import PlanError, PlanErrors
from ocpprov.runs.input_files import read_file

_SUBNET: Final = "AWS::EC2::Subnet"
_IAM: Final = "iam"
_OWN_KEYS: Final = frozenset({"baseDomain", "platform"})


def install_config(
    options: Options, terminal: Terminal, file: Path | None = None, connector: Connector = connect
) -> ExitCode:
    """The `install-config` command: what the plan's outputs know is put into the file, after a diff and a yes."""
    options = with_last_applied(options, terminal.say)
    path = file or _named_by(options.plan or Path())
    text = file_text(path)
    config = _install_config(text, path)
    with compared(options, terminal, connector) as (plan, planned, _):
        pass
    values = _values(plan, planned, options, terminal)
    found = install_config_edits(config, values, plan, _own_subnets(plan, planned, path))
    if found.errors:
        raise PlanErrors(found.errors)
    terminal.say_lines(found.notes)
    changes = changed([FileChange(path, text, edited(text, found.edits, str(path)))])
    if not changes:
        terminal.say(f"{path} says what plan {plan.name} makes: nothing to do")
        return ExitCode.DONE
    agreed(changes, options, terminal)
    write(changes)
    terminal.say(f"written: {path}")
    return ExitCode.DONE


def _named_by(plan: Path) -> Path:
    """The file that the plan names. Raises Refused."""
    root, place = parse(file_text(plan), str(plan)), ("openshift", "installConfig")
    named = node_at(root, *place) or named_files(root, plan.parent, []).get(place)
    if named is None or not isinstance(named.value, str):
        raise Refused(Problem(str(plan), "names no installConfig", "name the file: --file install-config.yaml"))
    return plan.parent / named.value


def _install_config(text: str, path: Path) -> Node:
    """Raises PlanErrors for another file."""
    config = parse(text, str(path))
    if not set(config.mapping() or {}) >= _OWN_KEYS:
        hint = "name the file that `openshift-install create install-config` wrote"
        raise PlanErrors([PlanError(config.position, "", "isn't an install-config.yaml", hint)])
    return config


def _values(plan: Plan, planned: PlanResult, options: Options, terminal: Terminal) -> InstallConfigValues:
    """Raises Refused for a plan without an openshift section."""
    if plan.openshift is None:
        raise Refused(Problem(plan.file, "has no openshift section, so nothing for an install-config.yaml"))
    wanted = all_outputs(plan, planned.facts)
    outputs = output_values(wanted, planned, planned.actions.current, terminal.secrets)
    values = install_config_values(plan, outputs, _certificates(outputs.get(TRUST_BUNDLE)))
    if not values.credentials_mode and _IAM in options.without:
        # Who may not write to IAM here won't let the cluster do it.
        return replace(values, credentials_mode="Manual")
    return values


def _certificates(file: object) -> str:
    if not isinstance(file, str):
        return ""
    try:
        return read_file(Path(file), MOST_CHARACTERS).decode(errors="replace")
    except OSError as error:
        detail = f"can't be read: {error.strerror}"
        raise Refused(Problem(file, detail, "its certificates belong into additionalTrustBundle")) from error


def _own_subnets(plan: Plan, planned: PlanResult, file: Path) -> frozenset[str]:
    """Ids of the subnets that the plan has made, and of those that it names: unless it only has them from this file,
    and has made others."""
    made = frozenset(live.id for live in planned.ours() if live.type == _SUBNET)
    section = plan.openshift
    place = section.positions.get("openshift.subnets") if section else None
    if section is None or (made and place is not None and Path(place.file).resolve() == file.resolve()):
        return made
    return made | frozenset(section.subnets)
