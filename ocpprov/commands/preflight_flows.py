"""What `preflight` says of the cluster's traffic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ocpprov.aws.reads import Reader
from ocpprov.aws.recorded_reads import RecordingReader
from ocpprov.checks.flow_checks import FLOWS, flow_checks
from ocpprov.checks.result import Check, Status, check_of, passed
from ocpprov.commands.connection import Connection
from ocpprov.commands.discovery_reachability import Unreadable
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.planned_reach import planned_reach
from ocpprov.commands.refresh import PlanResult, refresh_and_plan
from ocpprov.plan.model import Plan
from ocpprov.reachability.verdict import Answer


def flows_of_plan(plan: Plan, planned: PlanResult, reader: Reader, told: Sequence[Check]) -> Iterator[Check]:
    """What stops it once the plan is applied, or a word that it arrives. `told` is what was said of the network
    already: an ACL isn't named twice."""
    try:
        rows = planned_reach(plan, planned, reader)
    except Unreadable as error:
        yield check_of(FLOWS, Status.UNKNOWN, error.problem)
        return
    found = list(flow_checks(rows, {check.about for check in told if check.about}))
    yield from found
    if rows and not found and all(row.answer is Answer.YES for row in rows):
        yield passed(FLOWS, f"{len(rows)} flows of the cluster arrive as they should")


def flows_anyhow(plan: Plan, connection: Connection, told: Sequence[Check]) -> Iterator[Check]:
    """The same where the network has failed in another way: what else is wrong in it is told at once, as far as the
    plan fits it."""
    reader = RecordingReader(connection.reader)
    try:
        planned = refresh_and_plan(plan, replace(connection, reader=reader))
    except Refused:
        return
    yield from (
        each for each in flows_of_plan(plan, planned, reader.remembering(), told) if each.status is not Status.PASS
    )
