"""What only AWS knows and the expansion needs, asked before it: so that expanding stays pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network
from itertools import islice
from typing import Final, Literal, Protocol

from ocpprov.openshift.machines import Machine, Machines
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.services import names_vary
from ocpprov.plan.model import OpenShift, Plan
from ocpprov.plan.openshift_subnet_roles import CLUSTER_NODE, public_roles

ROUTER_SERVICE: Final = "openshift-ingress/router-default"
"""Value of the tag `kubernetes.io/service-name` on the load balancer that the cluster makes for its router."""

UNKNOWN_ZONE: Final = "Z0PLACEHOLDER"
"""In the place of a zone's id that isn't asked for."""


@dataclass(frozen=True)
class ExistingSubnet:
    """A subnet that the plan names by id. `public`: its route table (its own, else the VPC's main one) has a route to
    an internet gateway. `routed`: there is such a table. `route_table`: its id, empty where nobody asked. `owner`: the
    account that shares it with this one, empty for one of this account. `tags`: keys, as far as AWS shows them here.
    """

    id: str
    vpc_id: str
    zone: str
    cidr: str
    public: bool
    routed: bool = True
    route_table: str = ""
    owner: str = ""
    tags: frozenset[str] = frozenset()


class Admission(Protocol):
    """Whom an interface's security groups let in, where they are known: `openshift/endpoint_admission.py` has it, as
    most plans are expanded without one."""

    def shut_out(self, blocks: Sequence[IPv4Network]) -> list[IPv4Network]:
        """Those of the blocks that it certainly doesn't admit as a whole."""


@dataclass(frozen=True)
class ExistingEndpoint:
    """An endpoint in an existing VPC that this plan didn't make; interfaces only where their private DNS is on.

    `route_tables`: a gateway is reached from the subnets of these only. `groups`: an interface's security groups, and
    `admission` says whom they let in. `zones` are those that an interface stands in, by name;
    empty where that isn't known. `subnets` are those, by id.
    """

    id: str
    service: str
    type: Literal["Gateway", "Interface"]
    route_tables: Sequence[str] = ()
    groups: Sequence[str] = ()
    admission: Admission | None = None
    zones: frozenset[str] = frozenset()
    subnets: Sequence[str] = ()

    def not_in(self, zones: Iterable[str]) -> list[str]:
        """Those of the zones that an interface doesn't stand in, sorted."""
        return sorted(set(zones) - self.zones) if self.zones else []

    def shut_out(self, blocks: Sequence[IPv4Network]) -> list[IPv4Network]:
        """Those of the blocks that its groups certainly don't admit as a whole, whatever groups machines may wear."""
        return self.admission.shut_out(blocks) if self.admission else []


@dataclass(frozen=True)
class GivenBalancer:
    """A load balancer that the plan didn't make: its name in DNS, and the zone that an alias to it must name."""

    dns_name: str
    hosted_zone_id: str = ""


@dataclass(frozen=True)
class Facts:
    """What AWS was asked before expanding; `facts_needed` says which of it a plan needs.

    `zones`: zone names by index, from 0. `subnets`: existing ones by id. `network_owner`: the account that owns the
    existing VPC, empty where it is this one. `internet_gateway` and `endpoints`: what the
    existing VPC already has and this plan didn't make. `own_endpoints`: those in it that the plan made, the route
    tables of each by its logical id. `private_zones`: those that serve the VPC and hold names of services that the
    cluster calls; None where nobody may look, and `private_zones_closed` says why. `public_zone`: id of the
    base domain's public zone. `router`:
    the load balancer for `*.apps`, None while there is none. `instances`: instance ids by private address, those that
    exist. `service_names`: AWS's names of endpoint services by those that we would write, where they differ.
    `ignition`: bootstrap.ign lies in our bucket. `machines`: the cluster's, where the plan has them found.
    """

    zones: Mapping[int, str] = field(default_factory=dict)
    subnets: Mapping[str, ExistingSubnet] = field(default_factory=dict)
    network_owner: str = ""
    internet_gateway: str = ""
    endpoints: Sequence[ExistingEndpoint] = ()
    own_endpoints: Mapping[str, Sequence[str]] = field(default_factory=dict)
    private_zones: Sequence[PrivateZone] | None = ()
    private_zones_closed: str = ""
    public_zone: str = ""
    router: GivenBalancer | None = None
    instances: Mapping[str, str] = field(default_factory=dict)
    service_names: Mapping[str, str] = field(default_factory=dict)
    ignition: bool = False
    machines: Machines = field(default_factory=Machines)

    @property
    def known_instances(self) -> Mapping[str, str]:
        """Instance ids by private address, of machines that the plan names and of those that were found."""
        return {**self.instances, **self.machines.instances}

    def machine(self, address: str) -> Machine:
        """The machine with an address, its instance where it is known."""
        return Machine(address, self.known_instances.get(address, ""))


@dataclass(frozen=True)
class RouterNeeded:
    """Which load balancer `*.apps` points at: the one with this name in DNS, or (empty) the one with the tags
    `kubernetes.io/cluster/<infra_id>` = `owned` and `kubernetes.io/service-name` = ROUTER_SERVICE, of either kind. The
    plan says so itself, or (not `said`) it is what it doesn't say."""

    infra_id: str
    dns_name: str = ""
    said: bool = True


@dataclass(frozen=True)
class FactsNeeded:
    """What must be asked for a plan; empty where nothing is.

    `zones`: how many. `subnets`: ids. `existing_vpc`: the internet gateway and endpoints of `vpc_id` are asked for; an
    empty `vpc_id` means the VPC that the subnets lie in. `public_zone`: the domain to find a public zone for.
    `instances`: private addresses in that VPC, or in ours. `services`: words of endpoint services whose names can't be
    known. `machines`: the cluster's machines are to be found.
    """

    zones: int = 0
    subnets: Sequence[str] = ()
    existing_vpc: bool = False
    vpc_id: str = ""
    public_zone: str = ""
    router: RouterNeeded | None = None
    instances: Sequence[str] = ()
    services: Sequence[str] = ()
    machines: bool = False

    @property
    def nothing(self) -> bool:
        """Whether the plan can be expanded without asking AWS, which isn't asked for a record that it doesn't name."""
        router = self.router if self.router and self.router.said else None
        return replace(self, router=router) == FactsNeeded()


def facts_needed(plan: Plan) -> FactsNeeded:
    """What AWS must be asked before this plan can be expanded."""
    if not plan.openshift:
        return FactsNeeded()
    words = tuple(plan.openshift.endpoints) if names_vary(plan.region) else ()
    return replace(needed_by(plan.openshift), services=words)


def needed_by(section: OpenShift) -> FactsNeeded:
    """The same, for a section alone."""
    classic = section.infra_id and section.load_balancers == "classic"
    return FactsNeeded(
        zones=section.zones if isinstance(section.zones, int) and not section.subnets else 0,
        subnets=tuple(section.subnets),
        existing_vpc=bool(section.vpc_id or section.subnets),
        vpc_id=section.vpc_id,
        public_zone=section.base_domain if section.infra_id and section.public_zone == "auto" else "",
        router=_router(section),
        instances=target_addresses(section) if classic else (),
        machines=bool(section.infra_id) and (section.control_plane_auto or section.bootstrap_auto),
    )


def zones_needed(plan: Plan) -> int:
    """How many zones must be looked up; 0 where the plan names them."""
    return facts_needed(plan).zones


def target_addresses(section: OpenShift) -> tuple[str, ...]:
    """The machines behind the API's load balancers: the control plane's, and the bootstrap machine's while there is
    one."""
    bootstrap = (section.bootstrap_address,) if section.bootstrap and section.bootstrap_address else ()
    return (*section.control_plane_addresses, *bootstrap)


def with_found_machines(section: OpenShift, machines: Machines) -> OpenShift:
    """The section with the addresses of the machines that were found, where it says `auto`."""
    if section.control_plane_auto:
        addresses = tuple(machine.address for machine in machines.control_plane.values())
        section = replace(section, control_plane_addresses=addresses)
    if section.bootstrap_auto:
        section = replace(section, bootstrap_address=machines.bootstrap.address if machines.bootstrap else "")
    return section


def control_plane_machines(section: OpenShift, facts: Facts) -> list[Machine]:
    """The control plane's machines that a plan names or has found."""
    found = with_found_machines(section, facts.machines)
    return [facts.machine(address) for address in found.control_plane_addresses]


def bootstrap_machine(section: OpenShift, facts: Facts) -> Machine | None:
    """The bootstrap machine that a plan names or has found."""
    found = with_found_machines(section, facts.machines)
    return facts.machine(found.bootstrap_address) if found.bootstrap and found.bootstrap_address else None


def machine_subnets(section: OpenShift, subnets: Mapping[str, ExistingSubnet]) -> list[ExistingSubnet]:
    """Those of the existing subnets that the machines are in, in zone order: by their role, else the private ones."""
    named = sorted((subnets[each] for each in section.subnets if each in subnets), key=lambda subnet: subnet.zone)
    if section.subnet_roles:
        return [subnet for subnet in named if CLUSTER_NODE in section.subnet_roles.get(subnet.id, ())]
    return [subnet for subnet in named if not subnet.public]


def placeholder_facts(plan: Plan) -> Facts:
    """Facts for checks that don't ask AWS: a zone is the region with a letter, everything asked for exists."""
    return placeholders(plan.openshift, plan.region) if plan.openshift else Facts()


def placeholders(section: OpenShift, region: str) -> Facts:
    """The same, for a section alone."""
    needed = needed_by(section)
    return Facts(
        zones=dict(enumerate(_zone_names(section, region, needed.zones))),
        subnets=_subnets(section, region),
        public_zone=UNKNOWN_ZONE if needed.public_zone else "",
        router=GivenBalancer(needed.router.dns_name or "router.invalid", UNKNOWN_ZONE) if needed.router else None,
        instances={address: f"i-{number:017x}" for number, address in enumerate(needed.instances)},
        machines=_machines(section) if needed.machines else Machines(),
    )


def _zone_names(section: OpenShift, region: str, count: int) -> list[str]:
    """Those that the endpoints name, and letters for the rest."""
    named = section.endpoint_zones[:count]
    others = (f"{region}{letter}" for letter in "abc" if f"{region}{letter}" not in named)
    return sorted([*named, *islice(others, count - len(named))])


def _router(section: OpenShift) -> RouterNeeded | None:
    if not section.infra_id or section.apps_record == "none":
        return None
    said = not section.positions or "openshift.appsRecord" in section.positions
    return RouterNeeded(section.infra_id, "" if section.apps_record == "auto" else section.apps_record, said)


def _machines(section: OpenShift) -> Machines:
    """One of each, with addresses of the machine network, so that what they bring with them is there."""
    network = section.machine_network
    return Machines({0: Machine(str(network[4]))}, Machine(str(network[5])))


def _subnets(section: OpenShift, region: str) -> dict[str, ExistingSubnet]:
    """By their roles; without any, with `publish: External` the first half counts as public, as far as the endpoints'
    zones leave it: somewhere a plan needs both sides. Private ones are in those zones."""
    named = section.endpoint_zones
    half = max(0, min(len(section.subnets) // 2, len(section.subnets) - len(named)))
    public = section.subnets[:half] if section.publish == "External" else ()
    if section.subnet_roles:
        wanted = set(public_roles(section))
        public = [subnet for subnet in section.subnets if wanted & section.subnet_roles.get(subnet, frozenset())]
    vpc = section.vpc_id or f"vpc-{0:017x}"
    zones = {subnet: f"{region}-{index}" for index, subnet in enumerate(section.subnets)}
    zones |= dict(zip((each for each in section.subnets if each not in public), named, strict=False))
    return {
        subnet: ExistingSubnet(subnet, vpc, zone, str(section.machine_network), subnet in public)
        for subnet, zone in zones.items()
    }
