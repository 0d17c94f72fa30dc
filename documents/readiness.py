"""The page of what isn't ready at once in the sandbox, from its table."""

from __future__ import annotations

from collections.abc import Sequence

from documents.markdown import anchored, code, table
from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.readiness import Readiness
from ocpprov.sandbox.readiness_table import known_table


def page() -> str:
    """The page, as Markdown."""
    rows = map(_row, known_table())
    return f"""# What isn't ready at once

The [sandbox](../sandbox.md) refuses these calls as AWS does, for so many of AWS's seconds. `ocpprov` waits for what it needs, or tries again.
Trust: *documented* by AWS, seen in other tools' *source* or their users' reports, from *memory*, or *seen*: answered by AWS itself in
[the first real run](../first-real-run.md). No figure without *seen* was measured.

{table(("not ready", "refused meanwhile", "until", "seconds", "AWS says", "from", "trust"), rows)}"""


def _row(row: Readiness) -> Sequence[str]:
    seconds = row.lasts(Delays())
    return (
        anchored(row.id, row.thing),
        ", ".join(map(code, row.operations)),
        row.until,
        f"{seconds:g}" if seconds else "",
        code(f"{row.code}: {row.sentence}"),
        row.source,
        row.trust,
    )
