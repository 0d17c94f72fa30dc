"""The terrain of a plan, before anything exists, and of what AWS has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Final

from ocpprov.engine.resources import Live, Resource, State
from ocpprov.engine.values import Value
from ocpprov.openshift.endpoints import has_own_name, services
from ocpprov.openshift.iam import ROLES
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.machine_flows import MACHINES, Party
from ocpprov.openshift.matrix_row import AIR_GAP, endpoint_row
from ocpprov.openshift.name_flows import answered_by, live_names_of, name_flows, planned_names_of
from ocpprov.openshift.needed_services import answers, is_closed, needed_services
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.security import BOOTSTRAP, MASTER, WORKER
from ocpprov.openshift.service_calls import KnownNames, calls_of
from ocpprov.openshift.storage import BUCKET
from ocpprov.openshift.terrain import Terrain
from ocpprov.reachability.balancers import Balancer, Listener
from ocpprov.reachability.balancers_from_resources import balancers_from
from ocpprov.reachability.classic_balancers_from_resources import classic_balancers_from
from ocpprov.reachability.endpoint_policies import Gate, through_policy
from ocpprov.reachability.endpoints import Endpoint, goes_through
from ocpprov.reachability.from_resources import endpoints_from, id_of, planned_network
from ocpprov.reachability.names import asked_zones
from ocpprov.reachability.names_from_resources import MADE_WITH, planned_zones, vpc_names
from ocpprov.reachability.network import Network, Place
from ocpprov.reachability.spans import addresses
from ocpprov.reachability.verdict import Verdict
from ocpprov.reachability.zones import Zone

ENDPOINT: Final = "AWS::EC2::VPCEndpoint"


def asked_rows(layout: Layout) -> frozenset[str]:
    """The requirements that flows of the plan's cluster belong to, whatever AWS has."""
    nothing = Network("")
    blind = Terrain(layout.section, nothing, places_in(layout, nothing, id_of), {}, {})
    listed = (endpoint_row(service.name) for service in services(layout))
    closed = [AIR_GAP] if is_closed(layout.section) else []
    balancing = ("LB-REACH", "LB-HEALTH") if layout.section.infra_id else ()
    bootstrap = ["SG-BOOTSTRAP"] if layout.section.bootstrap else []
    return frozenset({*(row.requirement for row in port_matrix(blind)), *listed, *closed, *balancing, *bootstrap})


def planned_terrain(layout: Layout, resources: Iterable[Resource]) -> Terrain:
    """That of a plan, before anything exists. `resources` are those of the whole plan, rules as resources of their own.
    Raises ValueError where the plan makes no VPC: then only AWS knows it."""
    known = list(resources)
    network = planned_network(known)
    places = places_in(layout, network, id_of)
    balancers = balancers_in(known, places[Party.CONTROL_PLANE])
    called = called_endpoints(layout, endpoints_from(known))
    policies = policy_verdicts(layout, network, places, called, KnownNames())
    zones = planned_zones(known, network.vpc_id)
    names = replace(vpc_names(known, network, zones, MADE_WITH), endpoints=answered_by(layout, called))
    rows = name_flows(layout, names, planned_names_of(layout, {each.logical_id: each for each in known}), called)
    needed = needed_services(layout, endpoints_from(known), network.vpc_id)
    return Terrain(
        layout.section,
        network,
        places,
        balancers,
        called,
        policies,
        names=rows,
        zones=asked_zones(names),
        needed=needed,
        silent=_silent(layout, id_of),
    )


def live_terrain(
    layout: Layout,
    network: Network,
    current: Mapping[str, Live],
    others: Iterable[Live] = (),
    account: str = "",
    zones: Sequence[Zone] | None = None,
) -> Terrain:
    """That of AWS, as far as it was read. `current` are the plan's own things by logical id, `others` what else there
    may be on its balancers: a listener of somebody else's serves, too, whoever is behind it. What isn't ready serves
    nobody. `account` is the cluster's, `zones` are the private ones of the VPC, None where they couldn't be read."""

    def live_id(value: Value) -> str:
        named = id_of(value)
        return current[named].id if named in current else named

    places = places_in(layout, network, live_id)
    logical_ids = {live.id: id for id, live in current.items()}
    every = (live for live in (*current.values(), *others) if live.state is not State.DELETING)
    lives = {(live.type, live.id): live for live in every}
    ready = {live.id for live in lives.values() if live.state is State.READY}
    as_resources = [Resource(live.id, live.type, live.properties) for live in lives.values()]
    strange = {id for _, id in lives if id not in logical_ids}
    balancers = balancers_in(as_resources, places[Party.CONTROL_PLANE], strange)
    found = endpoints_from(as_resources)
    endpoints = {
        id: (service, _live_endpoint(endpoint, lives[ENDPOINT, id], network))
        for id, (service, endpoint) in called_endpoints(layout, found).items()
    }
    own = {
        logical_ids[id]: replace(balancer, active=id in ready)
        for id, balancer in balancers.items()
        if id in logical_ids
    }
    policies = policy_verdicts(layout, network, places, endpoints, known_names(current, account))
    names = replace(vpc_names(as_resources, network, zones), endpoints=answered_by(layout, endpoints))
    rows = name_flows(layout, names, live_names_of(layout, as_resources, current), endpoints)
    return Terrain(
        layout.section,
        network,
        places,
        own,
        endpoints,
        policies,
        layout.region,
        names=rows,
        zones=asked_zones(names),
        needed=needed_services(layout, found, network.vpc_id),
        silent=_silent(layout, live_id),
    )


def _live_endpoint(endpoint: Endpoint, live: Live, network: Network) -> Endpoint:
    """As far as it was read: of a policy that wasn't nobody knows what it lets through."""
    return replace(
        endpoint,
        available=live.state is State.READY,
        prefix_list=prefix_list_of(network, live.id),
        policy=endpoint.policy if has_policy(live) else None,
    )


def _silent(layout: Layout, id_in: Callable[[Value], str]) -> frozenset[str]:
    """The public subnets of a plan that keeps to the documentation's network ACL."""
    is_silent = layout.section.network_acl == "documented"
    return frozenset(map(id_in, layout.public_subnets)) if is_silent else frozenset()


def balancers_in(
    resources: Sequence[Resource], targets: Sequence[Place], others: Collection[str] = ()
) -> dict[str, Balancer]:
    """Of both kinds, by id; a listener among `others` says that it is somebody else's."""
    found = {**balancers_from(resources, targets, others), **classic_balancers_from(resources, targets)}
    return {
        id: replace(balancer, listeners=tuple(_with_owner(each, others) for each in balancer.listeners))
        for id, balancer in found.items()
    }


def _with_owner(listener: Listener, others: Collection[str]) -> Listener:
    return replace(listener, id=f"{listener.id} (not of this plan)") if listener.id in others else listener


def policy_verdicts(
    layout: Layout,
    network: Network,
    places: Mapping[Party, Sequence[Place]],
    endpoints: Mapping[str, tuple[str, Endpoint]],
    names: KnownNames,
) -> dict[tuple[str, Party], Verdict]:
    """Whether each endpoint's policy lets through what the machines that go through it ask of its service."""
    return {
        (id, party): through_policy(
            endpoint.policy,
            list(calls_of(layout, service, party, names)),
            Gate(id, network.vpc_id, endpoint.type == "Gateway", names.account),
            places[party][0].span,
        )
        for id, (service, endpoint) in endpoints.items()
        for party in MACHINES
        if any(goes_through(network, place, endpoint) for place in places.get(party, ()))
    }


def has_policy(live: Live) -> bool:
    """AWS says what the policy is, also where it is the one that it gives by itself."""
    return "PolicyDocument" in live.properties


def known_names(current: Mapping[str, Live], account: str) -> KnownNames:
    """What AWS has made of the plan's bucket and roles, by logical id."""
    bucket = current.get(BUCKET)
    arns = {role.machine: current[role.role_id].attributes.get("Arn") for role in ROLES if role.role_id in current}
    roles = {machine: arn for machine, arn in arns.items() if isinstance(arn, str)}
    return KnownNames(account, bucket.id if bucket else "", roles)


def called_endpoints(layout: Layout, endpoints: Mapping[str, tuple[str, Endpoint]]) -> dict[str, tuple[str, Endpoint]]:
    """The endpoints of services that the plan lists, and of those that a closed cluster needs: others in the VPC are no
    matter of the cluster's."""
    listed = {(service.name, service.type) for service in services(layout)}
    called = {id: found for id, found in endpoints.items() if (found[0], found[1].type) in listed}
    return _by_name(layout, {**answers(layout, endpoints), **called})


def _by_name(layout: Layout, endpoints: Mapping[str, tuple[str, Endpoint]]) -> dict[str, tuple[str, Endpoint]]:
    """The same without interfaces that nobody gets to: where another one has the service's own name, and the plan wants
    it to be answered."""
    wanted = {service.name for service in services(layout) if has_own_name(layout, service)}
    named = {service for service, endpoint in endpoints.values() if endpoint.private_dns and service in wanted}
    return {
        id: (service, endpoint)
        for id, (service, endpoint) in endpoints.items()
        if endpoint.type == "Gateway" or endpoint.private_dns or service not in named
    }


def prefix_list_of(network: Network, endpoint: str) -> str:
    """The one that the gateway endpoint's routes have; empty for an interface, and where no table has such a route."""
    routes = (route for table in network.route_tables.values() for route in table.routes if route.target == endpoint)
    return next((route.prefix_list for route in routes), "")


def places_in(layout: Layout, network: Network, id_in: Callable[[Value], str]) -> Mapping[Party, Sequence[Place]]:
    """Machines are where the documentation puts them: the bootstrap machine in the public subnets, where there are
    any, unless its address says where it is. A subnet that isn't there has no places: its own row says that. A subnet
    of the VPC outside of the plan's networks is somebody else's, and no rule admits it. The groups come with the
    infraID: before, none is looked at."""

    def in_subnets(values: Iterable[Value], *groups: str) -> list[Place]:
        held = tuple(id_in(group) for group in groups) if layout.section.infra_id else None
        return [Place(network.subnets[id], held) for id in map(id_in, values) if id in network.subnets]

    machine_network = [
        Place(each)
        for each in network.subnets.values()
        if any(addresses(str(block)).holds(each.addresses) for block in layout.machine_networks)
    ]
    places = {
        Party.CONTROL_PLANE: in_subnets(layout.private_subnets, MASTER),
        Party.COMPUTE: in_subnets(layout.private_subnets, WORKER),
        Party.MACHINE_NETWORK: machine_network,
    }
    if layout.section.bootstrap:
        public = [replace(each, public=True) for each in in_subnets(layout.public_subnets, MASTER, BOOTSTRAP)]
        private = in_subnets(layout.private_subnets, MASTER, BOOTSTRAP)
        places[Party.BOOTSTRAP] = _at(layout.section.bootstrap_address, (*public, *private)) or public or private
        places[Party.BOOTSTRAP_CLIENTS] = list(_admitted(machine_network, layout.section.bootstrap_from))
    return {party: found for party, found in places.items() if found or party is not Party.BOOTSTRAP_CLIENTS}


def _at(address: str, places: Iterable[Place]) -> list[Place]:
    """The place of an address; none where none is given, and where it is somewhere else."""
    span = addresses(address) if address else None
    return [replace(each, addresses=span) for each in places if span and each.subnet.addresses.holds(span)]


def _admitted(places: Iterable[Place], block: IPv4Network | None) -> Iterator[Place]:
    """As much of each place as the plan's block has; all of them where it names none."""
    for place in places:
        if inside := place.span if block is None else addresses(str(block)).common(place.span):
            yield replace(place, addresses=inside)
