"""Whether the flows of a cluster arrive once its plan is applied: in the network that the plan makes, or in the one
that it names, as AWS has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocpprov.aws.reads import Reader
from ocpprov.commands.discovery_dhcp import told_by_dhcp
from ocpprov.commands.discovery_reachability import read_network
from ocpprov.commands.refresh import PlanResult
from ocpprov.openshift.layout import layout_of
from ocpprov.openshift.needed_services import not_given
from ocpprov.openshift.port_matrix import MatrixRow, Terrain, port_matrix
from ocpprov.openshift.terrain import planned_terrain
from ocpprov.openshift.terrain_after import terrain_after
from ocpprov.plan.model import Plan
from ocpprov.reachability.from_resources import id_of


def planned_reach(plan: Plan, planned: PlanResult, reader: Reader) -> Sequence[MatrixRow]:
    """All flows; none of a plan without a cluster. Raises Unreadable where the network can't be read."""
    if plan.openshift is None or planned.excluded.resources:
        return ()
    layout = layout_of(plan.openshift, plan.region, planned.facts)
    resources = planned.actions.graph.resources.values()
    if layout.makes_vpc:
        return _matrix(plan, planned_terrain(layout, resources))
    vpc, actions = id_of(layout.vpc), planned.actions
    network = read_network(vpc, reader)
    layout = replace(layout, section=replace(layout.section, dhcp_options=told_by_dhcp(vpc, reader)))
    after = terrain_after(layout, network, resources, actions.current, planned.inventory, actions.owner.account)
    return _matrix(plan, after)


def _matrix(plan: Plan, terrain: Terrain) -> Sequence[MatrixRow]:
    return port_matrix(replace(terrain, needed=not_given(terrain.needed, plan.aws.service_endpoints)))
