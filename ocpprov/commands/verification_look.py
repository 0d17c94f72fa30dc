"""One look at whether a plan's requirements hold: what AWS has of its network is read, and all of it is judged."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ocpprov.aws.recorded_reads import failed_reads, remembering
from ocpprov.checks.exposure import Exposures
from ocpprov.checks.exposure_of_plan import exposures_of_plan
from ocpprov.checks.harm_by_others import harm_by_others
from ocpprov.checks.unread import open_flows, unread_resources, why_closed
from ocpprov.checks.verification import RowResult, RowStatus, Seen, verified
from ocpprov.checks.verification_record import Verification
from ocpprov.commands.connection import Connection
from ocpprov.commands.discovery_reachability import Unreadable, read_network, understood
from ocpprov.commands.discovery_zones import read_zones
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Actions
from ocpprov.engine.drift import unanswered_properties
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Resource
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.layout import Layout, layout_of
from ocpprov.openshift.matrix_row import FLOW_ROWS, MatrixRow
from ocpprov.openshift.name_flows import names_asked
from ocpprov.openshift.needed_services import not_given
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.requirement_rows import rows_of
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.terrain_building import asked_rows, live_terrain
from ocpprov.openshift.unread_facts import Fact
from ocpprov.plan.model import OpenShift, Plan
from ocpprov.reachability.aws_commands import aws_commands
from ocpprov.reachability.endpoint_policies import Gate
from ocpprov.reachability.from_resources import id_of
from ocpprov.reachability.names_from_resources import RECORD, records_by_zone
from ocpprov.reachability.openings import all_openings
from ocpprov.reachability.purpose import Purpose
from ocpprov.reachability.purposes import purposes
from ocpprov.reachability.verdict import explained
from ocpprov.reachability.zones import Zone


def section_of(plan: Plan) -> OpenShift:
    """What the requirements are of. Raises Refused for a plan without an `openshift` section."""
    if plan.openshift is None:
        said = "has no openshift section, so no requirement is known of it"
        raise Refused(Problem(plan.file, said, "`ocpprov plan` says whether what it has is there"))
    return plan.openshift


def exit_of(rows: Sequence[RowResult]) -> ExitCode:
    """What is unknown is no failure, and no success either."""
    found = {row.status for row in rows}
    if RowStatus.FAIL in found:
        return ExitCode.FAILED
    return ExitCode.UNKNOWN if RowStatus.UNKNOWN in found else ExitCode.DONE


def verification_of(
    plan: Plan, planned: PlanResult, connection: Connection, again: str, start: float, began: float
) -> Verification:
    """A verification of a plan that was compared with AWS; `again` is the command that mends drift. It began at `start`
    (seconds since 1970), which `began` is by `time.monotonic`. Raises Refused for a plan without an `openshift`
    section."""
    section = section_of(plan)
    seen = seen_in(plan, section, planned, connection, again)
    try:
        with understood("what AWS says of what is open"):
            exposures = exposures_of_plan(seen, planned.inventory, section)
    except Unreadable as error:
        exposures = Exposures(unread=[str(error)])
    return Verification(plan.name, start, time.monotonic() - began, verified(seen), seen.flows, exposures)


def seen_in(plan: Plan, section: OpenShift, planned: PlanResult, connection: Connection, again: str) -> Seen:
    """What the rows are judged by, for a plan that was compared with AWS; `again` is the command that mends drift."""
    seen_through, unread_network, actions = _SeenThrough(), "", planned.actions
    layout = layout_of(section, plan.region, planned.facts)
    unread = unread_resources(actions, planned.inventory)
    asked = asked_rows(layout) | (FLOW_ROWS & {row for id in actions.graph.resources for row in rows_of(id)})
    closed = open_flows(actions, unread)
    try:
        with understood("what AWS says of the cluster's network"):
            seen_through = _seen_through(plan, layout, planned, connection, unread)
    except Unreadable as error:
        unread_network = f"the network couldn't be read: {error}"
        closed = dict.fromkeys(FLOW_ROWS, Problem("", unread_network, error.problem.remedy))
    terrain = seen_through.terrain
    return Seen(
        actions,
        seen_through.flows,
        again,
        {row: why for row, why in closed.items() if row in asked},
        list(planned.excluded.resources),
        _unsaid(actions),
        terrain,
        unread_network,
        unread,
        planned.unread,
        seen_through.purposes,
        harm_by_others(actions, planned.inventory, _gate_to_s3(terrain, connection.owner.account)),
    )


@dataclass(frozen=True)
class _SeenThrough:
    """What the cluster's traffic goes through, None where there is none yet, and what follows for it."""

    terrain: Terrain | None = None
    flows: Sequence[MatrixRow] = ()
    purposes: Mapping[str, Purpose] = field(default_factory=dict)


def _seen_through(
    plan: Plan, layout: Layout, planned: PlanResult, connection: Connection, unread: Mapping[str, Problem]
) -> _SeenThrough:
    """Raises Unreadable."""
    terrain = _terrain(layout, planned, connection, unread)
    if terrain is None:
        return _SeenThrough()
    terrain = replace(terrain, needed=not_given(terrain.needed, plan.aws.service_endpoints))
    return _SeenThrough(terrain, port_matrix(terrain), _purposes(planned.actions, terrain))


def _gate_to_s3(terrain: Terrain | None, account: str) -> Gate:
    """How what the cluster asks of S3 leaves the VPC."""
    if terrain is None:
        return Gate("", "", account=account)
    endpoints = [id for id, (service, _) in terrain.endpoints.items() if service.endswith(".s3")]
    return Gate(next(iter(endpoints), ""), terrain.network.vpc_id, gateway=True, account=account)


def _purposes(actions: Actions, terrain: Terrain) -> Mapping[str, Purpose]:
    """Whether what the plan's rules, routes, associations and ACL entries are for is so, by logical id."""
    places = [place for party in terrain.places.values() for place in party]
    ids = {id: live.id for id, live in actions.current.items()}
    groups = {id: endpoint.groups for id, (_, endpoint) in terrain.endpoints.items()}
    found = purposes(actions.graph.resources.values(), terrain.network, places, lambda id: ids.get(id, id), groups)
    first = {id: each.verdict.obstacles[0] for id, each in found.items() if each.verdict.obstacles}
    opened, options = all_openings(terrain.network, first.values()), ("--region", terrain.region)
    commands = {
        id: [line for opening in opened[obstacle] for line in aws_commands(opening, options)]
        for id, obstacle in first.items()
    }
    closed = terrain.network.closed
    return {
        id: replace(each, verdict=explained(each.verdict, closed), commands=commands.get(id, ()))
        for id, each in found.items()
    }


def _unsaid(actions: Actions) -> dict[str, Sequence[str]]:
    """What AWS's answers don't say of what is there, by logical id: nobody compared it with the plan."""
    wanted = actions.graph.resources
    return {
        id: unanswered_properties(KINDS[live.type], wanted[id].properties, live)
        for id, live in actions.current.items()
        if id in wanted
    }


def _terrain(
    layout: Layout, planned: PlanResult, connection: Connection, unread: Mapping[str, Problem]
) -> Terrain | None:
    """Where the flows go through what AWS has of the VPC; None where there is none yet. Raises Unreadable."""
    current = planned.actions.current
    vpc = id_of(layout.vpc)
    if why := planned.unread.get(Fact.SUBNETS):
        raise Unreadable(why)
    if vpc in unread and vpc not in current:
        raise Unreadable(unread[vpc])
    if beyond := connection.scope.out_of_reach.get("ec2"):
        raise Unreadable(Problem("", beyond))
    vpc_id = current[vpc].id if vpc in current else vpc if vpc.startswith("vpc-") else ""
    if not vpc_id:
        return None
    network = read_network(vpc_id, remembering(connection.reader))
    zones = _zones(vpc_id, layout, planned, connection)
    # What isn't found is called by the plan's own name, as nobody knows its id.
    network = replace(network, closed={**network.closed, **unread, **_closed_names(connection)})
    return live_terrain(layout, network, current, planned.inventory, connection.owner.account, zones)


def _closed_names(connection: Connection) -> Mapping[str, Problem]:
    """Why what answers names couldn't be read, by how it is called."""
    silent = connection.scope.out_of_reach.get("route53")
    closed = {name: Problem("", silent) for name in ("private hosted zones of", "records of") if silent}
    errors = {ask.operation: error for ask, error in failed_reads(connection.reader).items()}
    return closed | {name: why_closed(error) for each, error in errors.items() for name in _TOLD_BY.get(each, ())}


_TOLD_BY: Final[Mapping[str, Sequence[str]]] = {
    "describe_dhcp_options": ("DHCP options of",),
    "describe_vpc_attribute": ("enableDnsSupport of", "enableDnsHostnames of"),
    "list_hosted_zones_by_vpc": ("private hosted zones of",),
    "list_resource_record_sets": ("records of",),
}


def _zones(vpc_id: str, layout: Layout, planned: PlanResult, connection: Connection) -> Sequence[Zone] | None:
    """The VPC's private zones that matter to the cluster; of a plan without Route 53 nobody asks for any."""
    scope = connection.scope
    if "route53" not in scope.services:
        return None if "route53" in {*scope.excluded_services, *scope.out_of_reach} else ()
    known = records_by_zone(Resource(each.id, each.type, each.properties) for each in planned.inventory.of(RECORD))
    account = connection.owner.account
    return read_zones(vpc_id, layout.region, account, names_asked(layout), known, connection.reader)
