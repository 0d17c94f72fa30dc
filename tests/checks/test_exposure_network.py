"""Routes and network ACLs that let the internet in, on the networks that shipped plans would have made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.checks.exposure import Belongings, Exposure, Exposures
from ocpprov.checks.exposure_acls import ACL, ENTRY, excess, exposed_acls
from ocpprov.checks.exposure_routes import ROUTE, SUBNET, TABLE, exposed_routes
from ocpprov.engine.resources import Position, Resource
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.terrain_building import planned_terrain
from ocpprov.reachability.network import (
    EVERY_TYPE,
    AclEntry,
    Network,
    NetworkAcl,
    Route,
    RouteTable,
    Subnet,
    Via,
)
from ocpprov.reachability.spans import ALL_PORTS, Span, addresses
from tests.openshift.test_port_matrix import planned
from tests.reachability.networks import INSIDE, OUTSIDE, acl_entries
from tests.reachability.packets import Packet, acl_lets, numbers

APPLY: Final = "ocpprov apply prod.yaml"
WHOSE: Final = Belongings(
    "eu-west-1",
    "123456789012",
    APPLY,
    {
        (TABLE, "PrivateRouteTable"): "PrivateRouteTable",
        (SUBNET, "PrivateSubnet"): "PrivateSubnet",
        (SUBNET, "PublicSubnet"): "PublicSubnet",
        (ACL, "PublicNetworkAcl"): "PublicNetworkAcl",
    },
)
PRIVATE: Final = "PrivateRouteTable"
OF_VPC: Final = "default network ACL"


def terrain(name: str = "single-zone.yaml") -> Terrain:
    layout, resources = planned(name)
    return planned_terrain(layout, resources.values())


def with_default_acl() -> Terrain:
    """With the VPC's own ACL on all subnets, as the documentation has it since 4.2."""
    where = terrain()
    subnets = {id: replace(each, network_acl=OF_VPC) for id, each in where.network.subnets.items()}
    return replace(where, network=replace(where.network, subnets=subnets))


def routed(where: Terrain, *routes: Route) -> Terrain:
    table = where.network.route_tables[PRIVATE]
    tables = {**where.network.route_tables, PRIVATE: RouteTable(PRIVATE, (*table.routes, *routes))}
    return replace(where, network=replace(where.network, route_tables=tables))


def by_gateway(block: str, *, active: bool = True) -> Route:
    return Route("igw-1", Via.INTERNET_GATEWAY, addresses(block), active=active)


def test_a_way_to_the_machines_from_the_internet_is_told() -> None:
    assert exposed_routes(routed(terrain(), by_gateway("198.51.100.0/24")), WHOSE) == Exposures(
        [
            Exposure(
                PRIVATE,
                PRIVATE,
                "a way from and to 198.51.100.0/24 by igw-1",
                "machines in PrivateSubnet to the internet, where they have public addresses",
                "",
                "not of this plan: PrivateRouteTable|198.51.100.0/24",
                "aws ec2 delete-route --region eu-west-1 --route-table-id PrivateRouteTable "
                "--destination-cidr-block 198.51.100.0/24",
            )
        ],
        (),
        [],
    )


def test_a_way_by_prefix_list_is_told_too() -> None:
    way = Route("igw-1", Via.INTERNET_GATEWAY, prefix_list="pl-1")
    (told,) = exposed_routes(routed(terrain(), way), WHOSE).open
    assert (told.allows, told.remedy.split()[-2:]) == (
        "a way from and to pl-1 by igw-1",
        ["--destination-prefix-list-id", "pl-1"],
    )


@pytest.mark.parametrize(
    "route",
    [
        by_gateway("198.51.100.0/24", active=False),
        Route("nat-1", Via.NAT_GATEWAY, addresses("198.51.100.0/24")),
        Route("tgw-1", Via.OTHER, addresses("198.51.100.0/24")),
    ],
)
def test_dead_ways_and_ways_out_alone_are_none_from_the_internet(route: Route) -> None:
    assert exposed_routes(routed(terrain(), route), WHOSE).open == []


def test_a_route_of_the_plan_that_leads_elsewhere_is_brought_back() -> None:
    whose = replace(WHOSE, logical_ids={**WHOSE.logical_ids, (ROUTE, f"{PRIVATE}|0.0.0.0/0"): "Route"})
    (told,) = exposed_routes(routed(terrain(), by_gateway("0.0.0.0/0")), whose).open
    assert (told.allows, told.origin, told.remedy) == (
        "a way from and to anywhere by igw-1",
        "otherwise than the plan has it",
        APPLY,
    )


def test_tables_that_couldnt_be_read_arent_judged() -> None:
    where = terrain()
    found = exposed_routes(replace(where, network=replace(where.network, route_tables={})), WHOSE)
    assert (found.open, found.unread) == ([], ["PrivateRouteTable: its routes couldn't be read"])


ENTRIES: Final = (
    "InboundHTTPPublicNetworkAclEntry",
    "InboundHTTPSPublicNetworkAclEntry",
    "InboundSSHPublicNetworkAclEntry",
    "InboundEphemeralPublicNetworkAclEntry",
    "InboundUDPPublicNetworkAclEntry",
    "InboundICMPPublicNetworkAclEntry",
)
PUBLIC: Final = "public-3az.yaml"


def own_entries() -> Belongings:
    """The plan's own entries, by the ids that live ones have."""
    made = planned(PUBLIC)[1]
    ids = {(ENTRY, f"PublicNetworkAcl|in|{made[id].properties['RuleNumber']}"): id for id in ENTRIES}
    inside = made["InboundVpcPublicNetworkAclEntry"].properties["RuleNumber"]
    ids[ENTRY, f"PublicNetworkAcl|in|{inside}"] = "InboundVpcPublicNetworkAclEntry"
    resources = {id: made[id] for id in ids.values()}
    return replace(WHOSE, logical_ids={**WHOSE.logical_ids, **ids}, resources=resources)


def with_entries(*entries: AclEntry) -> Terrain:
    where = terrain(PUBLIC)
    acl = where.network.network_acls["PublicNetworkAcl"]
    acls = {**where.network.network_acls, acl.id: replace(acl, ingress=(*acl.ingress, *entries))}
    return replace(where, network=replace(where.network, network_acls=acls))


def entry(number: int, protocol: str, block: str, ports: Span = ALL_PORTS, *, allow: bool = True) -> AclEntry:
    return AclEntry(number, allow, protocol, addresses(block), ports)


DEFAULT: Final = (
    "default network ACL admits everything from anywhere to PrivateSubnet, PrivateSubnet2 and PrivateSubnet3, where "
    "nothing leads in from the internet"
)


def test_a_strangers_entry_that_admits_more_than_the_plans_is_told() -> None:
    found = exposed_acls(with_entries(entry(50, "tcp", "0.0.0.0/0")), own_entries())
    assert found == Exposures(
        [
            Exposure(
                "PublicNetworkAcl",
                "PublicNetworkAcl",
                "tcp 0-65535 from anywhere (entry 50)",
                "what stands in PublicSubnet, PublicSubnet2 and PublicSubnet3 to the internet, as far as groups admit "
                "it",
                "",
                "not of this plan: PublicNetworkAcl|in|50",
                "aws ec2 delete-network-acl-entry --region eu-west-1 --network-acl-id PublicNetworkAcl --ingress "
                "--rule-number 50",
            )
        ],
        [DEFAULT],
        [],
    )


@pytest.mark.parametrize(
    "entries",
    [
        (),
        (entry(50, "tcp", "203.0.113.0/24", Span(443, 443)),),
        (entry(50, "tcp", "0.0.0.0/0", Span(2000, 3000)),),
        (entry(50, "-1", "10.0.0.0/16"),),
        (entry(50, "tcp", "0.0.0.0/0", allow=False),),
        (entry(49, "tcp", "0.0.0.0/0", Span(25, 25), allow=False), entry(50, "tcp", "0.0.0.0/0", Span(25, 25))),
        (entry(49, "-1", "0.0.0.0/0", allow=False), entry(50, "-1", "0.0.0.0/0")),
        (entry(50, "icmp", "0.0.0.0/0", EVERY_TYPE),),
    ],
)
def test_entries_that_let_nothing_more_in_are_none(entries: Sequence[AclEntry]) -> None:
    assert exposed_acls(with_entries(*entries), own_entries()).open == []


@pytest.mark.parametrize(
    "one",
    [
        entry(50, "tcp", "203.0.113.7/32", Span(25, 25)),
        entry(500, "-1", "0.0.0.0/0"),
        entry(50, "udp", "0.0.0.0/0", Span(53, 53)),
        entry(50, "50", "0.0.0.0/0"),
    ],
)
def test_each_entry_that_lets_more_in_is_told(one: AclEntry) -> None:
    assert [each.allows.split()[-1] for each in exposed_acls(with_entries(one), own_entries()).open] == [
        f"{one.number})"
    ]


def test_an_entry_of_the_plans_own_is_told_with_its_line() -> None:
    whose = own_entries()
    whose = replace(
        whose,
        logical_ids={**whose.logical_ids, (ENTRY, "PublicNetworkAcl|in|50"): "Smtp"},
        resources={**whose.resources, "Smtp": Resource("Smtp", ENTRY, position=Position("prod.yaml", 41, 3))},
    )
    (told,) = exposed_acls(with_entries(entry(50, "tcp", "0.0.0.0/0", Span(25, 25))), whose).open
    assert told.origin == "by the plan (prod.yaml:41:3)"


def test_an_entry_of_the_plan_that_somebody_widened_is_brought_back() -> None:
    where = with_entries()
    acl = where.network.network_acls["PublicNetworkAcl"]
    widened = [replace(each, ports=ALL_PORTS) if each.ports == Span(22, 22) else each for each in acl.ingress]
    acls = {**where.network.network_acls, acl.id: replace(acl, ingress=widened)}
    where = replace(where, network=replace(where.network, network_acls=acls))
    (told,) = exposed_acls(where, own_entries()).open
    assert (told.allows.split(" (")[0], told.origin, told.remedy) == (
        "tcp 0-65535 from anywhere",
        "otherwise than the plan has it",
        APPLY,
    )


def test_an_open_acl_where_nothing_leads_in_is_known_and_no_opening() -> None:
    where = with_entries(entry(50, "tcp", "0.0.0.0/0"))
    tables = {id: replace(table, routes=()) for id, table in where.network.route_tables.items()}
    assert exposed_acls(replace(where, network=replace(where.network, route_tables=tables)), own_entries()).open == []


def test_where_the_default_acl_is_on_public_subnets_groups_keep_the_internet_off() -> None:
    assert exposed_acls(with_default_acl(), WHOSE) == Exposures(
        [],
        [
            "default network ACL admits everything from anywhere to PrivateSubnet, where nothing leads in from the "
            "internet",
            "default network ACL admits everything from anywhere to PublicSubnet: security groups alone keep the "
            "internet off there",
        ],
        [],
    )


def test_what_somebody_elses_acl_admits_is_told_by_source() -> None:
    where = with_default_acl()
    ports = [Span(port, port) for port in (22, 25, 80, 443, 8080)]
    entries = [entry(port.first, "tcp", "0.0.0.0/0", port) for port in ports]
    acl = NetworkAcl(OF_VPC, (*entries, entry(9999, "udp", "203.0.113.0/24", Span(53, 53))))
    network = replace(where.network, network_acls={OF_VPC: acl})
    (_, told) = exposed_acls(replace(where, network=network), WHOSE).known
    assert told.startswith(
        "default network ACL admits tcp 22, tcp 25, tcp 80, tcp 443 and 1 more from anywhere; "
        "udp 53 from 203.0.113.0/24 to PublicSubnet: "
    )


def test_an_acl_that_admits_the_vpc_alone_isnt_worth_a_word() -> None:
    where = with_default_acl()
    inside = NetworkAcl(OF_VPC, (entry(100, "-1", "10.0.0.0/16"),))
    network = replace(where.network, network_acls={OF_VPC: inside})
    assert exposed_acls(replace(where, network=network), WHOSE) == Exposures([], [], [])


def test_acls_that_couldnt_be_read_arent_judged() -> None:
    where = with_default_acl()
    found = exposed_acls(replace(where, network=replace(where.network, network_acls={})), WHOSE)
    assert (found.open, found.unread) == ([], ["default network ACL: its entries couldn't be read"])


@given(st.data())
def test_an_entry_lets_in_what_a_judge_of_packets_lets_in_only_with_it(data: st.DataObject) -> None:
    """The excess of an entry over the needed ones, by a judge that knows packets only: with all entries up to it the
    packet arrives, without it or by the needed ones alone it doesn't."""
    listed = [data.draw(acl_entries(number)) for number in (10, 20, 30)]
    entries = [replace(each, whole=True) for each in listed]
    one, needed = entries[1], entries[2:]
    left = excess(one, NetworkAcl("acl", tuple(entries)), needed if one not in needed else (), (OUTSIDE,))
    subnet = Subnet("subnet-0", INSIDE, network_acl="acl")

    def lets(chosen: Sequence[AclEntry], packet: Packet) -> bool:
        network = Network("vpc-1", network_acls={"acl": NetworkAcl("acl", tuple(chosen))})
        return acl_lets(network, subnet, "ingress", packet)

    protocols = ("tcp", "udp", "icmp", "50", "47") if one.protocol == "-1" else (one.protocol,)
    found = {(part.peers, part.ports) for part in left}
    for address in numbers(OUTSIDE):
        for port in (one.ports.first, one.ports.last, 3):
            packets = [Packet(protocol, address, 0, port) for protocol in protocols]
            more = [
                each
                for each in packets
                if port in numbers(one.ports) and lets(entries[:2], each) and not lets(entries[:1], each)
                if not lets(needed, each)
            ]
            told = any(address in numbers(peers) and port in numbers(ports) for peers, ports in found)
            if one.allow:
                assert bool(more) == told
