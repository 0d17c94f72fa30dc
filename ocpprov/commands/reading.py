"""From the command line to a plan with its resources: everything that needs no AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocpprov.commands.options import Options
from ocpprov.commands.outcome import Refused
from ocpprov.engine.graph import CycleError, Graph, build
from ocpprov.engine.resources import Resource
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import Facts, expand, logical_ids
from ocpprov.openshift.expand import outputs as openshift_outputs
from ocpprov.plan.loading import Inputs, load_file
from ocpprov.plan.model import Output, Plan


def read_plan(options: Options) -> Plan:
    """The plan file. Raises PlanErrors, and Refused when no file is given."""
    if options.plan is None:
        raise Refused("name a plan file")
    inputs = Inputs(
        KINDS, options.name, options.region, options.parameters, options.plan.parent, openshift_ids=logical_ids
    )
    return load_file(options.plan, inputs)


def all_resources(plan: Plan, facts: Facts) -> dict[str, Resource]:
    """The resources of both layers. Raises Refused."""
    try:
        return {**expand(plan, facts), **plan.resources}
    except ValueError as error:
        raise Refused(f"{plan.file}: {error}") from error


def all_outputs(plan: Plan, facts: Facts) -> Sequence[Output]:
    """The outputs of both layers; the plan's own win."""
    own = {output.name for output in plan.outputs}
    return [*(output for output in openshift_outputs(plan, facts) if output.name not in own), *plan.outputs]


def graph_of(resources: Mapping[str, Resource]) -> Graph:
    """The graph of the resources. Raises Refused with the cycle's names."""
    try:
        return build(resources, KINDS)
    except CycleError as error:
        raise Refused(f"these resources need each other: {' -> '.join(error.path)}") from error
