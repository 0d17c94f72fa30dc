"""`apply`: what the plan wants, compared with what AWS has, shown, and done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from ocpprov.aws.recorded_reads import RecordingReader, remembering
from ocpprov.commands.apply_loop import RunOutcome, run_rounds
from ocpprov.commands.apply_verification import ClosingVerification, closing_verification
from ocpprov.commands.bootstrap_removal import removal_warnings
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.closing_words import closing_of, heading_of
from ocpprov.commands.comparison import keep_former, shown
from ocpprov.commands.connection import Connection, Connector, connect
from ocpprov.commands.durations import durations, remember_durations
from ocpprov.commands.excluded_services import HandedOver, hand_over
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.expiry_warnings import expiry_warnings
from ocpprov.commands.flow_notes import flow_notes
from ocpprov.commands.guards import guard_cluster, guard_problems, guard_protected, guard_undeletable
from ocpprov.commands.last_applied import noted, with_only_applied
from ocpprov.commands.load import load_plan
from ocpprov.commands.locking import LockedRun, glimpsed, locked, unwritable
from ocpprov.commands.no_echo import NOTED, secret_properties, without_secrets
from ocpprov.commands.options import Options
from ocpprov.commands.output_values import output_values
from ocpprov.commands.plan_completion import complete_plan
from ocpprov.commands.plan_note import planned_rows, scope_document
from ocpprov.commands.plan_outputs import all_outputs
from ocpprov.commands.refresh import Known, PlanResult, refresh_and_plan, with_endpoint_users, with_notes
from ocpprov.commands.run_history import note_begin
from ocpprov.commands.run_report import Run, exit_code, report
from ocpprov.commands.run_target import target_of
from ocpprov.commands.saved_plans import guard_saved, unsaved
from ocpprov.commands.terminal import Terminal
from ocpprov.commands.verification_files import keep
from ocpprov.commands.verification_look import section_of
from ocpprov.engine.events import Event, EventKind
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.journal import made
from ocpprov.ui.plan_document import plan_document
from ocpprov.ui.progress import View
from ocpprov.ui.run_progress import RunProgress
from ocpprov.ui.unproven_claims import unproven_lines


def apply(
    options: Options, terminal: Terminal, connector: Connector = connect, environ: Mapping[str, str] = os.environ
) -> ExitCode:
    """The `apply` command. `environ` says where the locks of this host lie."""
    options, saved = unsaved(with_only_applied(options, terminal.say))
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    if options.verify:
        section_of(plan)
    log = CallLog(terminal.say)
    began = time.monotonic()
    target = target_of(plan, options)
    seen = glimpsed(target, environ)
    with (
        connector(target, options, log, terminal.say, terminal.on_retry) as reached,
        locked(reached, options, environ, log, plan.lock, seen) as held,
    ):
        plan, connection = complete_plan(plan, options, held.connection, target_of)
        folder = held.folder
        recorder = RecordingReader(connection.reader)
        planned = refresh_and_plan(plan, replace(connection, reader=recorder))
        keep_former(plan, planned, folder, terminal)
        guard_cluster(planned, plan.cluster)
        guard_problems(planned)
        if saved:
            guard_saved(saved, planned.actions, terminal.secrets)
        guard_protected(planned, options.allow, terminal.command, causes_of(plan))
        guard_undeletable(planned)
        flows = flow_notes(plan, planned, remembering(recorder))
        warnings = [*flows, *removal_warnings(planned, plan, connection.reader)]
        planned = with_notes(with_endpoint_users(planned, connection), warnings)
        if not options.as_json:
            terminal.say_lines(shown(planned, options, terminal))
        else:
            terminal.say_lines(map(str, planned.inventory.unseen))
        terminal.say_lines(unproven_lines(planned.actions, terminal.command))
        terminal.say_lines(expiry_warnings(planned.actions, connection, options.concurrency))
        terminal.planned(planned.actions)
        if planned.actions.changes and not options.yes:
            terminal.confirm("Apply this?", "yes")
        _remember(folder, plan, connection, planned, noted(options))
        note_begin(held, planned, "apply", options, terminal)
        with terminal.interruptible(connection.cancellation):
            work = Work(plan, planned, lambda known: refresh_and_plan(plan, connection, known))
            return carried_out(work, held, connection, options, terminal, began)


@dataclass(frozen=True)
class Work:
    """What a run has to do for a plan: what was planned, and what plans again with what the journal has by then."""

    plan: Plan
    planned: PlanResult
    again: Callable[[Known], PlanResult]
    verb: str = "apply"


def carried_out(
    work: Work, held: LockedRun, connection: Connection, options: Options, terminal: Terminal, began: float
) -> ExitCode:
    """Do it, and tell the end."""
    plan, planned, folder = work.plan, work.planned, held.folder
    progress = RunProgress(durations(connection, folder), planned.actions.steps)
    heading = heading_of(work.verb, connection.owner, options, os.environ)
    shown_in = terminal.view(progress, heading, as_json=options.as_json)
    with closing(terminal.hiding(held.watched(shown_in))) as view:
        if options.as_json:
            view.emit(planned_event(planned, terminal, connection.clock.now()))
        outcome = run_rounds(
            planned,
            lambda known: _with_steps(work.again(known), progress),
            connection,
            folder,
            options.concurrency,
            view,
            terminal.secrets,
        )
    wanted = all_outputs(plan, outcome.planned.facts)
    values = output_values(wanted, outcome.planned, outcome.current, plan.secrets)
    _keep_outputs(folder, values, terminal)
    # What failed may need what others have to make first, such as a bucket's policy that names their role.
    if not outcome.result.interrupted:
        left_out, excluded = outcome.planned.excluded, connection.scope.excluded
        now = connection.clock.now()
        handed = hand_over(plan, left_out, excluded, outcome.current, connection.owner, folder, now)
        _tell(handed, options, terminal, view)
    if options.as_json:
        view.emit(Event(EventKind.OUTPUTS, connection.clock.now(), detail={"outputs": values}))
    run = Run(connection.clock, connection.counter, began)
    proof = _proof(work, outcome, held, connection, options, terminal, view)
    code = report(outcome, run, view, terminal.say, terminal.command)
    remember_durations(progress.learned(), connection, folder)
    if code is ExitCode.DONE and planned.actions.changes and not options.as_json:
        terminal.say_lines(closing_of(outcome, run, connection.owner, values, options).lines())
    if proof is None:
        return code
    terminal.say_lines(() if options.as_json else proof.lines(terminal.secrets))
    return proof.code


def _proof(
    work: Work,
    outcome: RunOutcome,
    held: LockedRun,
    connection: Connection,
    options: Options,
    terminal: Terminal,
    view: View,
) -> ClosingVerification | None:
    """The verification with which a run ends that went well, where one is wanted."""
    if not options.verify or exit_code(outcome) is not ExitCode.DONE:
        return None
    again = partial(work.again, made(held.folder.journal, KINDS))
    proof = closing_verification(work.plan, outcome, again, connection, options)
    if proof.found:
        keep(proof.found, held.folder, terminal)
    if options.as_json:
        view.emit(Event(EventKind.VERIFIED, connection.clock.now(), detail=proof.document()))
    return proof


def _with_steps(planned: PlanResult, progress: RunProgress) -> PlanResult:
    """The plan of another round, whose steps whoever watches hears of."""
    progress.plan(planned.actions.steps)
    return planned


def _keep_outputs(folder: RunFolder, values: Mapping[str, object], terminal: Terminal) -> None:
    try:
        folder.write(folder.outputs, values)
    except OSError as error:
        terminal.say(f"{folder.outputs} can't be written ({error.strerror}); `ocpprov outputs` shows the same")


def planned_event(planned: PlanResult, terminal: Terminal, now: float) -> Event:
    """The plan as `plan --json` has it, for programs that read a run."""
    document = plan_document(without_secrets(planned.actions, terminal.secrets), terminal.command)
    return Event(EventKind.PLANNED, now, detail=document)


def causes_of(plan: Plan) -> dict[str, str]:
    """Why the whole network would go: the plan, or its install-config, names one that is there already."""
    section = plan.openshift
    if section is None:
        return {}
    for key, named in (("vpcID", section.vpc_id), ("subnets", section.subnets)):
        if named and (place := section.positions.get(f"openshift.{key}")):
            return {"VPC": f"VPC would go because {key} in {place} names a network that is there already"}
    return {}


def _tell(handed: HandedOver, options: Options, terminal: Terminal, view: View) -> None:
    if handed.template and not options.as_json:
        terminal.documents(handed.template, handed.policy)
    terminal.say_lines(handed.lines)
    if handed.event:
        view.emit(handed.event)


def _remember(folder: RunFolder, plan: Plan, connection: Connection, planned: PlanResult, file: str) -> None:
    hidden = secret_properties(planned.actions.graph, plan.secrets, folder)
    rows = [list(row) for row in sorted(planned_rows(planned.actions.graph, planned.excluded.resources))]
    shown = plan.secrets.document(rows)
    content = {
        "name": plan.name,
        "region": plan.region,
        "account": connection.owner.account,
        "file": file,
        "applied": connection.clock.now(),
        "cluster": plan.cluster,
        "id": plan.id,
        "rows": shown,
        # What hides a secret can't be known again.
        **({} if shown == rows else {"hidesRows": True}),
        "lock": plan.lock,
        "protect": plan.protect,
        "files": plan.remembered.document(),
        **({NOTED: hidden} if hidden else {}),
        **scope_document(replace(connection.scope, memory=planned.memory), plan.secrets),
    }
    try:
        folder.write(folder.last_plan, content)
    except OSError as error:
        raise Refused(unwritable(folder.last_plan, error)) from error
