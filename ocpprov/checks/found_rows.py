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
from ocpprov.checks.verification import RowResult, RowStatus, row_result
from ocpprov.openshift.port_matrix import MatrixRow
from ocpprov.openshift.requirement_rows import ROWS
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
    return [_result(row.id, own[row.id], [flow for flow in flows if flow.requirement == row.id]) for row in ROWS]


def _result(row: str, own: Judged, flows: Sequence[MatrixRow]) -> RowResult:
    if not own.applies and not any(flow.answer is not Answer.YES for flow in flows):
        return RowResult(row, RowStatus.NOT_APPLICABLE, own.evidence, own.said)
    result = row_result(row, own.evidence, own.faults, own.unknown, flows, _SUBNETS)
    said = "; ".join(filter(None, [own.said, result.detail]))
    return replace(result, detail=said) if result.status is RowStatus.PASS else result


_SUBNETS: Final = "what NET-PRIVATE says comes first"
