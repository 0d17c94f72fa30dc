"""Which outputs a plan has."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.openshift.aws_facts import Facts
from ocpprov.openshift.section_outputs import outputs as openshift_outputs
from ocpprov.plan.model import Output, Plan


def all_outputs(plan: Plan, facts: Facts) -> Sequence[Output]:
    """The outputs of both layers; the plan's own win."""
    own = {output.name for output in plan.outputs}
    return [*(output for output in openshift_outputs(plan, facts) if output.name not in own), *plan.outputs]
