"""Every requirement row on a VPC that no plan is known of: what is there of it, and whether its flows arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ocpprov.checks.found_account import account_rows
from ocpprov.checks.found_dns import dns_rows
from ocpprov.checks.found_endpoints import endpoint_rows
from ocpprov.checks.found_load_balancers import balancer_rows
from ocpprov.checks.found_network import network_rows
from ocpprov.checks.found_row import FoundCase, Judged
from ocpprov.checks.found_security import security_rows
from ocpprov.checks.requirement_drift import Defect
from ocpprov.checks.verification import RowResult, RowStatus, row_result
from ocpprov.openshift.found_marks import Machine
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.requirement_rows import ROWS
from ocpprov.openshift.vpc_survey import SECURITY_GROUP
from ocpprov.reachability.verdict import Answer


def found_rows(case: FoundCase, flows: Sequence[MatrixRow]) -> list[RowResult]:
    """All rows, in their order. `flows` are the port matrix on the case's terrain."""
    own = {
        **network_rows(case),
        **dns_rows(case),
        **balancer_rows(case),
        **security_rows(case),
        **account_rows(case),
        **endpoint_rows(case),
    }
    return [_result(row.id, own[row.id], [flow for flow in flows if flow.requirement == row.id], case) for row in ROWS]


def _result(row: str, own: Judged, flows: Sequence[MatrixRow], case: FoundCase) -> RowResult:
    if not own.applies and not any(flow.answer is not Answer.YES for flow in flows):
        return RowResult(row, RowStatus.NOT_APPLICABLE, own.evidence, own.said)
    aside = _without_groups(case) if flows else ""
    unknown = [Defect(aside, "what SG-MASTER and SG-WORKER say comes first")] if aside and row in _OF_GROUPS else []
    result = row_result(row, own.evidence, own.faults, [*own.unknown, *unknown], flows, _SUBNETS)
    said = "; ".join(filter(None, [own.said, result.detail, aside]))
    return replace(result, detail=said) if result.status is RowStatus.PASS else result


_SUBNETS: Final = "what NET-PRIVATE says comes first"
_OF_GROUPS: Final = frozenset({"SG-MASTER-INGRESS", "SG-WORKER-INGRESS", "LB-REACH", "LB-HEALTH"})
"""Which say nothing without the machines' groups; of the others' flows these are only a part."""
_NODES: Final = (Machine.CONTROL_PLANE, Machine.COMPUTE)


def _without_groups(case: FoundCase) -> str:
    """That flows were judged without the machines' groups, where nothing tells which these are; else empty. Those that
    nobody may read leave flows unknown by themselves."""
    missing = [machine.whose for machine in _NODES if not case.cluster.groups[machine].certain]
    if not missing or SECURITY_GROUP in case.survey.unread:
        return ""
    return f"judged without {' and '.join(missing)} security group, as nothing tells which that is"
