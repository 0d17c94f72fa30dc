"""A network that somebody else made, as openshift-install validates it (pkg/asset/installconfig/aws/validation.go,
subnet.go and route53.go; the documentation's "Requirements for using your VPC")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from itertools import groupby
from typing import Final

from ocpprov.checks.dhcp_options import DhcpTold, dhcp_options
from ocpprov.checks.existing_hosted_zones import ExistingZone, private_zone
from ocpprov.checks.result import Check, failed, passed, warned
from ocpprov.checks.shared_network import shared_network
from ocpprov.checks.subnet_acls import ClusterPlaces, subnet_acls
from ocpprov.engine.ownership import SHARED
from ocpprov.engine.suggestion import command_line
from ocpprov.openshift.aws_facts import ExistingEndpoint, ExistingSubnet, Facts, machine_subnets
from ocpprov.openshift.services import service_of
from ocpprov.plan.model import OpenShift
from ocpprov.plan.openshift_address_rules import is_kept, machine_addresses
from ocpprov.plan.openshift_subnet_roles import EXTERNAL_API, with_role
from ocpprov.reachability.network import Network
from ocpprov.reachability.spans import EVERYWHERE, Span, addresses

_MOST_TAGS: Final = 50
"""That aren't AWS's own: those don't count."""
_TAGS_TO_AVOID: Final = ("Name", "openshift.io/cluster")


@dataclass(frozen=True)
class ExistingNetwork:
    """What AWS has of the network that a plan names. `subnets` are those it names and that exist, `others` the ids of
    the VPC's further subnets without a tag `kubernetes.io/cluster/…`. `blocks` are the VPC's, its primary one first.
    `zone` is None where the plan names none, or there is none of that id; `twins` are private zones of the cluster's
    name that serve the VPC and aren't the plan's. `dhcp` is what its machines are told. `endpoints` are those
    that the plan didn't make, of services that the cluster calls. `plan` is the plan's name,
    `region` where it is. `owner` is the account that shares the network with this one, empty where it is this one's
    own. `edge_zones` are the types of the region's zones that aren't availability zones, by name. `paths` are the VPC's
    subnets with their ACLs, `s3_blocks` the addresses of S3's gateway, none where they aren't known.
    `planned` are the zones of the subnets that the plan itself makes for the machines, by their names in `paths`: empty
    ones where only AWS knows them."""

    vpc_id: str
    exists: bool = True
    blocks: Sequence[IPv4Network] = ()
    dns_support: bool = True
    dns_hostnames: bool = True
    vpc_tags: Mapping[str, str] = field(default_factory=dict)
    subnets: Mapping[str, ExistingSubnet] = field(default_factory=dict)
    subnet_tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    others: Sequence[str] = ()
    zone: ExistingZone | None = None
    twins: Sequence[str] = ()
    dhcp: DhcpTold = field(default_factory=DhcpTold)
    endpoints: Sequence[ExistingEndpoint] = ()
    plan: str = ""
    region: str = ""
    owner: str = ""
    edge_zones: Mapping[str, str] = field(default_factory=dict)
    paths: Network = field(default_factory=lambda: Network(""))
    s3_blocks: Sequence[Span] = ()
    planned: Mapping[str, str] = field(default_factory=dict)

    def owners(self, remedy: str) -> str:
        """A remedy, with who has to do it where the network is another account's."""
        return f"account {self.owner} has to do it: {remedy}" if self.owner else remedy


_EC2: Final = ("aws", "ec2")


def existing_network(section: OpenShift, network: ExistingNetwork) -> Iterator[Check]:
    """What is wrong with the network, or a word that it is well."""
    found = list(_problems(section, network))
    yield from found
    if not found:
        yield passed(
            "existing-network", f"{network.vpc_id} and its {len(network.subnets)} subnets suit openshift-install"
        )


def _problems(section: OpenShift, network: ExistingNetwork) -> Iterator[Check]:
    if not network.exists:
        yield failed("vpc-exists", f"there is no VPC {network.vpc_id}", "correct openshift.vpcID, region or account")
        return
    facts = Facts(subnets=network.subnets, network_owner=network.owner, endpoints=network.endpoints)
    yield from shared_network(section, network.region, facts)
    yield from _vpc(section, network)
    yield from _subnets(section, network)
    yield from _endpoints(network)
    yield from subnet_acls(section, _places(section, network), network.paths, network.region)
    yield from private_zone(section, network.vpc_id, network.region, network.zone, network.twins)


def _vpc(section: OpenShift, network: ExistingNetwork) -> Iterator[Check]:
    vpc = network.vpc_id
    for name, on in (("enableDnsSupport", network.dns_support), ("enableDnsHostnames", network.dns_hostnames)):
        if not on:
            option = (f"--{_option(name)}", '{"Value":true}')
            remedy = command_line(*_EC2, "modify-vpc-attribute", "--region", network.region, "--vpc-id", vpc, *option)
            detail = f"{vpc} has {name} off, so private names and endpoints aren't resolved"
            yield failed("vpc-dns", detail, network.owners(remedy))
    for machine in (
        each for each in section.machine_networks if not any(each.subnet_of(block) for block in network.blocks)
    ):
        blocks = ", ".join(map(str, network.blocks))
        remedy = "set openshift.machineNetwork to a block inside the VPC's"
        yield failed("vpc-contains-machine-network", f"{vpc} has {blocks}, not {machine}", remedy)
    if owned := _owned(network.vpc_tags):
        detail = f"{vpc} has the tag {owned[0]}: owned, so destroying that cluster deletes the VPC"
        yield failed("vpc-owned", detail, "use a VPC that no cluster owns, or change the tag to shared")
    unwanted = [key for key in _TAGS_TO_AVOID if key in network.vpc_tags]
    if unwanted:
        where = ("--region", network.region, "--resources", vpc, "--tags", *(f"Key={key}" for key in unwanted))
        detail = f"{vpc} has the tags {', '.join(unwanted)}, which the documentation wants a cluster's VPC not to have"
        remedy = f"if nobody needs them: {command_line(*_EC2, 'delete-tags', *where)}"
        yield warned("vpc-tags", detail, network.owners(remedy))
    yield from dhcp_options(vpc, network.dhcp, network.blocks)
    if network.others:
        detail = f"{', '.join(network.others)} in {vpc} have no kubernetes.io/cluster tag: balancers may be put there"
        yield warned("vpc-other-subnets", detail, network.owners("tag them kubernetes.io/cluster/unmanaged: true"))


def _places(section: OpenShift, network: ExistingNetwork) -> ClusterPlaces:
    """Where the cluster's traffic begins and ends in the network."""
    machines = {each.id: each.zone for each in machine_subnets(section, network.subnets)} or network.planned
    public = [each.id for each in network.subnets.values() if each.public] if section.publish == "External" else []
    services = {word: service_of(word, network.region) for word in section.endpoints}
    wanted = [section.endpoint_settings.get(word) for word, each in services.items() if each.type == "Interface"]
    everywhere = any(each is None or each.zones is None for each in wanted)
    own = [id for id, zone in machines.items() if everywhere or zone in section.endpoint_zones] if wanted else []
    others = [subnet for each in network.endpoints if each.type == "Interface" for subnet in each.subnets]
    closed = section.egress == "none"
    gateway = closed and any(each.type == "Gateway" for each in services.values())
    return ClusterPlaces(
        machines=list(machines),
        public=with_role(section, EXTERNAL_API) if section.subnet_roles else public,
        endpoints=list(dict.fromkeys([*own, *others])),
        services=(network.s3_blocks or [EVERYWHERE]) if gateway or not closed else (),
        # Of those with IPv6 addresses no entry that is looked at is about.
        name_servers=[addresses(each) for each in network.dhcp.other_servers(network.blocks) if ":" not in each],
    )


def _owned(tags: Mapping[str, str]) -> list[str]:
    """The keys by which clusters own something: it goes when one of them is destroyed."""
    return [key for key, value in tags.items() if key.startswith("kubernetes.io/cluster/") and value == "owned"]


def _option(attribute: str) -> str:
    return {"enableDnsSupport": "enable-dns-support", "enableDnsHostnames": "enable-dns-hostnames"}[attribute]


def _subnets(section: OpenShift, network: ExistingNetwork) -> Iterator[Check]:
    if not section.subnets:
        return
    known = [network.subnets[each] for each in section.subnets if each in network.subnets]
    for missing in (each for each in section.subnets if each not in network.subnets):
        yield failed("subnet-exists", f"there is no subnet {missing}", "correct openshift.subnets, region or account")
    for subnet in known:
        yield from _subnet(section, network, subnet)
    yield from _sides(section, known)
    yield from _addresses(section, [IPv4Network(subnet.cidr) for subnet in known])


def _subnet(section: OpenShift, network: ExistingNetwork, subnet: ExistingSubnet) -> Iterator[Check]:
    if subnet.vpc_id != network.vpc_id:
        detail = f"{subnet.id} is in {subnet.vpc_id}, others are in {network.vpc_id}"
        yield failed("subnets-one-vpc", detail, "name subnets of one VPC")
    machine, block = " and ".join(map(str, section.machine_networks)), IPv4Network(subnet.cidr)
    if not any(block.network_address in each for each in section.machine_networks):
        detail = f"{subnet.id} ({subnet.cidr}) is outside the machine network {machine}"
        remedy = "set openshift.machineNetwork to a block that holds it, or add that block to a list"
        yield failed("subnet-in-machine-network", detail, remedy)
    elif not any(block.subnet_of(each) for each in section.machine_networks):
        detail = f"{subnet.id} ({subnet.cidr}) begins in the machine network {machine} and ends outside"
        remedy = "set openshift.machineNetwork to a block that holds it whole: its groups' rules are about that block"
        yield warned("subnet-in-machine-network", detail, remedy)
    if not subnet.routed:
        remedy = "associate a route table with it: openshift-install can't tell whether it is public"
        yield failed("subnet-route-table", f"{subnet.id} has no route table, nor has its VPC a main one", remedy)
    if kind := network.edge_zones.get(subnet.zone):
        detail = f"{subnet.id} is in {subnet.zone}, a {kind}: neither the control plane nor its load balancers go there"
        yield failed("subnet-zone-type", detail, "name subnets in availability zones")
    present = network.subnet_tags.get(subnet.id, {})
    if owned := _owned(present):
        detail = f"{subnet.id} has the tag {owned[0]}: owned, so destroying that cluster deletes it"
        yield failed("subnet-owned", detail, "use subnets that no cluster owns, or change the tag to shared")
    if not subnet.owner:
        yield from _room_for_tags(section, network, subnet, present)


def _room_for_tags(
    section: OpenShift, network: ExistingNetwork, subnet: ExistingSubnet, present: Mapping[str, str]
) -> Iterator[Check]:
    keys = {
        f"kubernetes.io/cluster/{section.infra_id or 'infraID'}",
        *([f"{SHARED}{network.plan}"] if section.infra_id else ()),
    }
    counted = sum(not key.startswith("aws:") for key in present)
    missing, room = sorted(keys - set(present)), _MOST_TAGS - counted
    if len(missing) > room:
        detail = f"{subnet.id} has {counted} tags of {_MOST_TAGS}, and {', '.join(missing)} are to be added"
        yield failed("subnet-tags", detail, f"remove {len(missing) - room} of them")


def _endpoints(network: ExistingNetwork) -> Iterator[Check]:
    """Interfaces that answer under a service's own name in the whole VPC: another one can't be made beside."""
    zones = {subnet.zone for subnet in network.subnets.values() if not subnet.public}
    for endpoint in (each for each in network.endpoints if each.type == "Interface"):
        if far := ", ".join(endpoint.not_in(zones)):
            detail = f"{endpoint.id} ({endpoint.service}) isn't in {far}: machines there reach it across zones"
            where = ("--region", network.region, "--vpc-endpoint-id", endpoint.id, "--add-subnet-ids", "SUBNET")
            command = command_line(*_EC2, "modify-vpc-endpoint", *where)
            yield warned("endpoint-zones", detail, f"where AWS offers it there, give it a subnet: {command}")


def _addresses(section: OpenShift, blocks: Sequence[IPv4Network]) -> Iterator[Check]:
    """Machines' addresses in these subnets: elsewhere in the VPC there may be others."""
    for path, address in machine_addresses(section).items():
        around = next((block for block in blocks if is_kept(IPv4Address(address), block)), None)
        if around is not None:
            detail = f"openshift.{path}: AWS reserves {address}: the first four and the last of {around}"
            yield failed("machine-address", detail, "give the machine's own address")


def _sides(section: OpenShift, subnets: Sequence[ExistingSubnet]) -> Iterator[Check]:
    public = [subnet for subnet in subnets if subnet.public]
    private = [subnet for subnet in subnets if not subnet.public]
    if subnets and not private:
        remedy = "name a subnet whose route table has no route to an internet gateway"
        yield failed("subnets-private", "none of openshift.subnets is private", remedy)
    bare = sorted({subnet.zone for subnet in private} - {subnet.zone for subnet in public})
    if section.publish == "External" and bare:
        remedy = "name a public subnet (route to an internet gateway) in each of them, or set publish: Internal"
        yield failed("subnets-public", f"there is no public subnet in {', '.join(bare)}: {_tables(private)}", remedy)
    for side, group in (("public", public), ("private", private)):
        yield from _twice(side, group)
    if section.publish == "Internal" and public:
        detail = f"{', '.join(subnet.id for subnet in public)} are public, and publish: Internal needs none"
        yield warned("subnets-public", detail, "leave them out of openshift.subnets")


def _tables(private: Sequence[ExistingSubnet]) -> str:
    """What makes them private."""
    by_table = groupby(sorted(private, key=lambda each: each.route_table), key=lambda each: each.route_table)
    named = [f"{table or 'the table'} of {', '.join(each.id for each in group)}" for table, group in by_table]
    return f"{'; '.join(named)} has no route to an internet gateway"


def _twice(side: str, subnets: Sequence[ExistingSubnet]) -> Iterator[Check]:
    for zone, group in groupby(sorted(subnets, key=lambda each: each.zone), key=lambda each: each.zone):
        ids = [subnet.id for subnet in group]
        if len(ids) > 1:
            detail = f"{', '.join(ids)} are all {side} and in {zone}"
            yield failed("subnets-one-per-zone", detail, f"name one {side} subnet in each zone")
