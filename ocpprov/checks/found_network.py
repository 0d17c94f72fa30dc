"""The network rows of a cluster that no plan is known of: the VPC, its subnets, and their ways out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Network
from typing import Any, Final

from ocpprov.checks.dhcp_options import DhcpTold, dhcp_options
from ocpprov.checks.found_row import READ_IT, FoundCase, Judged, JudgedRows, needless
from ocpprov.checks.free_addresses import cluster_needs
from ocpprov.checks.requirement_drift import Defect
from ocpprov.checks.result import Status
from ocpprov.openshift.found_terrain import has_way_out, is_external
from ocpprov.openshift.subnet_addresses import BALANCER_NEEDS
from ocpprov.openshift.vpc_survey import AVAILABILITY_ZONE, DHCP_OPTIONS
from ocpprov.plan.reserved_blocks import DOCKER, JOIN
from ocpprov.reachability.network import REMAPPED_PORTS, Network, Subnet, Traffic, Via
from ocpprov.reachability.network_acls import through_acl
from ocpprov.reachability.placeholder_addresses import INTERNET
from ocpprov.reachability.routes import ways
from ocpprov.reachability.spans import Span, blocks
from ocpprov.reachability.verdict import Verdict, together
from ocpprov.reachability.words import opening, stopped_by

_DNS: Final = {"EnableDnsSupport": "--enable-dns-support", "EnableDnsHostnames": "--enable-dns-hostnames"}
_ROUTER_PORTS: Final = (80, 443)
_BACK: Final = Traffic("tcp", REMAPPED_PORTS, answered=False)


def network_rows(case: FoundCase) -> JudgedRows:
    """The rows from NET-VPC to NET-ACL, and NET-DHCP."""
    return {
        "NET-VPC": _vpc(case),
        "NET-PUBLIC": _public(case),
        "NET-IGW": _internet_gateway(case),
        "NET-NAT": _way_out(case),
        "NET-PRIVATE": _private(case),
        "NET-ACL": _public_acls(case),
        "NET-TRANSIT": _transit(case),
        "NET-DHCP": _dhcp(case),
    }


def _vpc(case: FoundCase) -> Judged:
    live = case.survey.vpc
    faults, unknown = [], []
    for name, option in _DNS.items():
        if name not in live.properties:
            unknown.append(Defect(f"{live.id}: AWS doesn't say {name}", "give the permission ec2:DescribeVpcAttribute"))
        elif not live.properties[name]:
            command = case.aws("ec2", "modify-vpc-attribute", "--vpc-id", live.id, option, '{"Value":true}')
            faults.append(Defect(f"{live.id} has {name} false, and it has to be true", command))
    owners = sorted({each.owner for each in case.survey.subnets.values() if each.owner})
    shared = [f"subnets of account {', '.join(owners)}"] if owners else []
    return Judged([live.id], faults, unknown, "; ".join([*shared, *_taken_by_others(case)]))


def _taken_by_others(case: FoundCase) -> Iterator[str]:
    """Blocks of the VPC that a cluster has for itself unless its install-config.yaml says otherwise: a word, as nobody
    knows what that says."""
    section = case.terrain.section
    usual = [
        (DOCKER, "Docker's bridge"),
        (JOIN.block, "OVN-Kubernetes' join subnet"),
        *((block, "a cluster's usual network of pods") for block in section.cluster_network),
        *((block, "a cluster's usual network of services") for block in section.service_network),
    ]
    for block in section.machine_networks:
        for theirs, whose in usual:
            if block.overlaps(theirs):
                yield f"{block} overlaps {theirs}, {whose}"


def _public(case: FoundCase) -> Judged:
    public = case.cluster.subnets.public
    if public:
        return Judged(public, [] if case.survey.instances else list(_short_for_balancers(case, public)))
    if is_external(case.cluster):
        detail = f"{case.vpc} has no public subnet, and {case.cluster.external.ids[0]} is internet-facing"
        return Judged(
            faults=[Defect(detail, "a subnet in each zone whose route table has a route to an internet gateway")]
        )
    return needless("there are no public subnets, and no balancer for clients outside")


def _short_for_balancers(case: FoundCase, subnets: Sequence[str]) -> Iterator[Defect]:
    for id in subnets:
        free = case.survey.subnets[id].free
        if free is not None and free < BALANCER_NEEDS:
            detail = f"{id} has {free} free addresses, and AWS wants {BALANCER_NEEDS} for each load balancer in it"
            yield Defect(detail, "free some there, or use a larger subnet")


def _internet_gateway(case: FoundCase) -> Judged:
    public = case.cluster.subnets.public
    if not public:
        return needless("there are no public subnets")
    network = case.survey.network
    tables = _tables(network, public)
    gateways = sorted({id for each in public for id in _gateways(network, network.subnets[each])})
    astray = [fault for table in tables for fault in _astray(case, table)]
    unread = [Defect(f"{table} couldn't be read", READ_IT) for table in tables if table not in network.route_tables]
    return Judged([*gateways, *tables], astray, unread)


def _astray(case: FoundCase, table: str) -> Iterator[Defect]:
    """What doesn't lead to the internet. By a firewall, or a network of others, it may."""
    network = case.survey.network
    for way in ways(network, network.route_tables[table], INTERNET) if table in network.route_tables else ():
        route = way.route
        if route is None or not route.active or route.via is Via.NAT_GATEWAY:
            said = "by a NAT gateway" if route and route.active else "nowhere"
            to = f"leads to the internet {said}: {route.target}" if route else "has no route to an internet gateway"
            verb = "replace-route" if route else "create-route"
            words = ("ec2", verb, "--route-table-id", table, "--destination-cidr-block", "0.0.0.0/0")
            yield Defect(f"{table} {to}", case.aws(*words, "--gateway-id", "igw-ID"))


def _gateways(network: Network, subnet: Subnet) -> Iterator[str]:
    table = network.route_tables.get(subnet.route_table)
    yield from (route.target for route in (table.routes if table else ()) if route.via is Via.INTERNET_GATEWAY)


def _tables(network: Network, subnets: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(network.subnets[id].route_table for id in subnets if network.subnets[id].route_table))


def _way_out(case: FoundCase) -> Judged:
    """Whether it leads anywhere is a flow of the matrix; here is what it is made of."""
    network, subnets = case.survey.network, case.cluster.subnets
    if not has_way_out(case.survey, case.cluster):
        if unread := case.unread_ways():
            return Judged(unknown=unread)
        return needless("the machines have no way out: AIR-GAP says whether they need one")
    nats = sorted(nat.id for nat in network.nat_gateways.values() if nat.subnet in subnets.public)
    return Judged([*nats, *_tables(network, subnets.machines)])


def _private(case: FoundCase) -> Judged:
    survey, subnets = case.survey, case.cluster.subnets
    if not subnets.all and subnets.edges:
        return Judged(subnets.edges, [_edge(each, case) for each in subnets.edges])
    if not subnets.all:
        remedy = "subnets for the machines, tagged kubernetes.io/cluster/<infraID>=shared where there are others beside"
        return Judged(faults=[Defect(f"{case.vpc} has no subnet that may be the cluster's", remedy)])
    faults = []
    if not subnets.private and not all(survey.subnets[id].public_addresses for id in subnets.public):
        detail = f"{', '.join(subnets.public)}: all subnets are public, and nothing in them gets a public address"
        faults.append(Defect(detail, "private subnets, with a way out by a NAT gateway"))
    for id in subnets.machines:
        free, needed = survey.subnets[id].free, cluster_needs(id, list(subnets.machines), set())
        if free is not None and free < needed and not survey.instances:
            detail = f"{id} has {free} free addresses; a cluster of five machines needs {needed} in it"
            faults.append(Defect(detail, "free some there, or use a larger subnet"))
    unknown = case.unread(AVAILABILITY_ZONE) + [
        Defect(f"the route table of {id} couldn't be read", "give the permission ec2:DescribeRouteTables")
        for id in subnets.machines
        if survey.network.subnets[id].route_table not in survey.network.route_tables
    ]
    return Judged(subnets.private, faults, unknown)


def _edge(id: str, case: FoundCase) -> Defect:
    subnet = case.survey.subnets[id]
    return Defect(f"{id} is in {subnet.zone}, a {subnet.zone_type}", "subnets in availability zones of the region")


def _public_acls(case: FoundCase) -> Judged:
    """What the documentation's table is for: the router's clients come in, and get their answers."""
    network, public = case.survey.network, case.cluster.subnets.public
    if not public:
        return needless("there are no public subnets")
    acls = list(dict.fromkeys(network.subnets[id].network_acl for id in public))
    if not is_external(case.cluster):
        return Judged(acls)
    found = [_clients(network, network.subnets[id]) for id in public]
    return _judged(found, [acl for acl in acls if acl])


def _clients(network: Network, subnet: Subnet) -> Verdict:
    into = [through_acl(network, subnet, "ingress", _to(port), INTERNET) for port in _ROUTER_PORTS]
    return together([*into, through_acl(network, subnet, "egress", _BACK, INTERNET, reply=True)])


def _to(port: int) -> Traffic:
    return Traffic("tcp", Span(port, port))


def _transit(case: FoundCase) -> Judged:
    """Where routes lead out of sight, they are there, and active or not."""
    network = case.survey.network
    tables = (
        network.route_tables[id] for id in _tables(network, case.cluster.subnets.machines) if id in network.route_tables
    )
    ways = [(table.id, route) for table in tables for route in table.routes if route.via is Via.OTHER]
    if not ways:
        return needless("no route of the machines leads to another network")
    faults = [
        Defect(
            f"{table}'s route to {blocks(route.destination) if route.destination else route.prefix_list} by "
            f"{route.target} leads nowhere",
            f"take it away, or what it leads to is to be there: {route.target}",
        )
        for table, route in ways
        if not route.active
    ]
    return Judged(list(dict.fromkeys(route.target for _, route in ways)), faults)


def _dhcp(case: FoundCase) -> Judged:
    if unread := case.unread(DHCP_OPTIONS):
        return Judged(unknown=unread)
    options = next(iter(case.survey.of(DHCP_OPTIONS)), None)
    if options is None:
        return needless("AWS's own DHCP options")
    known: Any = options.properties
    named = known.get("DomainName")
    told = DhcpTold([named] if named else [], list(known.get("DomainNameServers", ())))
    vpc_blocks = [IPv4Network(str(case.survey.vpc.properties["CidrBlock"]))]
    checks = list(dhcp_options(case.vpc, told, vpc_blocks))
    wrong = [each for each in checks if each.status is Status.FAIL or each.id == "vpc-domain-name"]
    return Judged(
        [options.id],
        [Defect(each.detail, each.remedy) for each in wrong],
        [Defect(each.detail, each.remedy) for each in checks if each not in wrong],
    )


def _judged(verdicts: Iterable[Verdict], evidence: Sequence[str]) -> Judged:
    whole = together(verdicts)
    faults = list(dict.fromkeys(Defect(stopped_by(each), opening(each)) for each in whole.obstacles))
    unknown = [Defect(f"{each.component} couldn't be read", "give the permission to read it") for each in whole.unread]
    return Judged(evidence, faults, unknown)
