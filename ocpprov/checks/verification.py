"""Every requirement row on what AWS has: what proves it, or what is wrong and what mends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final

from ocpprov.checks.harm_by_others import Harm
from ocpprov.checks.mended_by_apply import mended_by_apply
from ocpprov.checks.requirement_drift import (
    MOST,
    Defect,
    drift_faults,
    drift_notes,
    drift_of,
    met_otherwise,
    unmet,
    unproven,
)
from ocpprov.checks.unknown_flows import named, unknown_flows
from ocpprov.engine.actions import Actions
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Resource
from ocpprov.openshift.machine_flows import GROUP_ROWS
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.port_matrix import unresolved
from ocpprov.openshift.requirement_rows import ROWS, is_asked, rows_of
from ocpprov.openshift.subnet_pairs import in_words
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.unread_facts import RESTING_ROWS, Fact
from ocpprov.reachability.purpose import Purpose
from ocpprov.reachability.verdict import Answer
from ocpprov.reachability.words import opening, stopped_by

_NOT_ASKED: Final = "the plan doesn't ask for it"


class RowStatus(Enum):
    """As `verify --json` has it."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True)
class RowResult:
    """One row. `evidence` are AWS's ids of what proves it, or of what is wrong; `remedy` is empty where it holds.
    `commands` are the smallest changes that open what is in the way of its traffic, for a shell."""

    id: str
    status: RowStatus
    evidence: Sequence[str] = ()
    detail: str = ""
    remedy: str = ""
    commands: Sequence[str] = ()

    def document(self) -> dict[str, Any]:
        """As in `verify --json`."""
        return {
            "id": self.id,
            "status": self.status.value,
            "evidence": list(self.evidence),
            "detail": self.detail,
            "remedy": self.remedy,
            "commands": list(self.commands),
        }


@dataclass(frozen=True)
class Seen:
    """What rows are judged by. `flows` is the port matrix on the live network, `open_flows` the rows whose flows nobody
    can judge, each with why. `apply` is the command that brings back what is missing or has drifted. `left_out` are the
    logical ids that `--without` leaves out, `unsaid` the properties of which AWS's answer says nothing, by logical id.
    `terrain` is what the flows go through, None where that couldn't be read, for the reason in `unread`.
    `unread_resources` are those that nobody knows, by logical id, `unread_facts` what couldn't be asked before the plan
    was expanded, each with why. `purposes` say of rules, routes, associations and ACL entries, by logical id, whether
    what each is for is so, whatever does it; `harm` what others did to the plan's things beside them."""

    actions: Actions
    flows: Sequence[MatrixRow]
    apply: str
    open_flows: Mapping[str, Problem] = field(default_factory=dict)
    left_out: Sequence[str] = ()
    unsaid: Mapping[str, Sequence[str]] = field(default_factory=dict)
    terrain: Terrain | None = None
    unread: str = ""
    unread_resources: Mapping[str, Problem] = field(default_factory=dict)
    unread_facts: Mapping[Fact, Problem] = field(default_factory=dict)
    purposes: Mapping[str, Purpose] = field(default_factory=dict)
    harm: Mapping[str, Sequence[Harm]] = field(default_factory=dict)


def verified(seen: Seen) -> list[RowResult]:
    """All rows, in their order."""
    wanted = seen.actions.graph.resources
    by_row, left_out = _by_row(wanted, wanted), _by_row(seen.left_out, wanted)
    return [_judged(row.id, by_row.get(row.id, ()), left_out.get(row.id, ()), seen) for row in ROWS]


def _by_row(logical_ids: Iterable[str], resources: Mapping[str, Resource]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for id in logical_ids:
        for row in rows_of(id):
            if id not in resources or is_asked(row, resources[id]):
                found.setdefault(row, []).append(id)
    return found


def _judged(row: str, resources: Sequence[str], left_out: Sequence[str], seen: Seen) -> RowResult:
    unasked = _unasked(row, bool(resources), seen.unread_facts)
    closed = [seen.open_flows[row]] if row in seen.open_flows else []
    flows = [] if closed else [flow for flow in seen.flows if row in (flow.requirement, flow.also)]
    if not resources and not left_out and not flows and not closed and not unasked:
        return RowResult(row, RowStatus.NOT_APPLICABLE, detail=_NOT_ASKED)
    if unasked:
        return row_result(row, (), (), list(map(_told, unasked)), (), seen.apply)
    partly = bool(seen.unread_resources or seen.unread_facts)
    drift = drift_of(row, resources, seen.actions, seen.unread_resources, partly=partly)
    otherwise = met_otherwise(drift, seen.purposes)
    own = {seen.actions.current[each].id for each in resources if each in seen.actions.current}
    ways = {flow.target for flow in flows if flow.also == row}
    evidence = sorted(own.union(ways, *(each.by for each in otherwise.values())))
    there = [id for id in resources if id not in {action.resource for action in drift}]
    harm = [each for id in resources for each in seen.harm.get(id, ())]
    verdicts = [*(flow.verdict for flow in flows), *(seen.purposes[id].verdict for id in there if id in seen.purposes)]
    mended = mended_by_apply(seen.actions, (each for verdict in verdicts for each in verdict.obstacles), seen.apply)
    faults = [
        *drift_faults(drift, otherwise, seen.apply),
        *unmet(there, seen.purposes, mended),
        *(each.fault for each in harm if each.certain),
    ]
    unread = [*map(_told, closed), *_unread(resources, seen)]
    unproved = [*unproven(there, seen.purposes), *(each.fault for each in harm if not each.certain)]
    unknown = [*_left_out(left_out), *unread, *_unsaid(resources, seen), *unproved]
    notes = [*drift_notes(drift, otherwise, seen.apply), *_unresolved(row, seen.terrain)]
    flows = [replace(flow, mended=mended) for flow in flows] if mended else flows
    found = row_result(row, evidence, faults, unknown, flows, seen.apply, notes)
    if found.status is RowStatus.PASS and row in GROUP_ROWS and not resources:
        # The way between the machines is free, but they have no groups yet, which the row is about.
        return RowResult(row, RowStatus.NOT_APPLICABLE, detail=_NOT_ASKED)
    return found


def _unasked(row: str, has_resources: bool, unread: Mapping[Fact, Problem]) -> list[Problem]:
    """Why nobody knows what the plan has of a row."""
    rests = {fact: RESTING_ROWS[fact] for fact in unread}
    found = [fact for fact in unread if row in rests[fact].asked or (has_resources and row in rests[fact].changed)]
    return [replace(unread[fact], detail=f"{fact.value} can't be read: {unread[fact].detail}") for fact in found]


def _told(problem: Problem) -> Defect:
    return Defect(problem.detail, problem.remedy)


def row_result(
    row: str,
    evidence: Sequence[str],
    faults: Sequence[Defect],
    unknown: Sequence[Defect],
    flows: Sequence[MatrixRow],
    makes_it: str,
    notes: Sequence[str] = (),
) -> RowResult:
    """The row from what was found out of it, and of its flows. `makes_it` is what helps where there are no subnets of
    the machines yet; `notes` are told where the row holds."""
    if wrong := [*faults, *_stopped(flows)]:
        return _not_held(row, RowStatus.FAIL, evidence, wrong)
    if open := [*unknown, *map(_told, unknown_flows(flows, makes_it))]:
        return _not_held(row, RowStatus.UNKNOWN, evidence, open)
    return RowResult(row, RowStatus.PASS, evidence, "; ".join([*_arriving(flows), *notes]))


def _not_held(row: str, status: RowStatus, evidence: Sequence[str], why: Sequence[Defect]) -> RowResult:
    more = f"; and {len(why) - MOST} more" if len(why) > MOST else ""
    detail = "; ".join(each.detail for each in why[:MOST]) + more
    remedy = "; ".join(dict.fromkeys(each.remedy for each in why[:MOST]))
    commands = tuple(dict.fromkeys(line for each in why[:MOST] for line in each.commands))
    return RowResult(row, status, evidence, detail, remedy, commands)


def _unresolved(row: str, terrain: Terrain | None) -> Iterator[str]:
    """What the row would be about, too, were its address known: that fails nobody who has a DNS of his own."""
    for server in unresolved(terrain) if terrain else ():
        if server.requirement == row:
            yield f"not judged: {server}, whose address isn't known here"


def _left_out(logical_ids: Sequence[str]) -> Iterator[Defect]:
    if logical_ids:
        remedy = "`ocpprov verify` without --without, by somebody who may read it"
        yield Defect(f"left out by --without: {', '.join(logical_ids)}", remedy)


def _stopped(flows: Sequence[MatrixRow]) -> Iterator[Defect]:
    """What is in the way, once, with the flows that it stops; and what arrives and must not."""
    stopped: dict[str, list[MatrixRow]] = {}
    for flow in (each for each in flows if each.answer is Answer.NO):
        if not flow.wanted:
            by = ", ".join(flow.by)
            aside = f" by {by}" if by else ""
            detail = f"{flow.traffic} gets from {flow.source} to {flow.target}{aside}, and must not"
            yield Defect(detail, f"take away {by or f'what lets {flow.traffic} in at {flow.target}'}")
        for obstacle in flow.verdict.obstacles[:1]:
            stopped.setdefault(stopped_by(obstacle), []).append(flow)
    for detail, same in stopped.items():
        where = in_words(same[0].pairs, MOST, zones=True)
        yield _fault(f"{detail}: stops {named(same)}{f', in {where}' if where else ''}", same[0])


def _fault(detail: str, flow: MatrixRow) -> Defect:
    """With the commands for what else stops the flow: an answer needs its way as much as the request."""
    obstacles = flow.verdict.obstacles
    if by_apply := flow.mended.get(obstacles[0]):
        return Defect(detail, by_apply)
    if flow.lacks:
        return Defect(f"{detail}, as {flow.lacks.lacking}", flow.lacks.remedy)
    lines = [line for each in obstacles[:MOST] if each not in flow.mended for line in flow.commands.get(each, ())]
    return Defect(detail, opening(obstacles[0]), tuple(lines))


def _unread(resources: Sequence[str], seen: Seen) -> Iterator[Defect]:
    """What nobody knows, once, with the resources that it is about."""
    by_reason: dict[Problem, list[str]] = {}
    for id in resources:
        if reason := seen.unread_resources.get(id):
            by_reason.setdefault(reason, []).append(id)
    for reason, ids in by_reason.items():
        more = f" and {len(ids) - MOST} more" if len(ids) > MOST else ""
        yield Defect(f"{', '.join(ids[:MOST])}{more} can't be known: {reason.detail}", reason.remedy)


def _unsaid(resources: Sequence[str], seen: Seen) -> Iterator[Defect]:
    for id in resources:
        if id not in seen.unread_resources and (names := seen.unsaid.get(id)):
            yield Defect(f"AWS's answer doesn't say {', '.join(names)} of {id}", "look it up in AWS's console")


def _arriving(flows: Sequence[MatrixRow]) -> Iterator[str]:
    if flows:
        beyond = dict.fromkeys(each for flow in flows for each in flow.verdict.beyond)
        aside = f", as far as {', '.join(beyond)}" if beyond else ""
        counted = f"{len(flows)} flows as they should be" if len(flows) > 1 else "1 flow as it should be"
        yield f"{counted}{aside}"
