"""`apply` and `plan`: what the plan wants, compared with what AWS has, shown, and done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial

from ocpprov.aws.recorded_reads import RecordingReader, remembering
from ocpprov.commands.apply_loop import RunOutcome, run_rounds
from ocpprov.commands.apply_verification import ClosingVerification, closing_verification
from ocpprov.commands.bootstrap_removal import removal_warnings
from ocpprov.commands.closing_words import closing_of, heading_of
from ocpprov.commands.connection import CallLog, Connection, Connector, RunTarget, connect
from ocpprov.commands.durations import durations, remember_durations
from ocpprov.commands.excluded_services import HandedOver, hand_over
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.expiry_warnings import expiry_warnings
from ocpprov.commands.flow_notes import flow_notes
from ocpprov.commands.guards import guard_cluster, guard_problems, guard_protected, guard_undeletable, protection_notes
from ocpprov.commands.hiding import NOTED, all_secrets, secret_properties, without_secrets
from ocpprov.commands.installer_first import metadata_there
from ocpprov.commands.last_applied import noted, with_last_applied, with_only_applied
from ocpprov.commands.load import all_outputs, load_plan
from ocpprov.commands.locking import LockedRun, glimpsed, locked, unwritable
from ocpprov.commands.options import Options
from ocpprov.commands.output_values import output_values
from ocpprov.commands.plan_completion import complete_plan
from ocpprov.commands.plan_unread import unread_told
from ocpprov.commands.refresh import Known, PlanResult, refresh_and_plan, with_endpoint_users, with_notes
from ocpprov.commands.run_history import note_begin
from ocpprov.commands.run_report import Run, exit_code, report
from ocpprov.commands.saved_plans import guard_saved, save, unsaved
from ocpprov.commands.scope import rows_of, scope_of
from ocpprov.commands.terminal import Terminal
from ocpprov.commands.verification_files import keep
from ocpprov.commands.verification_look import section_of
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.suggestion import command_line
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import RunFolder, run_folder
from ocpprov.runs.journal import made
from ocpprov.ui.lines import Line
from ocpprov.ui.plan_view import PlanView, header
from ocpprov.ui.progress import View
from ocpprov.ui.run_progress import RunProgress
from ocpprov.ui.text import plan_document, unproven_lines


def target_of(plan: Plan, options: Options) -> RunTarget:
    """Where a plan goes, and what of AWS it has to do with."""
    folder = run_folder(options.directory, plan.name)
    scope = scope_of(plan, folder).without(options.without).allowing(options.allow)
    scope = scope.whole() if options.verify else scope
    infra_id = plan.openshift.infra_id if plan.openshift else ""
    return RunTarget(
        name=plan.name,
        region=plan.region,
        account=plan.account_id,
        cluster=plan.cluster,
        user_tags=plan.user_tags,
        aws=plan.aws,
        scope=scope,
        lock=plan.lock,
        infra_id=infra_id,
        protect=plan.protect,
        plan_id=plan.id,
        secrets=plan.secrets,
        metadata=metadata_there(plan, options),
    )


@contextmanager
def compared(
    options: Options,
    terminal: Terminal,
    connector: Connector,
    target_of: Callable[[Plan, Options], RunTarget] = target_of,
) -> Iterator[tuple[Plan, PlanResult, Connection]]:
    """The plan, and what comes of comparing it with what AWS has, for as long as AWS is asked. Nothing is changed."""
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    log = CallLog(terminal.say)
    with connector(target_of(plan, options), options, log, terminal.say, terminal.on_retry) as reached:
        with unread_told(plan, reached.scope):
            plan, connection = complete_plan(plan, options, reached, target_of)
            connection = replace(connection, reader=RecordingReader(connection.reader))
            planned = refresh_and_plan(plan, connection)
        keep_former(plan, planned, run_folder(options.directory, plan.name), terminal)
        yield plan, planned, connection


def show_plan(options: Options, terminal: Terminal, connector: Connector = connect) -> ExitCode:
    """The `plan` command."""
    options = with_last_applied(options, terminal.say)
    with compared(options, terminal, connector) as (plan, seen, connection):
        guard_cluster(seen, plan.cluster)
        guard_problems(seen)
        flows = flow_notes(plan, seen, remembering(connection.reader))
        notes = [*flows, *protection_notes(seen), *removal_warnings(seen, plan, connection.reader)]
        planned = with_notes(with_endpoint_users(seen, connection), notes)
    left = list(planned.excluded.resources)
    if options.out:
        save(options.out, planned.actions, terminal.secrets, options)
        terminal.say(f"saved: `{command_line('ocpprov', 'apply', str(options.out))}` does just this")
    if options.as_json:
        terminal.result_json(
            {
                **plan_document(without_secrets(planned.actions, terminal.secrets), terminal.command),
                **({"leftOut": left} if left else {}),
            }
        )
    else:
        terminal.result(shown(planned, options, terminal))
        terminal.say_lines(unproven_lines(planned.actions, terminal.command))
        terminal.say_lines([f"left out: {', '.join(left)}; apply says what somebody else has to make"] if left else [])
    changes = bool(planned.actions.changes)
    return ExitCode.REFUSED if options.detailed_exitcode and changes else ExitCode.DONE


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
        with terminal.heeding(connection.cancellation):
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


def shown(planned: PlanResult, options: Options, terminal: Terminal) -> Iterator[Line]:
    """The plan for a reader."""
    actions = without_secrets(planned.actions, terminal.secrets)
    yield header(actions.owner, sum(1 for _ in planned.ours()), sandbox=options.sandbox)
    allowed = options.allow if planned.actions.graph.resources else None
    yield from PlanView(actions, KINDS, allowed, options.verbose).lines()


def causes_of(plan: Plan) -> dict[str, str]:
    """Why the whole network would go: the plan, or its install-config, names one that is there already."""
    section = plan.openshift
    if section is None:
        return {}
    for key, named in (("vpcID", section.vpc_id), ("subnets", section.subnets)):
        if named and (place := section.positions.get(f"openshift.{key}")):
            return {"VPC": f"VPC would go because {key} in {place} names a network that is there already"}
    return {}


def keep_former(plan: Plan, planned: PlanResult, folder: RunFolder, terminal: Terminal) -> None:
    """From now on what the plan's secrets were before isn't shown either."""
    terminal.keep(all_secrets(plan.secrets, planned.actions, planned.ours(), folder))


def _tell(handed: HandedOver, options: Options, terminal: Terminal, view: View) -> None:
    if handed.template and not options.as_json:
        terminal.documents(handed.template, handed.policy)
    terminal.say_lines(handed.lines)
    if handed.event:
        view.emit(handed.event)


def _remember(folder: RunFolder, plan: Plan, connection: Connection, planned: PlanResult, file: str) -> None:
    hidden = secret_properties(planned.actions.graph, plan.secrets, folder)
    rows = [list(row) for row in sorted(rows_of(planned.actions.graph, planned.excluded.resources))]
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
        **replace(connection.scope, memory=planned.memory).document(plan.secrets),
    }
    try:
        folder.write(folder.last_plan, content)
    except OSError as error:
        raise Refused(unwritable(folder.last_plan, error)) from error
