"""The outputs of the `openshift` section: expanding it needs none of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ocpprov.openshift.aws_facts import Facts, placeholder_facts
from ocpprov.openshift.expand import expand
from ocpprov.openshift.layout import layout_of
from ocpprov.openshift.machines import Machines
from ocpprov.openshift.outputs import outputs_of
from ocpprov.openshift.proposed_addresses import address_outputs
from ocpprov.plan.model import Output, Plan


def outputs(plan: Plan, facts: Facts | None = None) -> Sequence[Output]:
    """The outputs of the openshift section; none for what the plan doesn't make or name.

    Without `facts` placeholders stand for them. Raises ValueError as `expand` does.
    """
    if plan.openshift is None:
        return ()
    known = placeholder_facts(plan) if facts is None else facts
    layout = layout_of(plan.openshift, plan.region, known)
    return outputs_of(layout, set(expand(plan, known)), plan.aws)


def addresses(plan: Plan, facts: Facts, machines: Machines, taken: Collection[str]) -> Sequence[Output]:
    """The outputs of machines' addresses, of those that are there and of those to come: `machines` are the cluster's,
    `taken` addresses of its subnets that somebody else has. Raises ValueError as `expand` does."""
    if plan.openshift is None:
        return ()
    return list(address_outputs(layout_of(plan.openshift, plan.region, facts), machines, taken))
