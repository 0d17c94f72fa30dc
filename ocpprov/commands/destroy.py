"""`destroy`: take everything of a plan away, with the plan file or without."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.aws.recorded_reads import RecordingReader
from ocpprov.aws.timeouts import call_while_wanted
from ocpprov.checks.deletion_protection import first_reads
from ocpprov.checks.endpoint_users import user_reads
from ocpprov.commands.apply import planned_event
from ocpprov.commands.apply_loop import RunOutcome, not_begun, run_rounds
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.closing_words import closing_of, heading_of
from ocpprov.commands.comparison import shown
from ocpprov.commands.connection import Connection, Connector, RunTarget, connect
from ocpprov.commands.destroy_guards import guard_clusters, guard_protected_plan, guard_what_stays, machine_reads
from ocpprov.commands.destroy_target import destroy_target, named_plan, with_name
from ocpprov.commands.durations import durations
from ocpprov.commands.error_documents import error_events
from ocpprov.commands.excluded_services import excluded_from_destroy
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.expiry_warnings import expiry_warnings
from ocpprov.commands.guards import deleted_by, guard_problems
from ocpprov.commands.installer_first import installer_first
from ocpprov.commands.leftovers import (
    Left,
    LeftoversRequest,
    cluster_leftovers,
    delete_cluster_leftovers,
    leftover_reads,
)
from ocpprov.commands.locking import LockedRun, glimpsed, locked
from ocpprov.commands.no_echo import all_secrets
from ocpprov.commands.options import Options
from ocpprov.commands.plan_note import scope_document
from ocpprov.commands.refresh import PlanResult, refresh_and_plan_destroy, with_endpoint_users
from ocpprov.commands.run_history import note_begin
from ocpprov.commands.run_report import Run, report
from ocpprov.commands.scope import Scope
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.inventory import Unseen
from ocpprov.engine.ownership import PLAN, claimed_by
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Owner
from ocpprov.kinds.reads import Pages, Read, read_if_allowed
from ocpprov.plan.top_level import NAME_PATTERN
from ocpprov.reconcile.execute import Failure
from ocpprov.reconcile.leftover_deletion import Leftover, Undeleted
from ocpprov.runs.folder import RunFolder, known_plans
from ocpprov.ui.progress import Heading, View
from ocpprov.ui.run_progress import Durations, RunProgress
from ocpprov.ui.unproven_claims import unproven_lines


def destroy(
    options: Options, terminal: Terminal, connector: Connector = connect, environ: Mapping[str, str] = os.environ
) -> ExitCode:
    """The `destroy` command. `environ` says where the locks of this host lie."""
    options = with_name(options)
    target = destroy_target(options)
    if options.plan is not None:
        terminal.keep_of_plan(target.secrets)
    request = LeftoversRequest.of(options, terminal.command)
    log = CallLog(terminal.say)
    began = time.monotonic()
    seen = glimpsed(target, environ)
    with (
        connector(target, options, log, terminal.say, terminal.on_retry) as reached,
        locked(reached, options, environ, log, target.lock, seen) as held,
    ):
        connection, folder = held.connection, held.folder
        run = Run(connection.clock, connection.counter, began)
        looked = RecordingReader(connection.reader)
        planned = refresh_and_plan_destroy(replace(connection, reader=looked))
        terminal.keep(all_secrets(target.secrets, planned.actions, planned.ours(), folder))
        guard_clusters(planned, target)
        guard_problems(planned)
        if _nothing_of_it(planned) and not _known_here(connection.owner, folder):
            return _nothing_found(planned, connection, run, options, terminal)
        reader = looked.with_answers_to(_questions(planned, connection.scope.services, target.infra_id, request))
        left = cluster_leftovers(planned, reader, connection.scope.services, target.infra_id, request)
        terminal.say_lines(left.unseen())
        if options.cluster_leftovers == "list":
            return _listed(left, options, terminal)
        guard_protected_plan(planned, target, options)
        unseen = guard_what_stays(
            planned,
            left.everything if options.cluster_leftovers else (),
            reader,
            connection.clock.now(),
            with_machines=options.with_running_machines,
        )
        planned = with_endpoint_users(planned, replace(connection, reader=reader))
        terminal.say_lines(planned.actions.notes if options.as_json else shown(planned, options, terminal))
        terminal.say_lines(unseen)
        terminal.say_lines(unproven_lines(planned.actions, terminal.command))
        terminal.say_lines(_about_leftovers(left.by_cluster, options))
        if planned.actions.changes and not options.cluster_leftovers:
            terminal.say_lines(installer_first(target.metadata, left.by_cluster))
        terminal.say_lines(excluded_from_destroy(planned.ours(), connection.scope.excluded))
        terminal.say_lines(expiry_warnings(planned.actions, connection, options.concurrency))
        terminal.planned(planned.actions)
        if (planned.actions.changes or options.cluster_leftovers) and not options.yes:
            terminal.confirm(f"Type the name of the plan ({target.name}) to destroy it:", target.name)
        _remember(connection.owner, connection.scope, folder, target)
        with terminal.interruptible(connection.cancellation):
            return _carried_out(planned, left, held, run, options, terminal)


def _nothing_found(
    planned: PlanResult, connection: Connection, run: Run, options: Options, terminal: Terminal
) -> ExitCode:
    """Tell that there is nothing of the plan, and where that may be a mistake."""
    found = [*_not_there(connection.owner, connection.reader, options.directory)]
    unsure = [_problem(each) for each in _perhaps_left(planned, connection.scope)]
    terminal.say_lines([*found, *map(str, planned.inventory.unseen)])
    view = terminal.view(RunProgress(Durations({})), Heading(), as_json=options.as_json)
    missing = [] if options.ignore_missing else [Problem("", found[0], "; ".join(found[1:]))]
    return _nothing_done(run, view, [*missing, *unsure])


def _questions(planned: PlanResult, services: frozenset[str], infra_id: str, request: LeftoversRequest) -> list[Read]:
    """What the checks before a destroy ask first, all at the same time."""
    if request.mode == "list":
        return []
    deleted = deleted_by(planned.actions)
    return [
        *leftover_reads(planned, services, infra_id, request),
        *machine_reads(planned),
        *first_reads(deleted),
        *user_reads(deleted),
    ]


def _carried_out(
    planned: PlanResult, left: Left, held: LockedRun, run: Run, options: Options, terminal: Terminal
) -> ExitCode:
    """Do it, what the cluster has left first where that is asked for, and tell the end."""
    connection, folder = held.connection, held.folder
    progress = RunProgress(durations(connection, folder), planned.actions.steps)
    heading = heading_of("destroy", connection.owner, options, os.environ)
    shown_in = terminal.view(progress, heading, as_json=options.as_json)
    kept: Sequence[Undeleted] = ()
    with closing(terminal.hiding(held.watched(shown_in))) as view:
        try:
            _begin(held, planned, view, options, terminal)
            if options.cluster_leftovers:
                kept = _deleted_leftovers(left.everything, connection, terminal)
            outcome = run_rounds(
                planned,
                lambda known: refresh_and_plan_destroy(connection, known),
                connection,
                folder,
                options.concurrency,
                view,
                terminal.secrets,
            )
        except Interrupted:
            outcome = not_begun(planned)
    outcome = _with_failures(
        outcome, [Failure(each.leftover.id, each.leftover.type.value, each.error) for each in kept]
    )
    if options.cluster_leftovers:
        outcome = _with_failures(
            outcome, [Failure("what the cluster left", "not looked at", why) for why in left.closed]
        )
    outcome = _with_failures(outcome, [_unsure(each) for each in _perhaps_left(planned, connection.scope)])
    code = report(outcome, run, view, terminal.say, terminal.command)
    if code is ExitCode.DONE and planned.actions.changes and not options.as_json:
        terminal.say_lines(closing_of(outcome, run, connection.owner, {}, options).lines())
    return code


def _with_failures(outcome: RunOutcome, failures: Sequence[Failure]) -> RunOutcome:
    """The same, failed on these, too."""
    return replace(outcome, result=replace(outcome.result, failures=[*outcome.result.failures, *failures]))


def _perhaps_left(planned: PlanResult, scope: Scope) -> list[Unseen]:
    """What nobody could look at and may be the plan's: none where the types are known that it had."""
    return [each for each in planned.inventory.unseen if each.may_be_there] if scope.types is None else []


def _unsure(unseen: Unseen) -> Failure:
    return Failure(f"perhaps something of {unseen.type}", "not looked at", unseen.why or LookupError(unseen.said))


def _problem(unseen: Unseen) -> Problem:
    why = unseen.why
    return Problem("", unseen.said, why.next_step if isinstance(why, AwsError) else "")


def _begin(held: LockedRun, planned: PlanResult, view: View, options: Options, terminal: Terminal) -> None:
    """Tell what the run sets out to do: its report, and programs that read it."""
    note_begin(held, planned, "destroy", options, terminal)
    if options.as_json:
        view.emit(planned_event(planned, terminal, held.connection.clock.now()))


def _deleted_leftovers(left: Sequence[Leftover], connection: Connection, terminal: Terminal) -> Sequence[Undeleted]:
    """What couldn't be deleted. Raises `Interrupted` as soon as the run is asked to leave, though a request hangs."""

    def take() -> Sequence[Undeleted]:
        clients, stopping = connection.session.clients, connection.cancellation.stopping
        return delete_cluster_leftovers(left, clients, connection.clock, stopping, terminal.say, terminal.on_retry)

    return call_while_wanted(take, connection.cancellation.check)


def _listed(left: Left, options: Options, terminal: Terminal) -> ExitCode:
    """What the cluster has left, for people or for programs; nothing is changed. It fails where that isn't all."""
    rows = [(infra_id, each) for infra_id, rest in left.by_cluster.items() for each in rest]
    if options.as_json:
        documents = [
            {"kind": each.type.value, "id": each.id, "name": each.name, "cluster": infra_id} for infra_id, each in rows
        ]
        terminal.result_json(documents)
    else:
        for infra_id, rest in left.by_cluster.items():
            terminal.result([f"made by cluster {infra_id}:", *(f"  {each}" for each in rest)])
    terminal.say(
        f"{len(rows)} left by the cluster; --cluster-leftovers delete with --infra-id takes them away before the plan's"
    )
    return ExitCode.FAILED if left.closed else ExitCode.DONE


def _about_leftovers(left: Mapping[str, Sequence[Leftover]], options: Options) -> Iterator[str]:
    for infra_id, rest in left.items():
        yield f"made by cluster {infra_id}:"
        yield from (f"  {'- delete' if options.cluster_leftovers else 'not deleted:'}  {each}" for each in rest)
    if left and not options.cluster_leftovers:
        yield (
            "they may block the deletion of the plan's resources; --cluster-leftovers delete with --infra-id deletes "
            "them, too"
        )


def _nothing_of_it(planned: PlanResult) -> bool:
    return not planned.actions.changes and not any(
        claimed_by(live, planned.actions.owner) for live in planned.inventory
    )


def _known_here(owner: Owner, folder: RunFolder) -> bool:
    """Whether the plan was applied or destroyed from this folder, in this account and region."""
    content = folder.read(folder.last_plan)
    if not isinstance(content, dict) or (content.get("name"), content.get("region")) != (owner.plan, owner.region):
        return False
    return content.get("account") in (None, "", owner.account)


def _remember(owner: Owner, scope: Scope, folder: RunFolder, target: RunTarget) -> None:
    """What this folder has destroyed it knows, so that there is nothing left of it later is no mistake. An apply has
    noted it already, and knows more."""
    if folder.last_plan.exists():
        return
    content = {
        "name": target.name,
        "region": target.region,
        "account": owner.account,
        "cluster": target.cluster,
        "lock": target.lock,
        **scope_document(scope, target.secrets),
    }
    # Without it a second destroy asks whether the name is right; that mustn't keep the first one from its work.
    with suppress(OSError):
        folder.write(folder.last_plan, content)


def _not_there(owner: Owner, reader: Reader, directory: Path) -> Iterator[str]:
    """That nothing was found, and which plans could have been meant."""
    yield (
        f"nothing of plan {owner.plan} is in account {owner.account}, region {owner.region}, and nobody applied it "
        "there from this folder: look whether name, region and account are right"
    )
    names = sorted(_plans_there(reader) - {owner.plan})
    meant = [named_plan(name, owner.region) for name in names if re.fullmatch(NAME_PATTERN, name)]
    strange = [printable(name) for name in names if not re.fullmatch(NAME_PATTERN, name)]
    if meant:
        yield f"plans with something in EC2 there: {', '.join(meant)}"
    else:
        yield "no other plan has anything in EC2 there, as far as these credentials may look"
    if strange:
        yield f"tagged with what is no plan's name: {', '.join(strange)}"
    known = [named_plan(*each) for each in known_plans(directory) if each != (owner.plan, owner.region)]
    if known:
        yield f"applied from this folder: {', '.join(known)}"


def _plans_there(reader: Reader) -> set[str]:
    """The names in the tags of this region's things in EC2: nearly every plan has something there, and one request
    lists them."""
    wanted = read_if_allowed("ec2", "describe_tags", Filters=[{"Name": "key", "Values": [PLAN]}])
    try:
        pages = Pages(reader.read([wanted]))
    except AwsError:
        # It is a help, no more.
        return set()
    return {str(tag["Value"]) for tag in pages.items("ec2", "describe_tags", "Tags")}


def _nothing_done(run: Run, view: View, errors: Sequence[Problem]) -> ExitCode:
    """The end of a run that found nothing: a failure where that is wrong, or nobody can be sure of it."""
    view.close()
    for event in error_events(errors, run.clock.now()):
        view.emit(event)
    view.emit(run.finished((), ok=not errors, errors=errors))
    return ExitCode.FAILED if errors else ExitCode.DONE
