"""`verify`: whether every requirement of a cluster holds on what AWS has. It only asks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from ocpprov.checks.verification import RowResult, RowStatus, Seen, verified
from ocpprov.checks.verification_record import Verification
from ocpprov.commands.apply import compared
from ocpprov.commands.closing_words import same_plan
from ocpprov.commands.connection import Connection, Connector, connect
from ocpprov.commands.discovery_reachability import Unreadable, read_network
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.last_applied import with_last_applied
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.terminal import Terminal
from ocpprov.commands.verification_files import keep, write_junit
from ocpprov.engine.actions import Actions
from ocpprov.engine.drift import unanswered_properties
from ocpprov.engine.problem import Problem
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.layout import layout_of
from ocpprov.openshift.port_matrix import FLOW_ROWS, MatrixRow, port_matrix
from ocpprov.openshift.terrain import live_terrain
from ocpprov.plan.model import OpenShift, Plan
from ocpprov.reachability.from_resources import id_of
from ocpprov.runs.folder import run_folder
from ocpprov.ui.verification_view import verification_lines


def verify(options: Options, terminal: Terminal, connector: Connector = connect, junit: Path | None = None) -> ExitCode:
    """The `verify` command: exit 0 where all rows hold, 1 where one doesn't, 3 where one is unknown and none fails.
    `junit` is the file that gets them for systems of continuous integration."""
    options = with_last_applied(options, terminal.say)
    began, start = time.monotonic(), time.time()
    with compared(options, terminal, connector) as (plan, planned, connection):
        if plan.openshift is None:
            said = "has no openshift section, so no requirement is known of it"
            raise Refused(Problem(plan.file, said, "`ocpprov plan` says whether what it has is there"))
        again = same_plan("apply", options) or "`ocpprov apply` with the plan's parameters"
        seen = _seen(plan, plan.openshift, planned, connection, again)
        rows = verified(seen)
    code = exit_of(rows)
    found = Verification(plan.name, start, time.monotonic() - began, rows, seen.flows)
    keep(found, run_folder(options.directory, plan.name), terminal)
    if junit:
        write_junit(junit, found, terminal)
    if options.as_json:
        documents = [row.document() for row in rows]
        terminal.result_json(
            {"ok": code is ExitCode.DONE, "seconds": round(found.seconds, 1), "requirements": documents}
        )
    else:
        terminal.result(verification_lines(rows))
    return code


def exit_of(rows: Sequence[RowResult]) -> ExitCode:
    """What is unknown is no failure, and no success either."""
    found = {row.status for row in rows}
    if RowStatus.FAIL in found:
        return ExitCode.FAILED
    return ExitCode.UNKNOWN if RowStatus.UNKNOWN in found else ExitCode.DONE


def _seen(plan: Plan, section: OpenShift, planned: PlanResult, connection: Connection, again: str) -> Seen:
    flows: Sequence[MatrixRow] = ()
    unread = ""
    try:
        flows = _flows(plan, section, planned, connection)
    except Unreadable as error:
        unread = f"the network couldn't be read: {error}"
    left_out = list(planned.excluded.resources)
    open_rows = FLOW_ROWS if unread else frozenset()
    return Seen(planned.actions, flows, unread, open_rows, again, left_out, _unsaid(planned.actions))


def _unsaid(actions: Actions) -> dict[str, Sequence[str]]:
    """What AWS's answers don't say of what is there, by logical id: nobody compared it with the plan."""
    wanted = actions.graph.resources
    return {
        id: unanswered_properties(KINDS[live.type], wanted[id].properties, live)
        for id, live in actions.current.items()
        if id in wanted
    }


def _flows(plan: Plan, section: OpenShift, planned: PlanResult, connection: Connection) -> Sequence[MatrixRow]:
    """The port matrix on what AWS has of the VPC. Raises Unreadable."""
    layout = layout_of(section, plan.region, planned.facts)
    current = planned.actions.current
    vpc = id_of(layout.vpc)
    vpc_id = current[vpc].id if vpc in current else vpc if vpc.startswith("vpc-") else ""
    if not vpc_id:
        return ()
    network = read_network(vpc_id, connection.reader)
    return port_matrix(live_terrain(layout, network, current, planned.inventory, connection.owner.account))
