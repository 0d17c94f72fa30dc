"""A network that somebody else made, as openshift-install validates it (pkg/asset/installconfig/aws/validation.go,
subnet.go and route53.go; the documentation's "Requirements for using your VPC")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import groupby
from typing import Final

from ocpprov.checks.result import Check, failed, passed, warned
from ocpprov.openshift.facts import ExistingSubnet
from ocpprov.plan.model import OpenShift

_MOST_TAGS: Final = 50


@dataclass(frozen=True)
class ExistingZone:
    """A private zone that the plan names: its name without the last dot, the VPCs it serves, its records' names."""

    id: str
    name: str
    vpcs: frozenset[str]
    records: Sequence[str] = ()


@dataclass(frozen=True)
class ExistingNetwork:
    """What AWS has of the network that a plan names. `subnets` are those it names and that exist, `others` the ids of
    the VPC's further subnets without a tag `kubernetes.io/cluster/…`. `blocks` are the VPC's. `zone` is None where the
    plan names none, or there is none of that id."""

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
    yield from _vpc(section, network)
    yield from _subnets(section, network)
    if section.hosted_zone not in ("create", "none"):
        yield from _zone(section, network)


def _vpc(section: OpenShift, network: ExistingNetwork) -> Iterator[Check]:
    vpc, machine = network.vpc_id, section.machine_network
    for name, on in (("enableDnsSupport", network.dns_support), ("enableDnsHostnames", network.dns_hostnames)):
        if not on:
            remedy = f"aws ec2 modify-vpc-attribute --vpc-id {vpc} --{_option(name)} '{{\"Value\":true}}'"
            yield failed("vpc-dns", f"{vpc} has {name} off, so private names and endpoints aren't resolved", remedy)
    if not any(machine.subnet_of(block) for block in network.blocks):
        blocks = ", ".join(map(str, network.blocks))
        remedy = "set openshift.machineNetwork to a block inside the VPC's"
        yield failed("vpc-contains-machine-network", f"{vpc} has {blocks}, not {machine}", remedy)
    owned = [
        key for key, value in network.vpc_tags.items() if key.startswith("kubernetes.io/cluster/") and value == "owned"
    ]
    if owned:
        detail = f"{vpc} has the tag {owned[0]}: owned, so destroying that cluster deletes the VPC"
        yield failed("vpc-owned", detail, "use a VPC that no cluster owns, or change the tag to shared")
    if network.others:
        detail = f"{', '.join(network.others)} in {vpc} have no kubernetes.io/cluster tag: balancers may be put there"
        yield warned("vpc-other-subnets", detail, "tag them kubernetes.io/cluster/unmanaged: true")


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


def _subnet(section: OpenShift, network: ExistingNetwork, subnet: ExistingSubnet) -> Iterator[Check]:
    if subnet.vpc_id != network.vpc_id:
        detail = f"{subnet.id} is in {subnet.vpc_id}, others are in {network.vpc_id}"
        yield failed("subnets-one-vpc", detail, "name subnets of one VPC")
    if IPv4Network(subnet.cidr).network_address not in section.machine_network:
        detail = f"{subnet.id} ({subnet.cidr}) is outside the machine network {section.machine_network}"
        yield failed("subnet-in-machine-network", detail, "set openshift.machineNetwork to a block that holds it")
    if len(network.subnet_tags.get(subnet.id, ())) >= _MOST_TAGS:
        detail = f"{subnet.id} has {_MOST_TAGS} tags, so the cluster's can't be added"
        yield failed("subnet-tags", detail, "remove one of them")


def _sides(section: OpenShift, subnets: Sequence[ExistingSubnet]) -> Iterator[Check]:
    public = [subnet for subnet in subnets if subnet.public]
    private = [subnet for subnet in subnets if not subnet.public]
    if subnets and not private:
        remedy = "name a subnet whose route table has no route to an internet gateway"
        yield failed("subnets-private", "none of openshift.subnets is private", remedy)
    for side, group in (("public", public), ("private", private)):
        yield from _twice(side, group)
    bare = sorted({subnet.zone for subnet in private} - {subnet.zone for subnet in public})
    if section.publish == "External" and bare:
        remedy = "name a public subnet (route to an internet gateway) in each of them, or set publish: Internal"
        yield failed("subnets-public", f"there is no public subnet in {', '.join(bare)}", remedy)
    if section.publish == "Internal" and public:
        detail = f"{', '.join(subnet.id for subnet in public)} are public, and publish: Internal needs none"
        yield warned("subnets-public", detail, "leave them out of openshift.subnets")


def _twice(side: str, subnets: Sequence[ExistingSubnet]) -> Iterator[Check]:
    for zone, group in groupby(sorted(subnets, key=lambda each: each.zone), key=lambda each: each.zone):
        ids = [subnet.id for subnet in group]
        if len(ids) > 1:
            detail = f"{', '.join(ids)} are all {side} and in {zone}"
            yield failed("subnets-one-per-zone", detail, f"name one {side} subnet in each zone")


def _zone(section: OpenShift, network: ExistingNetwork) -> Iterator[Check]:
    zone, domain = network.zone, section.cluster_domain
    if zone is None:
        detail = f"there is no private hosted zone {section.hosted_zone}"
        yield failed("hosted-zone-exists", detail, "correct openshift.hostedZone, or write create")
        return
    if network.vpc_id not in zone.vpcs:
        remedy = f"aws route53 associate-vpc-with-hosted-zone --hosted-zone-id {zone.id} --vpc VPCId={network.vpc_id},…"
        yield failed("hosted-zone-vpc", f"{zone.id} ({zone.name}) doesn't serve {network.vpc_id}", remedy)
    if domain != zone.name and not domain.endswith(f".{zone.name}"):
        detail = f"{zone.id} is {zone.name}, which doesn't hold {domain}"
        yield failed("hosted-zone-name", detail, f"use a zone {domain}, or one above it")
    taken = sorted(name for name in zone.records if name.endswith(f".{domain}"))
    if taken:
        detail = f"{zone.id} has records of the cluster's domain already: {', '.join(taken)}"
        yield failed("hosted-zone-records", detail, "remove them, or choose another clusterName")


def cluster_networks(section: OpenShift) -> Iterator[Check]:
    """The machines' addresses against those that the cluster gives to pods and services."""
    given = {"clusterNetwork": section.cluster_network, "serviceNetwork": section.service_network}
    for network in (section.machine_network, *section.secondary_networks):
        for name, blocks in given.items():
            for block in blocks:
                if network.overlaps(block):
                    remedy = f"choose another machineNetwork, or another networking.{name} in install-config.yaml"
                    yield warned("cluster-networks", f"{network} overlaps the {name} {block}", remedy)
