"""What `plan` and `apply` say of the cluster's traffic before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.aws.reads import Reader
from ocpprov.checks.flow_checks import flow_checks
from ocpprov.checks.result import Status
from ocpprov.commands.discovery_reachability import Unreadable
from ocpprov.commands.planned_reach import planned_reach
from ocpprov.commands.refresh import PlanResult
from ocpprov.plan.model import Plan


def flow_notes(plan: Plan, planned: PlanResult, reader: Reader) -> Sequence[str]:
    """What would stop it once the plan is applied, each with what helps. Of a plan that makes its network AWS isn't
    asked; of another what `reader` remembers isn't asked for again. Nothing of what nobody may read: preflight says
    that. Nor where nothing is going to change: that is verify's."""
    if not planned.actions.changes:
        return ()
    try:
        rows = planned_reach(plan, planned, reader)
    except Unreadable:
        return ()
    told = (check for check in flow_checks(rows) if check.status is not Status.UNKNOWN)
    return [f"{check.detail}; what helps: {check.remedy}" for check in told]
