"""One verification as a value, for whoever shows or keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocpprov.checks.verification import RowResult
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.openshift.port_matrix import MatrixRow


@dataclass(frozen=True)
class Verification:
    """What was verified (a plan's name, or a VPC's id), when it began (seconds since 1970), how many seconds it took,
    its rows, and the flows that they were judged by."""

    subject: str
    time: float
    seconds: float
    rows: Sequence[RowResult]
    flows: Sequence[MatrixRow] = ()


def masked(found: Verification, secrets: SecretTexts) -> Verification:
    """The same as it may be shown: without these texts in what it tells."""
    return replace(
        found,
        subject=secrets.masked(found.subject),
        rows=[_row(row, secrets) for row in found.rows],
        flows=[_flow(flow, secrets) for flow in found.flows],
    )


def _row(row: RowResult, secrets: SecretTexts) -> RowResult:
    evidence = [*map(secrets.masked, row.evidence)]
    return replace(row, evidence=evidence, detail=secrets.masked(row.detail), remedy=secrets.masked(row.remedy))


def _flow(flow: MatrixRow, secrets: SecretTexts) -> MatrixRow:
    return replace(
        flow, name=secrets.masked(flow.name), source=secrets.masked(flow.source), target=secrets.masked(flow.target)
    )
