"""One verification as a value, for whoever shows or keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocpprov.checks.exposure import Exposure, Exposures
from ocpprov.checks.verification import RowResult
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.openshift.matrix_row import MatrixRow


@dataclass(frozen=True)
class Verification:
    """What was verified (a plan's name, or a VPC's id), when it began (seconds since 1970), how many seconds it took,
    its rows, the flows that they were judged by, and what is open beyond need, None where nobody judged that."""

    subject: str
    time: float
    seconds: float
    rows: Sequence[RowResult]
    flows: Sequence[MatrixRow] = ()
    exposures: Exposures | None = None


def masked(found: Verification, secrets: SecretTexts) -> Verification:
    """The same as it may be shown: without these texts in what it tells."""
    return replace(
        found,
        subject=secrets.masked(found.subject),
        rows=[masked_row(row, secrets) for row in found.rows],
        flows=[_flow(flow, secrets) for flow in found.flows],
        exposures=_exposures(found.exposures, secrets) if found.exposures else None,
    )


def _exposures(found: Exposures, secrets: SecretTexts) -> Exposures:
    opened = [Exposure(**{name: secrets.masked(text) for name, text in vars(each).items()}) for each in found.open]
    return Exposures(opened, [*map(secrets.masked, found.known)], [*map(secrets.masked, found.unread)])


def masked_row(row: RowResult, secrets: SecretTexts) -> RowResult:
    """One row as it may be shown."""
    evidence, commands = [*map(secrets.masked, row.evidence)], tuple(map(secrets.masked, row.commands))
    detail, remedy = secrets.masked(row.detail), secrets.masked(row.remedy)
    return replace(row, evidence=evidence, detail=detail, remedy=remedy, commands=commands)


def _flow(flow: MatrixRow, secrets: SecretTexts) -> MatrixRow:
    return replace(
        flow, name=secrets.masked(flow.name), source=secrets.masked(flow.source), target=secrets.masked(flow.target)
    )
