"""A plan's port matrix, for readers and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.load import all_resources, graph_of
from ocpprov.commands.not_understood import NOT_UNDERSTOOD
from ocpprov.commands.options import Options
from ocpprov.commands.validate import Findings
from ocpprov.engine.problem import Problem
from ocpprov.openshift.expand import placeholder_facts
from ocpprov.openshift.given_servers import GivenServer
from ocpprov.openshift.layout import layout_of
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.needed_services import not_given
from ocpprov.openshift.port_matrix import port_matrix, unresolved
from ocpprov.openshift.subnet_pairs import in_words, pair_counts
from ocpprov.openshift.terrain_building import planned_terrain
from ocpprov.plan.model import Plan
from ocpprov.reachability.placeholder_addresses import named
from ocpprov.reachability.to_resources import to_resources
from ocpprov.reachability.verdict import Answer, Obstacle
from ocpprov.reachability.words import what
from ocpprov.ui.wrapped import wrapped

_MOST_PAIRS: Final = 6
_MOST_OBSTACLES: Final = 3
"""Shown of one flow: the rest is most often the same in other subnets."""


@dataclass(frozen=True)
class PlannedMatrix:
    """All flows of a plan's cluster, and the servers that the plan names of which nobody here knows the addresses."""

    rows: Sequence[MatrixRow]
    unresolved: Sequence[GivenServer] = ()


def judged(plan: Plan, options: Options) -> Findings:
    """What `validate --reachability` says beside. Raises Refused."""
    matrix = matrix_of(plan)
    lines = matrix_lines(matrix, plan.secrets.masked, all_rows=options.verbose)
    return Findings(matrix_exit(matrix), matrix_document(matrix), list(lines))


def matrix_of(plan: Plan) -> PlannedMatrix | None:
    """None where the plan makes no VPC, so that only AWS knows it. Raises Refused for a plan without an `openshift`
    section, and for one that only AWS can make sense of."""
    if plan.openshift is None:
        said = "has no openshift section, so no flow of a cluster is known of it"
        raise Refused(Problem(plan.file, said, "leave --reachability out"))
    facts = placeholder_facts(plan)
    resources = graph_of(all_resources(plan, facts)).resources
    layout = layout_of(plan.openshift, plan.region, facts)
    if not layout.makes_vpc:
        return None
    try:
        terrain = planned_terrain(layout, resources.values())
        terrain = replace(terrain, needed=not_given(terrain.needed, plan.aws.service_endpoints))
        return PlannedMatrix(port_matrix(terrain), unresolved(terrain))
    except NOT_UNDERSTOOD as error:
        raise Refused(not_before_apply(plan, error)) from error


def not_before_apply(plan: Plan, error: Exception) -> Problem:
    """That what the plan has of its own can't be understood before it is there: a block that is a function, for one."""
    why = f"the cluster's traffic can't be judged before the plan is applied: {error!r}"
    return Problem(plan.file, why, "`ocpprov verify` judges it on what AWS has")


def matrix_exit(matrix: PlannedMatrix | None) -> ExitCode:
    """0 all as it should be, 1 something isn't, 3 what isn't known is all that is wrong."""
    if matrix is None:
        return ExitCode.UNKNOWN
    answers = {row.answer for row in matrix.rows}
    if Answer.NO in answers:
        return ExitCode.FAILED
    return ExitCode.UNKNOWN if Answer.UNKNOWN in answers else ExitCode.DONE


def matrix_lines(matrix: PlannedMatrix | None, hide: Callable[[str], str], *, all_rows: bool) -> Iterator[str]:
    """How many are as they should be, and those that aren't; `all_rows`: the others, too. `hide` takes out what isn't
    to be shown, before a line is broken."""
    if matrix is None:
        yield "reachability: unknown; the plan makes no VPC, and only AWS knows what is there"
        return
    rows = matrix.rows
    counted = Counter(row.answer for row in rows)
    told = [f"{counted[answer]} {word}" for answer, word in _COUNTED.items() if counted[answer] or answer is Answer.YES]
    yield f"reachability: {len(rows)} flows of the cluster: {', '.join(told)}"
    for row in rows:
        if all_rows or row.answer is not Answer.YES:
            yield from _row_lines(row, hide)
    for server in matrix.unresolved:
        yield hide(f"  not judged: {server.requirement}: {server}, whose address isn't known here")
    if all_rows:
        yield from _pair_lines(rows)


def _pair_lines(rows: Sequence[MatrixRow]) -> Iterator[str]:
    """How many of the cluster's flows arrive between each two subnets."""
    counts = pair_counts(row.pairs for row in rows if row.wanted)
    if counts:
        yield "flows that arrive, from subnet to subnet:"
    for each in counts:
        yield f"  {each.arriving:>4} of {each.flows:<4}{each.source} to {each.target}"


_COUNTED: Final = {Answer.YES: "as they should be", Answer.NO: "not", Answer.UNKNOWN: "unknown"}


def _row_lines(row: MatrixRow, hide: Callable[[str], str]) -> Iterator[str]:
    by = f" by {', '.join(row.by)}" if row.by and row.answer is not Answer.YES else ""
    aside = "" if row.wanted else f"{by}, which must not arrive"
    beyond = f" (as far as {', '.join(row.verdict.beyond)})" if row.verdict.beyond else ""
    told = f"{row.requirement}: {row.name}, {row.traffic}, {row.source} to {row.target}{aside}{beyond}"
    yield from _wrapped(hide(told), f"  {row.answer:<8}")
    if row.answer is Answer.YES:
        return
    if where := in_words(row.pairs, _MOST_PAIRS, zones=False):
        yield from _wrapped(hide(f"in {where}"))
    obstacles = row.verdict.obstacles
    for obstacle in obstacles[:_MOST_OBSTACLES]:
        yield from _wrapped(hide(row.stopped_by(obstacle)))
        yield from _wrapped(hide(f"opens it: {row.opening(obstacle)}"))
        yield from (hide(f"          in Resources: {json.dumps(each)}") for each in _resources(row, obstacle))
    if len(obstacles) > _MOST_OBSTACLES:
        yield f"          and {len(obstacles) - _MOST_OBSTACLES} more"
    for each in row.verdict.unread:
        yield from _wrapped(hide(f"not known: {each}"))


def _wrapped(text: str, head: str = " " * 10) -> Iterator[str]:
    return map(str, wrapped(text, first=head, rest=" " * 12))


def matrix_document(matrix: PlannedMatrix | None) -> dict[str, Any]:
    """The same for programs, all rows."""
    if matrix is None:
        return {"flows": None, "unresolved": None}
    named = [{"requirement": each.requirement, "name": each.name, "target": each.host} for each in matrix.unresolved]
    return {"flows": [_document(row) for row in matrix.rows], "unresolved": named}


def _document(row: MatrixRow) -> dict[str, Any]:
    return {
        "requirement": row.requirement,
        "name": row.name,
        "source": row.source,
        "target": row.target,
        "protocol": row.protocol,
        "ports": row.ports,
        "wanted": row.wanted,
        "answer": str(row.answer),
        "obstacles": [{**_obstacle(row, each), "resources": _resources(row, each)} for each in row.verdict.obstacles],
        "unread": [str(each) for each in row.verdict.unread],
        "beyond": list(row.verdict.beyond),
        "pairs": [pair.document() for pair in row.pairs],
    }


def _resources(row: MatrixRow, obstacle: Obstacle) -> list[Mapping[str, Any]]:
    """What the plan gets to open it."""
    if row.lacks:
        return []
    return [each for one in row.openings.get(obstacle, ()) for each in to_resources(one)]


def _obstacle(row: MatrixRow, obstacle: Obstacle) -> dict[str, Any]:
    return {
        "code": str(obstacle.code),
        "component": obstacle.component,
        "rule": obstacle.rule,
        "direction": obstacle.direction,
        "reply": obstacle.reply,
        "stopped": f"{what(obstacle.protocol, obstacle.stopped.ports)}, {named(obstacle.stopped.peers)}",
        "detail": row.stopped_by(obstacle),
        "opening": row.opening(obstacle),
    }
