"""What the port matrix of a plan says, as checks: each thing that is in the way once, with the flows that it stops."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from ocpprov.checks.result import Check, failed, unknown, warned
from ocpprov.openshift.given_servers import NAME_SERVER
from ocpprov.openshift.matrix_row import NO_SUBNETS, MatrixRow
from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.verdict import Answer, Obstacle, Unread
from ocpprov.reachability.words import opening, stopped_by

FLOWS: Final = "reachability"
EGRESS: Final = "subnet-egress"
ADMITS: Final = "endpoint-admits"
ENDPOINT: Final = "endpoint-reach"
NAMES: Final = "vpc-name-servers"

_MOST: Final = 3
"""Flows that a check names: the rest is most often the same to other machines."""
_OF_ENDPOINTS: Final = frozenset({"NET-S3", "NET-EC2", "NET-ELB", "AIR-GAP"})
_OF_GROUPS: Final = (ExplanationCode.ENI_SG_RULES_MISMATCH, ExplanationCode.SG_HAS_NO_RULES)
_OUT: Final = "NET-NAT"


def flow_checks(rows: Sequence[MatrixRow], told: Collection[str] = ()) -> Iterator[Check]:
    """Of what doesn't arrive, of what must not and does, and of what isn't known. `told` are the ids of ACLs of which
    somebody else says what they stop."""
    stopped: dict[tuple[str, Obstacle], list[MatrixRow]] = {}
    for row in (each for each in rows if each.answer is Answer.NO):
        if not row.wanted:
            detail = f"{row.traffic} gets from {row.source} to {row.target}, and must not"
            yield failed(FLOWS, detail, f"take away what lets {row.traffic} in at {row.target}")
        for obstacle in row.verdict.obstacles if row.wanted and row.lacks is None else ():
            if not (_is_acl(obstacle) and obstacle.component in told):
                stopped.setdefault((_check_of(row, obstacle), obstacle), []).append(row)
    seen = set[tuple[str, str]]()
    served = _sources(row for row in rows if row.name == NAME_SERVER and row.answer is not Answer.NO)
    for (id, obstacle), same in stopped.items():
        words = stopped_by(obstacle)
        if (id, words) not in seen:
            seen.add((id, words))
            # Where on the internet the cluster's machines go is an ACL's owner's to say; one name server is enough.
            fatal = not (id == EGRESS and _is_acl(obstacle)) and not (id == NAMES and _sources(same) <= served)
            yield (failed if fatal else warned)(id, f"{words}: stops {_named(same)}", _remedy(obstacle, same[0]))
    yield from _lacking(rows)
    yield from _unread(rows)


def _lacking(rows: Iterable[MatrixRow]) -> Iterator[Check]:
    """Services that nothing leads to. Who looks after the network may make an endpoint later."""
    services = {row.lacks.name: row.lacks for row in rows if row.lacks and row.answer is Answer.NO}
    for name, service in services.items():
        detail = f"nothing leads the machines to {name}: {service.lacking}, and their tables have no way out"
        yield warned(ENDPOINT, detail, service.remedy)


def _remedy(obstacle: Obstacle, row: MatrixRow) -> str:
    """As commands, where there are such."""
    return "; ".join(row.commands.get(obstacle, ())) or opening(obstacle)


def _sources(rows: Iterable[MatrixRow]) -> set[str]:
    return {row.source for row in rows}


def _check_of(row: MatrixRow, obstacle: Obstacle) -> str:
    if row.requirement == _OUT:
        return EGRESS
    if row.name == NAME_SERVER:
        return NAMES
    if row.requirement not in _OF_ENDPOINTS:
        return FLOWS
    return ADMITS if obstacle.code in _OF_GROUPS and obstacle.direction == "ingress" else ENDPOINT


def _is_acl(obstacle: Obstacle) -> bool:
    return obstacle.code is ExplanationCode.SUBNET_ACL_RESTRICTION


def _named(rows: Sequence[MatrixRow]) -> str:
    names = [f"{row.name} ({row.traffic}) from {row.source} to {row.target}" for row in rows]
    more = f" and {len(names) - _MOST} more flows" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _unread(rows: Iterable[MatrixRow]) -> Iterator[Check]:
    """What isn't known, each thing once; an endpoint that admits members of a group, where it may be the machines'."""
    open_rows: dict[tuple[str, str], list[MatrixRow]] = {}
    first: dict[tuple[str, str], Unread] = {}
    for row in (each for each in rows if each.answer is Answer.UNKNOWN):
        for each in (each for each in row.verdict.unread if each != NO_SUBNETS):
            id = ENDPOINT if row.requirement in _OF_ENDPOINTS else EGRESS if row.requirement == _OUT else FLOWS
            first.setdefault((id, each.component), each)
            open_rows.setdefault((id, each.component), []).append(row)
    for (id, component), same in open_rows.items():
        if component.startswith(_MEMBERS):
            yield warned(ADMITS, f"{component} aren't known: {_named(same)}", "see that the machines are among them")
        else:
            yield _not_known(id, first[id, component], same)


def _not_known(id: str, missing: Unread, rows: Sequence[MatrixRow]) -> Check:
    if missing.undecided:
        remedy = f"look at {missing.component}: nobody can tell from here"
        return unknown(id, f"{missing}, so nobody knows of {_named(rows)}", remedy)
    said = f": {missing.why.detail}" if missing.why else ""
    remedy = missing.why.remedy if missing.why else "give the permission to read it, or ask the network's owner"
    return unknown(id, f"{missing} couldn't be read{said}, so nobody knows of {_named(rows)}", remedy)


_MEMBERS: Final = "members of "
