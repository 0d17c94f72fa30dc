"""`bootstrap remove`: when the control plane serves by itself, what was the bootstrap machine's goes, and the plan says
so."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from ocpprov.commands.apply import Work, carried_out
from ocpprov.commands.bootstrap_removal import (
    bootstrap_alone,
    bootstrap_rows,
    machines_left,
    what_fails,
)
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.closing_words import same_plan
from ocpprov.commands.comparison import keep_former, shown
from ocpprov.commands.connection import Connection, Connector, connect
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.file_changes import FileChange, changed, diff_lines, file_text, write
from ocpprov.commands.guards import guard_cluster, guard_problems, guard_protected
from ocpprov.commands.last_applied import with_only_applied
from ocpprov.commands.load import load_plan
from ocpprov.commands.locking import LockedRun, glimpsed, locked, unwritable
from ocpprov.commands.options import Options
from ocpprov.commands.plan_completion import complete_plan
from ocpprov.commands.refresh import Known, PlanResult, facts_of, refresh_and_plan
from ocpprov.commands.run_history import note_begin
from ocpprov.commands.run_target import target_of
from ocpprov.commands.scope import Scope
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.problem import Problem
from ocpprov.engine.suggestion import command_line
from ocpprov.installer.yaml_edits import Put, edited
from ocpprov.openshift.aws_facts import bootstrap_machine
from ocpprov.openshift.expand import with_bootstrap
from ocpprov.openshift.machines import Machine
from ocpprov.plan.model import Plan
from ocpprov.plan.nodes import parse
from ocpprov.plan.problems import PlanErrors
from ocpprov.runs.folder import RunFolder

VERB: Final = "bootstrap remove"
_SECTION: Final = "openshift"


def bootstrap_remove(
    options: Options, terminal: Terminal, *, force: bool = False, connector: Connector = connect
) -> ExitCode:
    """The `bootstrap remove` command: the file says `bootstrap: false`, and just what was for it is deleted. With
    `force` also while the control plane doesn't serve."""
    options = with_only_applied(options, terminal.say)
    before = load_plan(options)
    change = _file_change(options.plan or Path())
    plan = _plan_after(options, change.after or "")
    terminal.keep_of_plan(before.secrets)
    log, began = CallLog(terminal.say), time.monotonic()
    target = target_of(with_bootstrap(plan), options)
    seen = glimpsed(target, os.environ)
    with (
        connector(target, options, log, terminal.say, terminal.on_retry) as reached,
        locked(reached, options, os.environ, log, plan.lock, seen) as held,
    ):
        plan, connection = complete_plan(plan, options, held.connection, target_of, change.after)
        machine = _machine(before, options, connection, held.folder)
        connection = replace(connection, scope=_scope(plan, machine, options))

        def again(known: Known | None = None) -> PlanResult:
            planned = refresh_and_plan(plan, connection, known)
            return replace(planned, actions=bootstrap_alone(planned, plan, machine))

        planned = refresh_and_plan(plan, connection)
        keep_former(plan, planned, held.folder, terminal)
        guard_cluster(planned, plan.cluster)
        guard_problems(planned)
        narrowed = replace(planned, actions=bootstrap_alone(planned, plan, machine))
        if not narrowed.actions.steps and not changed([change]):
            terminal.say(f"nothing of a bootstrap is left of plan {plan.name}: nothing to do")
            return ExitCode.DONE
        failing = what_fails(planned, plan, connection.reader)
        _guard_serving(failing, machines_left(narrowed.actions, connection.reader), terminal, force=force)
        guard_protected(narrowed, frozenset(), terminal.command)
        _show(change, planned, narrowed, options, terminal)
        if not options.yes:
            terminal.confirm("Write this, and delete that?", "yes")
        _note(held.folder, machine)
        write(changed([change]))
        work = Work(plan, narrowed, again, VERB)
        return _deleted(work, held, connection, options, terminal, began)


def _deleted(
    work: Work, held: LockedRun, connection: Connection, options: Options, terminal: Terminal, began: float
) -> ExitCode:
    if not work.planned.actions.steps:
        terminal.say(f"written: {options.plan}; nothing of a bootstrap was there")
        return ExitCode.DONE
    note_begin(held, work.planned, VERB, options, terminal)
    with terminal.interruptible(connection.cancellation):
        return carried_out(work, held, connection, options, terminal, began)


def _file_change(path: Path) -> FileChange:
    """The plan file with `bootstrap: false`. Raises PlanErrors, and Refused for what can't be written or has no such
    section."""
    if not path.is_file():
        raise Refused(Problem(str(path), "isn't a file that can be written", "name the plan's file"))
    text = file_text(path)
    if _SECTION not in (parse(text, str(path)).mapping() or {}):
        raise Refused(Problem(str(path), "has no openshift section, so no bootstrap"))
    return FileChange(path, text, edited(text, [Put((_SECTION, "bootstrap"), False)], str(path)))


def _plan_after(options: Options, text: str) -> Plan:
    """The plan as it is then. Raises Refused where it would be wrong: its lines aren't those of the file."""
    try:
        return load_plan(options, text=text)
    except PlanErrors as errors:
        raise Refused(
            *(
                Problem(
                    str(options.plan),
                    f"{each.path}: {each.message}, with bootstrap: false",
                    "take out first what names the bootstrap's things",
                )
                for each in errors.errors
            )
        ) from errors


def _machine(before: Plan, options: Options, connection: Connection, folder: RunFolder) -> Machine | None:
    """The bootstrap machine as the plan has it, or as a removal that was killed has noted it; None where nothing
    tells."""
    section = before.openshift
    if section is None or not section.bootstrap:
        return _noted(folder)
    if not section.bootstrap_address and not section.bootstrap_auto:
        return None
    if section.load_balancers == "network" and not section.bootstrap_auto:
        return Machine(section.bootstrap_address)
    before, connection = complete_plan(before, options, connection, target_of)
    machine = bootstrap_machine(section, facts_of(before, connection))
    # Behind a classic balancer its instance is what is registered.
    return machine if machine and (machine.instance or section.load_balancers == "network") else None


def _note(folder: RunFolder, machine: Machine | None) -> None:
    """Which machine it is, for as long as the plan doesn't say it any more. Raises Refused."""
    if machine is None:
        return
    try:
        folder.write(folder.bootstrap, {"address": machine.address, "instance": machine.instance})
    except OSError as error:
        raise Refused(unwritable(folder.bootstrap, error)) from error


def _noted(folder: RunFolder) -> Machine | None:
    """The machine that an earlier removal has noted."""
    content = folder.read(folder.bootstrap)
    if not isinstance(content, Mapping) or not isinstance(content.get("address"), str):
        return None
    return Machine(content["address"], str(content.get("instance") or ""))


def _scope(plan: Plan, machine: Machine | None, options: Options) -> Scope:
    """What there is to be looked at, that of the bootstrap included, though another host may have applied it."""
    rows = bootstrap_rows(machine) if machine else frozenset()
    return replace(target_of(with_bootstrap(plan), options).scope, former_rows=rows)


def _guard_serving(failing: list[str], machines: list[str], terminal: Terminal, *, force: bool) -> None:
    """Raises Refused while the control plane doesn't serve, or the machine is still there, unless that doesn't
    matter."""
    waits = "wait until its targets are healthy, or give --force if the cluster is to be taken away anyway"
    found = [
        Problem("", f"the control plane doesn't serve without the bootstrap yet: {each}", waits) for each in failing
    ]
    if machines:
        ends = command_line("aws", "ec2", "terminate-instances", "--instance-ids", *machines)
        detail = "still has the bootstrap's security group, which can't go as long as it does"
        found.append(Problem(", ".join(machines), detail, f"{ends}; or give --force, and run the same again later"))
    if found and not force:
        raise Refused(*found)
    terminal.say_lines(str(Problem(each.where, each.detail)) for each in found)


def _show(change: FileChange, planned: PlanResult, narrowed: PlanResult, options: Options, terminal: Terminal) -> None:
    terminal.say_lines(diff_lines(change))
    terminal.say_lines(shown(narrowed, options, terminal))
    others = len(planned.actions.changes) - len(narrowed.actions.changes)
    if others:
        terminal.say(f"{others} other changes of the plan are left as they are: {same_plan('plan', options) or 'plan'}")
