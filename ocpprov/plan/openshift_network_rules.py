"""What no table can say about the network of an `openshift` section."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Final

from ocpprov.engine.problem import Problem
from ocpprov.plan.checking import block_size_problem
from ocpprov.plan.model import OpenShift
from ocpprov.plan.openshift_endpoint_rules import endpoint_problems, twice, zone_problems

_ANYWHERE: Final = IPv4Network("0.0.0.0/0")


def network_problems(section: OpenShift, region: str) -> Iterator[Problem]:
    """Paths below the section, each with what is wrong there."""
    if not section.subnets:
        yield from _machine_network(section)
        yield from _given_blocks(section)
        yield from _nat(section)
    yield from _zones(section, region)
    yield from _existing(section)
    yield from endpoint_problems(section, region)
    yield from _transit(section)
    yield from _secondary(section)


def _machine_network(section: OpenShift) -> Iterator[Problem]:
    network = section.machine_network
    if not 16 <= network.prefixlen <= 24:
        message = f"{network} has a /{network.prefixlen}"
        yield Problem("machineNetwork", message, "/16 to /24, as AWS and the documentation allow")
    elif section.subnet_cidrs is None and 6 * 2**section.subnet_bits > network.num_addresses:
        yield Problem(
            "subnetBits" if "openshift.subnetBits" in section.positions else "machineNetwork",
            f"six blocks of {2**section.subnet_bits} addresses don't fit into {network}",
            "a smaller subnetBits or a larger machineNetwork",
        )


def _given_blocks(section: OpenShift) -> Iterator[Problem]:
    if section.subnet_cidrs is None:
        return
    zones = _zone_count(section)
    groups = {"private": section.subnet_cidrs.private}
    if section.public_subnets:
        groups["public"] = section.subnet_cidrs.public
    for name, blocks in groups.items():
        if len(blocks) != zones:
            yield Problem("subnetCIDRs", f"{len(blocks)} {name} blocks for {zones} zones", "one for each zone")
    blocks = [block for group in groups.values() for block in group]
    networks = section.networks
    for number, block in enumerate(blocks):
        if not any(block.subnet_of(network) for network in networks):
            yield Problem("subnetCIDRs", f"{block} is outside {' and '.join(map(str, section.machine_networks))}")
        if wrong := block_size_problem(block):
            yield Problem("subnetCIDRs", *wrong)
        for other in blocks[:number]:
            if block.overlaps(other):
                yield Problem("subnetCIDRs", f"{block} overlaps {other}")


def _nat(section: OpenShift) -> Iterator[Problem]:
    gateways = {"none": 0, "nat-single": 1, "nat": _zone_count(section)}[section.egress]
    if section.elastic_ips and len(section.elastic_ips) != gateways:
        message = f"{len(section.elastic_ips)} addresses for {gateways} NAT gateways"
        yield Problem("elasticIPs", message, "one for each")


def _zones(section: OpenShift, region: str) -> Iterator[Problem]:
    if not isinstance(section.zones, int) and region:
        yield from zone_problems("zones", section.zones, region)


def _existing(section: OpenShift) -> Iterator[Problem]:
    """What would change somebody else's VPC or subnets, and what makes no sense beside them."""
    yield from twice("subnets", section.subnets)
    yield from twice("routeTables", section.route_tables)
    yield from twice("elasticIPs", section.elastic_ips)
    existing = "vpcID" if section.vpc_id else "subnets"
    if section.subnets:
        for key, there in {
            "subnetCIDRs": section.subnet_cidrs is not None,
            "elasticIPs": bool(section.elastic_ips),
        }.items():
            if there:
                yield Problem(key, "subnets are given, so none are made", f"leave {key} or subnets out")
        if section.network_acl != "vpc-default":
            yield Problem("networkAcl", "would change subnets that are somebody else's", "vpc-default")
        if section.transit and not section.route_tables:
            yield Problem("transit", "no route table is made beside given subnets", "name them in routeTables")
    if section.vpc_id or section.subnets:
        for key, there in {
            "dhcpOptions": section.dhcp_options is not None,
            "secondaryNetworks": bool(section.secondary_networks),
        }.items():
            if there:
                yield Problem(key, "would change a VPC that is somebody else's", f"leave {key} or {existing} out")
    elif section.route_tables:
        yield Problem("routeTables", "an existing table is in an existing VPC", "name the VPC in vpcID")


def _transit(section: OpenShift) -> Iterator[Problem]:
    seen: dict[IPv4Network, int] = {}
    own = dict.fromkeys(section.machine_networks, "the machine network")
    own |= dict.fromkeys(section.secondary_networks, "the network")
    for number, way in enumerate(section.transit):
        path = f"transit[{number}]"
        if bool(way.transit_gateway_id) == bool(way.peering_connection_id):
            both = "both are given" if way.transit_gateway_id else "none is given"
            yield Problem(path, f"one of transitGatewayID and peeringConnectionID is needed, {both}")
        if not way.cidrs:
            yield Problem(path, "has no cidrs", "name the networks behind it in cidrs")
        for block in way.cidrs:
            around = [f"{what} {network}" for network, what in own.items() if block.subnet_of(network)]
            if around:
                yield Problem(path, f"{block} is inside {around[0]}")
            elif block == _ANYWHERE and section.egress != "none" and not section.subnets:
                yield Problem(path, f"{block} is the way of egress: {section.egress} already", "write egress: none")
            if block in seen:
                yield Problem(path, f"{block} is given twice, first in transit[{seen[block]}]")
            seen.setdefault(block, number)


def _secondary(section: OpenShift) -> Iterator[Problem]:
    known = [section.machine_network]
    more = [(f"machineNetwork[{number}]", block) for number, block in enumerate(section.machine_networks)][1:]
    secondary = [(f"secondaryNetworks[{number}]", block) for number, block in enumerate(section.secondary_networks)]
    for path, block in (*more, *secondary):
        if block in section.further_networks and (wrong := block_size_problem(block)):
            yield Problem(path, *wrong)
        for other in known:
            if block.overlaps(other):
                yield Problem(path, f"{block} overlaps {other}")
        known.append(block)


def _zone_count(section: OpenShift) -> int:
    return section.zones if isinstance(section.zones, int) else len(section.zones)
