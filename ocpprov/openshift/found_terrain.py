"""Where the flows of a found cluster go: through what AWS has of its VPC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Literal

from ocpprov.engine.resources import Live, Resource, State
from ocpprov.openshift.aws_facts import Facts
from ocpprov.openshift.cluster_access import services_called
from ocpprov.openshift.found_cluster import FoundCluster
from ocpprov.openshift.found_marks import Machine
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.load_balancers import EXTERNAL, INTERNAL
from ocpprov.openshift.machine_flows import Party
from ocpprov.openshift.service_calls import KnownNames
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.terrain_building import policy_verdicts, prefix_list_of
from ocpprov.openshift.vpc_survey import (
    BALANCER,
    DHCP_OPTIONS,
    ENDPOINT,
    LISTENER,
    SECURITY_GROUP,
    TARGET_GROUP,
    VpcSurvey,
)
from ocpprov.plan.model import DhcpOptions, OpenShift
from ocpprov.reachability.balancers import Balancer
from ocpprov.reachability.balancers_from_resources import balancers_from
from ocpprov.reachability.endpoints import Endpoint
from ocpprov.reachability.from_resources import endpoints_from
from ocpprov.reachability.network import Network, Place, Via
from ocpprov.reachability.placeholder_addresses import INTERNET
from ocpprov.reachability.routes import ways
from ocpprov.reachability.spans import blocks


def found_terrain(survey: VpcSurvey, cluster: FoundCluster) -> Terrain:
    """Machines are in the private subnets, the bootstrap machine in the public ones where there are any. Groups that
    nobody may read stand as such; where nothing says which they are, their rows say so, and the rest is judged without
    them."""
    places = _places(survey, cluster)
    section = found_section(survey, cluster)
    balancers = _balancers(survey, cluster, places[Party.CONTROL_PLANE])
    endpoints = _endpoints(survey, section)
    layout = Layout(section, survey.region, Facts(), (), survey.vpc.id, (), (), ())
    names = KnownNames(survey.account, cluster.buckets.one)
    policies = policy_verdicts(layout, survey.network, places, endpoints, names)
    return Terrain(section, survey.network, places, balancers, endpoints, policies, survey.region)


def found_section(survey: VpcSurvey, cluster: FoundCluster) -> OpenShift:
    """What a plan of this cluster would say, as far as flows depend on it."""
    first, *more = [IPv4Network(block) for span in survey.network.blocks for block in blocks(span).split(", ")]
    way_out: Literal["nat", "none"] = "nat" if has_way_out(survey, cluster) else "none"
    return OpenShift(
        cluster.name,
        cluster.base_domain,
        infra_id=cluster.infra_id,
        publish="External" if is_external(cluster) else "Internal",
        machine_network=first,
        more_machine_networks=more,
        vpc_id=survey.vpc.id,
        egress=way_out,
        endpoints=(),
        dhcp_options=_told(survey),
    )


def _told(survey: VpcSurvey) -> DhcpOptions | None:
    for options in survey.of(DHCP_OPTIONS):
        known: Any = options.properties
        servers = [each for each in known.get("DomainNameServers", ()) if ":" not in each]
        times = [each for each in known.get("NtpServers", ()) if ":" not in each]
        return DhcpOptions(str(known.get("DomainName", "")), servers, times)
    return None


def is_external(cluster: FoundCluster) -> bool:
    """Whether the world is to reach the API: there is a balancer for it."""
    return bool(cluster.external.ids)


def has_way_out(survey: VpcSurvey, cluster: FoundCluster) -> bool:
    """Whether the machines are meant to reach the internet: a route of theirs leads there by whatever way, or NAT
    gateways stand there for it."""
    network = survey.network
    leads = any(_leads_out(network, id) for id in cluster.subnets.machines)
    nats = any(nat.public and nat.subnet in cluster.subnets.public for nat in network.nat_gateways.values())
    return leads or nats


def unread_tables(survey: VpcSurvey, cluster: FoundCluster) -> Sequence[str]:
    """The route tables of the machines' subnets that nobody may read: a way out may be in them."""
    network = survey.network
    named = dict.fromkeys(network.subnets[id].route_table for id in cluster.subnets.machines)
    return [id for id in named if id not in network.route_tables]


def _leads_out(network: Network, subnet_id: str) -> bool:
    table = network.route_tables.get(network.subnets[subnet_id].route_table)
    if table is None:
        return False
    return any(way.route and way.route.via is not Via.LOCAL for way in ways(network, table, INTERNET))


def _places(survey: VpcSurvey, cluster: FoundCluster) -> Mapping[Party, Sequence[Place]]:
    def worn(*machines: Machine) -> tuple[str, ...] | None:
        if SECURITY_GROUP in survey.unread:
            return tuple(f"{machine.whose} security group" for machine in machines)
        known = [cluster.groups[machine].certain for machine in machines]
        return tuple(dict.fromkeys(id for ids in known for id in ids)) if all(known) else None

    def in_subnets(ids: Iterable[str], groups: tuple[str, ...] | None) -> list[Place]:
        return [Place(survey.network.subnets[id], groups, public=survey.subnets[id].public_addresses) for id in ids]

    subnets = cluster.subnets
    places = {
        Party.CONTROL_PLANE: in_subnets(subnets.machines, worn(Machine.CONTROL_PLANE)),
        Party.COMPUTE: in_subnets(subnets.machines, worn(Machine.COMPUTE)),
        Party.MACHINE_NETWORK: in_subnets(subnets.all, None),
    }
    if cluster.groups[Machine.BOOTSTRAP].ids:
        placed = in_subnets(subnets.public or subnets.private, worn(Machine.CONTROL_PLANE, Machine.BOOTSTRAP))
        # Template 04_cluster_bootstrap.yaml gives the machine a public address there.
        places[Party.BOOTSTRAP] = [replace(each, public=bool(subnets.public)) for each in placed]
    return places


def _balancers(survey: VpcSurvey, cluster: FoundCluster, targets: Sequence[Place]) -> Mapping[str, Balancer]:
    if survey.unread_of(BALANCER, LISTENER):
        return {}
    lives = [*survey.of(BALANCER), *survey.of(LISTENER), *survey.of(TARGET_GROUP)]
    known = balancers_from(_as_resources(lives), targets)
    ready = {live.id for live in lives if live.state is State.READY}
    return {
        name: replace(known[candidates.one], active=candidates.one in ready)
        for name, candidates in ((INTERNAL, cluster.internal), (EXTERNAL, cluster.external))
        if candidates.one in known
    }


def _endpoints(survey: VpcSurvey, section: OpenShift) -> Mapping[str, tuple[str, Endpoint]]:
    """Those of services that a cluster calls, where the services' own names lead to them."""
    called = {service.name for service in services_called(section, survey.region)}
    lives = {live.id: live for live in survey.of(ENDPOINT) if live.state is not State.DELETING}
    found = endpoints_from(_as_resources(lives.values()))
    return {
        id: (
            service,
            replace(
                endpoint,
                available=lives[id].state is State.READY,
                prefix_list=prefix_list_of(survey.network, id),
                policy=endpoint.policy if "PolicyDocument" in lives[id].properties else None,
            ),
        )
        for id, (service, endpoint) in found.items()
        if service in called and answers_for_service(lives[id])
    }


def answers_for_service(endpoint: Live) -> bool:
    """Whether whoever asks for the service by its name comes to the endpoint."""
    gateway = endpoint.properties.get("VpcEndpointType", "Gateway") == "Gateway"
    return gateway or bool(endpoint.properties.get("PrivateDnsEnabled"))


def _as_resources(lives: Iterable[Live]) -> list[Resource]:
    return [Resource(live.id, live.type, live.properties) for live in lives]
