"""Whether the flows of a cluster arrive once its plan is applied: in the network that the plan makes, or in the one
that it names, as AWS has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.checks.unread import why_closed
from ocpprov.commands.discovery_dhcp import told_by_dhcp
from ocpprov.commands.discovery_reachability import Unreadable, read_network
from ocpprov.commands.not_understood import NOT_UNDERSTOOD
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.validate_reachability import not_before_apply
from ocpprov.openshift.layout import Layout, layout_of
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.needed_services import not_given
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.terrain_after import terrain_after
from ocpprov.openshift.terrain_building import planned_terrain
from ocpprov.plan.model import Plan
from ocpprov.reachability.from_resources import id_of


def planned_reach(plan: Plan, planned: PlanResult, reader: Reader) -> Sequence[MatrixRow]:
    """All flows; none of a plan without a cluster. Raises Unreadable where the network can't be read, or what the plan
    has of its own can't be understood before it is there: a block that is a function, for one."""
    if plan.openshift is None or planned.excluded.resources:
        return ()
    try:
        layout = layout_of(plan.openshift, plan.region, planned.facts)
        terrain = _terrain(layout, planned, reader)
        return port_matrix(replace(terrain, needed=not_given(terrain.needed, plan.aws.service_endpoints)))
    except AwsError as error:
        raise Unreadable(why_closed(error)) from error
    except NOT_UNDERSTOOD as error:
        raise Unreadable(not_before_apply(plan, error)) from error


def _terrain(layout: Layout, planned: PlanResult, reader: Reader) -> Terrain:
    resources, actions = planned.actions.graph.resources.values(), planned.actions
    if layout.makes_vpc:
        return planned_terrain(layout, resources)
    vpc = id_of(layout.vpc)
    network = read_network(vpc, reader)
    layout = replace(layout, section=replace(layout.section, dhcp_options=told_by_dhcp(vpc, reader)))
    return terrain_after(layout, network, resources, actions.current, planned.inventory, actions.owner.account)
