"""`manifests`: what a user-provisioned installation changes in openshift-install's manifests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from ocpprov.commands.comparison import compared
from ocpprov.commands.connection import Connector, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.file_changes import FileChange, agreed, changed, file_text, write
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.options import Options
from ocpprov.commands.output_values import output_values
from ocpprov.commands.plan_outputs import all_outputs
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.engine.suggestion import command_line
from ocpprov.installer.manifest_edits import (
    DNS,
    MACHINES,
    OPTIONAL,
    REQUIRED,
    FileEdit,
    Finding,
    NewFile,
    is_machine,
    manifest_edits,
    manifest_values,
)
from ocpprov.installer.yaml_edits import edited
from ocpprov.plan.nodes import parse
from ocpprov.plan.problems import PlanError, PlanErrors

_FOLDERS: Final = ("manifests", "openshift")
_CONSUMED: Final = "metadata.json"


def manifests(
    folder: Path, options: Options, terminal: Terminal, *, compact: bool = False, connector: Connector = connect
) -> ExitCode:
    """The `manifests` command: the edits of the files in openshift-install's folder, after a diff and a yes."""
    options = with_last_applied(options, terminal.say)
    try:
        texts = _texts(folder)
        machines = {path: file_text(path) for path in _machines(folder)}
    except OSError as error:
        raise Refused(Problem(str(error.filename or folder), f"can't be read: {error.strerror}")) from error
    with compared(options, terminal, connector) as (plan, planned, _):
        pass
    if plan.openshift is None:
        raise Refused(Problem(plan.file, "has no openshift section, so nothing for manifests"))
    outputs = output_values(all_outputs(plan, planned.facts), planned, planned.actions.current, terminal.secrets)
    values = manifest_values(plan, outputs, compact=compact)
    nodes = {name: parse(text, str(folder / name)) for name, text in texts.items()}
    findings = list(manifest_edits(nodes, values, plan.file))
    if errors := [each for each in findings if isinstance(each, PlanError)]:
        raise PlanErrors(errors)
    terminal.say_lines(each for each in findings if isinstance(each, str))
    gone = [FileChange(path, text, None, linked=False) for path, text in machines.items()]
    changes = changed([*_edited(folder, texts, findings), *gone])
    if not changes:
        terminal.say(f"{folder} is as plan {plan.name} needs it: nothing to do")
        return ExitCode.DONE
    agreed(changes, options, terminal)
    write(changes)
    next_command = command_line("openshift-install", "create", "ignition-configs", "--dir", str(folder))
    terminal.say(f"done: {len(changes)} files; next: {next_command}")
    return ExitCode.DONE


def _edited(folder: Path, texts: Mapping[str, str], findings: Sequence[Finding]) -> Iterator[FileChange]:
    for name, text in texts.items():
        edits = [each.edit for each in findings if isinstance(each, FileEdit) and each.file == name]
        yield FileChange(folder / name, text, edited(text, edits, str(folder / name)), linked=False)
    for each in findings:
        if isinstance(each, NewFile):
            yield FileChange(folder / each.file, None, each.text, linked=False)


def _texts(folder: Path) -> dict[str, str]:
    """What the files say that are edited or looked at. Raises Refused where one is missing, or is a link."""
    missing = [each for each in (*_FOLDERS, *REQUIRED) if not (folder / each).exists()]
    if missing:
        detail = f"isn't openshift-install's folder with manifests: there is no {', no '.join(missing)}"
        raise Refused(Problem(str(folder), detail, _remedy(folder)))
    for each in _FOLDERS:
        _refuse_link(folder / each)
    found = [each for each in (*REQUIRED, *OPTIONAL) if (folder / each).exists() or (folder / each).is_symlink()]
    for each in found:
        _refuse_link(folder / each)
    return {each: file_text(folder / each) for each in found}


def _remedy(folder: Path) -> str:
    if (folder / Path(DNS).name).exists():
        return f"name the folder above it: {folder.resolve().parent}"
    if (folder / _CONSUMED).exists():
        return (
            "ignition files were made of them already, which takes them away: begin in a new folder, with "
            "`openshift-install create manifests`"
        )
    return f"run: {command_line('openshift-install', 'create', 'manifests', '--dir', str(folder))}"


def _machines(folder: Path) -> Iterator[Path]:
    """The manifests of machines and their sets: by name, and by what they say. Raises Refused for a link."""
    for path in sorted((folder / "openshift").iterdir()):
        if MACHINES.fullmatch(path.name):
            _refuse_link(path)
            if is_machine(parse(file_text(path), str(path)).plain()):
                yield path


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        detail = "is a symbolic link: it isn't followed, as it may lead out of the folder"
        raise Refused(Problem(str(path), detail, "put the file itself there"))
