"""Why something may not serve: which of verify's rows of traffic don't hold. Looked up once, when a wait is over or
`status` finds that it doesn't serve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.checks.verification import RowResult, RowStatus, Seen, row_result
from ocpprov.checks.verification_record import masked_row
from ocpprov.commands.closing_words import apply_again, same_plan
from ocpprov.commands.connection import Connection
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.verification_look import seen_in
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.openshift.matrix_row import FLOW_ROWS
from ocpprov.openshift.requirement_rows import ROWS
from ocpprov.plan.model import Plan
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.wrapped import remedy_lines, wrapped

_FIRST: Final = ("LB-REACH", "LB-HEALTH")
"""What keeps machines from their configurations, and balancers from their targets, is told before the rest."""
_MOST: Final = 4


@dataclass(frozen=True)
class Reach:
    """What is known of the cluster's traffic: of `flows` in number, the rows that don't hold, and those that aren't
    known. `command` is the one that says all of it."""

    flows: int
    failing: Sequence[RowResult]
    unknown: Sequence[RowResult]
    command: str

    def document(self) -> list[dict[str, Any]] | None:
        """The failing rows as `verify --json` has them; None where none fails and one isn't known."""
        return None if self.unknown and not self.failing else [row.document() for row in self.failing]

    def lines(self, secrets: SecretTexts) -> Iterator[Line]:
        """For a reader."""
        if self.failing:
            yield Line("of the cluster's traffic this doesn't arrive:", Tone.DANGER)
            for row in (masked_row(each, secrets) for each in self.failing[:_MOST]):
                yield from wrapped(row.detail, first=f"  {row.id}  ", rest="    ")
                for remedy in (row.remedy, *row.commands):
                    yield from remedy_lines(remedy, "    ")
            if len(self.failing) > _MOST:
                yield Line(f"  and {len(self.failing) - _MOST} more rows")
            yield Line(f"  all rows: {self.command}", Tone.ASIDE)
        elif self.unknown:
            said = f"whether the cluster's traffic arrives isn't known: {self.unknown[0].detail}"
            yield from wrapped(secrets.masked(said), Tone.CHANGE, rest="  ")
            yield from remedy_lines(self.command, "  ")
        else:
            said = f"all {self.flows} flows of the cluster's traffic are as they should be: look at the machines"
            yield from wrapped(said, rest="  ")


def reach_of(plan: Plan, planned: PlanResult, connection: Connection, options: Options) -> Reach | None:
    """Read the network, in at most ten calls, and judge the cluster's traffic; None where there is no cluster or
    network yet."""
    if plan.openshift is None:
        return None
    seen = seen_in(plan, plan.openshift, planned, connection, apply_again(options))
    return reach_in(seen, same_plan("verify", options) or "`ocpprov verify` with the plan's parameters")


def reach_in(seen: Seen, command: str) -> Reach | None:
    """What is known of the traffic; None where there are no flows, and nothing that couldn't be read."""
    if not seen.flows and not seen.unread:
        return None
    rows = traffic_rows(seen)
    return Reach(
        len(seen.flows),
        [row for row in rows if row.status is RowStatus.FAIL],
        [row for row in rows if row.status is RowStatus.UNKNOWN],
        command,
    )


def traffic_rows(seen: Seen) -> Sequence[RowResult]:
    """The rows of flows, judged by these alone: what has drifted since is `plan`'s to say."""
    names = [row.id for row in ROWS if row.id in FLOW_ROWS]
    ordered = [*_FIRST, *(name for name in names if name not in _FIRST)]
    return [row for name in ordered if (row := _row(name, seen))]


def _row(name: str, seen: Seen) -> RowResult | None:
    if why := seen.open_flows.get(name):
        return RowResult(name, RowStatus.UNKNOWN, detail=why.detail)
    flows = [flow for flow in seen.flows if flow.requirement == name]
    return row_result(name, [], [], [], flows, seen.apply) if flows else None
