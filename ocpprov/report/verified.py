"""What a report shows of a verification, as the run folder keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from ocpprov.checks.exposure import Exposure, Exposures
from ocpprov.checks.unknown_flows import unread_in_words
from ocpprov.checks.verification_record import Verification
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.subnet_pairs import PairCount, in_words, pair_counts
from ocpprov.reachability.verdict import Obstacle
from ocpprov.runs.event_log import is_time

_MOST_PAIRS: Final = 3
"""Pairs of subnets that are named of one flow."""


@dataclass(frozen=True)
class Stop:
    """What stops a flow: AWS's id of the hop, what it does there, and the smallest change that opens it, in words and,
    where there are some, as commands."""

    component: str
    detail: str
    opening: str
    commands: Sequence[str] = ()

    def document(self) -> dict[str, Any]:
        """As the run folder has it."""
        return {
            "component": self.component,
            "detail": self.detail,
            "opening": self.opening,
            "commands": list(self.commands),
        }


@dataclass(frozen=True)
class ShownFlow:
    """One flow of the port matrix. `answer` says whether it is as it should be: yes, no or unknown; `wanted` is False
    for what must not arrive. `unread` says what isn't known and why, `beyond` what the traffic is handed to that nobody
    sees, `where` between which subnets it doesn't arrive, where that is some of them."""

    requirement: str
    name: str
    source: str
    target: str
    traffic: str
    wanted: bool
    answer: str
    stops: Sequence[Stop] = ()
    unread: Sequence[str] = ()
    beyond: Sequence[str] = ()
    where: str = ""

    def document(self) -> dict[str, Any]:
        """As the run folder has it."""
        return {
            "requirement": self.requirement,
            "name": self.name,
            "source": self.source,
            "target": self.target,
            "traffic": self.traffic,
            "wanted": self.wanted,
            "answer": self.answer,
            "stops": [each.document() for each in self.stops],
            "unread": list(self.unread),
            "beyond": list(self.beyond),
            "where": self.where,
        }


@dataclass(frozen=True)
class ShownVerification:
    """When it was (seconds since 1970), its rows as `verify --json` has them, its flows, how many of them arrive
    between each two subnets, and what is open beyond need; None where nobody judged that."""

    time: float
    rows: Sequence[Mapping[str, Any]]
    flows: Sequence[ShownFlow] = ()
    subnets: Sequence[PairCount] = ()
    exposures: Exposures | None = None


def kept(found: Verification) -> dict[str, Any]:
    """A verification for the run folder, as JSON data."""
    return {
        "time": round(found.time, 3),
        "requirements": [row.document() for row in found.rows],
        "flows": [shown_flow(flow).document() for flow in found.flows],
        "subnets": [vars(each) for each in _subnets(found)],
        **(found.exposures.document() if found.exposures else {}),
    }


def _subnets(found: Verification) -> Sequence[PairCount]:
    return pair_counts(flow.pairs for flow in found.flows if flow.wanted)


def shown_flow(row: MatrixRow) -> ShownFlow:
    """A row of the port matrix in words."""
    verdict = row.verdict
    return ShownFlow(
        row.requirement,
        row.name,
        row.source,
        row.target,
        row.traffic,
        row.wanted,
        row.answer.value,
        tuple(_stop_of(row, each) for each in verdict.obstacles),
        tuple(unread_in_words(verdict.unread)),
        tuple(verdict.beyond),
        in_words(row.pairs, _MOST_PAIRS, zones=True),
    )


def _stop_of(row: MatrixRow, obstacle: Obstacle) -> Stop:
    commands = () if row.lacks else tuple(row.commands.get(obstacle, ()))
    return Stop(obstacle.component, row.stopped_by(obstacle), row.opening(obstacle), commands)


def read_kept(content: Any) -> ShownVerification | None:
    """What `kept` has written; None for what it can't have written."""
    match content:
        case {"time": int(time) | float(time), "requirements": list(rows), "flows": list(flows)} if is_time(time):
            found = [flow for each in flows if (flow := _flow(each))]
            rows_found = [row for row in rows if isinstance(row, Mapping)]
            return ShownVerification(time, rows_found, found, _pair_counts(content), _exposures(content))
    return None


def _pair_counts(content: Mapping[str, Any]) -> Sequence[PairCount]:
    found = content.get("subnets")
    return [count for each in (found if isinstance(found, list) else ()) if (count := _pair_count(each))]


def _pair_count(content: object) -> PairCount | None:
    match content:
        case {"source": str(source), "target": str(target), "flows": int(flows), "arriving": int(arriving)}:
            return PairCount(source, target, flows, arriving)
    return None


def _exposures(content: object) -> Exposures | None:
    match content:
        case {"exposures": list(opened), "knownOpenings": list(known), "notJudged": list(unread)}:
            found = [exposure for each in opened if (exposure := _exposure(each))]
            return Exposures(found, [*map(str, known)], [*map(str, unread)])
    return None


def _exposure(content: object) -> Exposure | None:
    names = [each.name for each in fields(Exposure)]
    if not isinstance(content, Mapping) or not all(isinstance(content.get(name), str) for name in names):
        return None
    return Exposure(*(content[name] for name in names))


def _flow(content: object) -> ShownFlow | None:
    match content:
        case {
            "requirement": str(requirement),
            "name": str(name),
            "source": str(source),
            "target": str(target),
            "traffic": str(traffic),
            "wanted": bool(wanted),
            "answer": str(answer),
            "stops": list(stops),
            "unread": list(unread),
            "beyond": list(beyond),
            "where": str(where),
        }:
            hops = tuple(stop for each in stops if (stop := _stop(each)))
            texts = (tuple(map(str, unread)), tuple(map(str, beyond)), where)
            return ShownFlow(requirement, name, source, target, traffic, wanted, answer, hops, *texts)
    return None


def _stop(content: object) -> Stop | None:
    match content:
        case {"component": str(component), "detail": str(detail), "opening": str(opens), "commands": list(commands)}:
            return Stop(component, detail, opens, tuple(map(str, commands)))
    return None
