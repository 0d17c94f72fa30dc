"""Where the cluster lies: the VPC, subnets and route tables that everything else refers to, ours or existing ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from ocpprov.aws.partitions import Partition, partition_of
from ocpprov.engine.values import Ref, Value
from ocpprov.openshift.aws_facts import (
    ExistingEndpoint,
    ExistingSubnet,
    Facts,
    machine_subnets,
    with_found_machines,
)
from ocpprov.openshift.naming import PRIVATE_SUBNET, PUBLIC_SUBNET, Zone, id_label
from ocpprov.openshift.private_zones import zone_for
from ocpprov.plan.model import OpenShift
from ocpprov.plan.openshift_subnet_roles import (
    CLUSTER_NODE,
    EDGE_NODE,
    EXTERNAL_API,
    INTERNAL_API,
    public_roles,
    with_role,
)


@dataclass(frozen=True)
class RouteTable:
    """A route table that gets routes; `label` tells it apart in logical ids."""

    label: str
    id: Value


@dataclass(frozen=True)
class Layout:
    """A section with the places of its network: references to what the plan makes, ids of what it names.

    `zones` are those in which the plan makes subnets: none where the subnets exist. `private_tables` get routes to
    other networks. `internet_gateway` is an existing one, empty where the plan makes its own.
    """

    section: OpenShift
    region: str
    facts: Facts
    zones: Sequence[Zone]
    vpc: Value
    public_subnets: Sequence[Value]
    private_subnets: Sequence[Value]
    private_tables: Sequence[RouteTable]
    internet_gateway: str = ""

    @property
    def partition(self) -> Partition:
        return partition_of(self.region)

    @property
    def makes_vpc(self) -> bool:
        return self.vpc == Ref("VPC")

    @property
    def machine_networks(self) -> Sequence[IPv4Network]:
        """Every block of the VPC that the plan knows of."""
        return self.section.networks

    @property
    def internal_balancer_subnets(self) -> Sequence[Value]:
        """Those of the API's balancer for the machines: by their role, else the private ones."""
        return self._in_zone_order(INTERNAL_API) if self.section.subnet_roles else self.private_subnets

    @property
    def external_balancer_subnets(self) -> Sequence[Value]:
        """Those of the API's balancer for the world: by their role, else the public ones."""
        return self._in_zone_order(EXTERNAL_API) if self.section.subnet_roles else self.public_subnets

    def _in_zone_order(self, role: str) -> Sequence[Value]:
        found = [self.facts.subnets[each] for each in with_role(self.section, role)]
        return [subnet.id for subnet in sorted(found, key=lambda subnet: subnet.zone)]

    @property
    def machine_tables(self) -> Sequence[Value]:
        """The route tables of the machines' subnets: those that AWS says, else those that the plan makes or names."""
        told = [subnet.route_table for subnet in machine_subnets(self.section, self.facts.subnets)]
        return list(dict.fromkeys(told)) if told and all(told) else [table.id for table in self.private_tables]

    @property
    def machine_zones(self) -> Sequence[str]:
        """The zones of the machines' subnets, by name."""
        named = machine_subnets(self.section, self.facts.subnets)
        return [subnet.zone for subnet in named] or [zone.name for zone in self.zones]

    def is_answered(self, host: str) -> bool:
        """Whether a private zone has a service's name: its own, beside which AWS makes no endpoint with private DNS, or
        one with an address in it."""
        zone = zone_for(host, self.facts.private_zones or ()) if host else None
        return zone is not None and (zone.name == host or bool(zone.answers(host)))

    def existing_endpoints(self, service: str, kind: str) -> Sequence[ExistingEndpoint]:
        """Other people's endpoints of this service in the VPC: one interface at most, any number of gateways."""
        return [each for each in self.facts.endpoints if (each.service, each.type) == (service, kind)]


def layout_of(section: OpenShift, region: str, facts: Facts) -> Layout:
    """The layout. Raises ValueError where the facts lack something, or the existing network doesn't fit the plan."""
    _leave_others_alone(section)
    section = with_found_machines(section, facts.machines)
    return _existing(section, region, facts) if section.subnets else _own(section, region, facts)


def _own(section: OpenShift, region: str, facts: Facts) -> Layout:
    zones = _zones(section, facts)
    tables = [RouteTable(zone.named(""), Ref(zone.named("PrivateRouteTable"))) for zone in zones]
    return Layout(
        section,
        region,
        facts,
        zones,
        vpc=section.vpc_id or Ref("VPC"),
        public_subnets=[Ref(zone.named(PUBLIC_SUBNET)) for zone in zones] if section.public_subnets else [],
        private_subnets=[Ref(zone.named(PRIVATE_SUBNET)) for zone in zones],
        private_tables=[*tables, *_named_tables(section)],
        internet_gateway=facts.internet_gateway if section.vpc_id else "",
    )


def _existing(section: OpenShift, region: str, facts: Facts) -> Layout:
    subnets = _known_subnets(section, facts)
    public = [subnet for subnet in subnets if subnet.public]
    private = machine_subnets(section, {subnet.id: subnet for subnet in subnets})
    if section.subnet_roles:
        _check_roles(section, subnets)
    else:
        _check_side("private", private)
        if section.publish == "External":
            _check_side("public", public)
    return Layout(
        section,
        region,
        facts,
        zones=(),
        vpc=_vpc_of(section, subnets),
        public_subnets=[subnet.id for subnet in public],
        private_subnets=[subnet.id for subnet in private],
        private_tables=_named_tables(section),
    )


def _zones(section: OpenShift, facts: Facts) -> list[Zone]:
    if not isinstance(section.zones, int):
        return [Zone(index, name) for index, name in enumerate(section.zones)]
    missing = [index for index in range(section.zones) if index not in facts.zones]
    if missing:
        raise ValueError(f"{section.zones} zones are asked for, but none is known for {missing}")
    return [Zone(index, facts.zones[index]) for index in range(section.zones)]


def _named_tables(section: OpenShift) -> list[RouteTable]:
    return [RouteTable(id_label(table), table) for table in section.route_tables]


def _known_subnets(section: OpenShift, facts: Facts) -> list[ExistingSubnet]:
    """The subnets that the plan names, in zone order."""
    missing = [subnet for subnet in section.subnets if subnet not in facts.subnets]
    if missing:
        raise ValueError(f"there is no subnet {', '.join(missing)}")
    subnets = [facts.subnets[subnet] for subnet in section.subnets]
    for subnet in subnets:
        if not any(IPv4Network(subnet.cidr).network_address in network for network in section.machine_networks):
            machine = " and ".join(map(str, section.machine_networks))
            why = f"{subnet.id} ({subnet.cidr}) is outside the machine network {machine}"
            raise ValueError(f"{why}: add a block that holds it to openshift.machineNetwork, which may be a list")
    return sorted(subnets, key=lambda subnet: subnet.zone)


def _vpc_of(section: OpenShift, subnets: Sequence[ExistingSubnet]) -> str:
    vpcs = {subnet.vpc_id for subnet in subnets} | ({section.vpc_id} if section.vpc_id else set())
    if len(vpcs) > 1:
        raise ValueError(f"the subnets and the VPC must belong together, but there are {', '.join(sorted(vpcs))}")
    return vpcs.pop()


def _check_side(side: str, subnets: Sequence[ExistingSubnet]) -> None:
    """A load balancer takes one subnet in each zone, as the installer does (validation of its own subnets)."""
    if not subnets:
        raise ValueError(f"none of openshift.subnets is {side}: a public one has a route to an internet gateway")
    zones = [subnet.zone for subnet in subnets]
    twice = sorted({zone for zone in zones if zones.count(zone) > 1})
    if twice:
        raise ValueError(f"more than one {side} subnet in {', '.join(twice)}: one in each zone is wanted")


def _check_roles(section: OpenShift, subnets: Sequence[ExistingSubnet]) -> None:
    """What a subnet is has to be what its roles want, and of each role one in each zone (the installer,
    pkg/asset/installconfig/aws)."""
    for subnet in subnets:
        roles = section.subnet_roles.get(subnet.id, frozenset()) - {EDGE_NODE}
        for role in sorted(roles):
            if subnet.public == (role in public_roles(section)):
                continue
            why = "is public: it has a route" if subnet.public else "is private: it has no route"
            raise ValueError(f"{subnet.id} has the role {role}, and {why} to an internet gateway")
    for role in (CLUSTER_NODE, INTERNAL_API, EXTERNAL_API):
        zones = [subnet.zone for subnet in subnets if role in section.subnet_roles.get(subnet.id, ())]
        if twice := sorted({zone for zone in zones if zones.count(zone) > 1}):
            raise ValueError(f"more than one {role} subnet in {', '.join(twice)}: one in each zone is wanted")


def _leave_others_alone(section: OpenShift) -> None:
    """What would change a VPC or subnets that aren't the plan's own is refused."""
    if section.vpc_id or section.subnets:
        if section.dhcp_options:
            raise ValueError("openshift.dhcpOptions would change a VPC that is not the plan's own")
        if section.secondary_networks:
            raise ValueError("openshift.secondaryNetworks would change a VPC that is not the plan's own")
    if section.subnets and section.network_acl != "vpc-default":
        raise ValueError("openshift.networkAcl would change subnets that are not the plan's own")
