"""Ways from the internet to the machines' subnets, which the documentation keeps private."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ocpprov.checks.exposure import OTHERWISE, Belongings, Exposure, Exposures
from ocpprov.checks.exposure_group_words import listed, source
from ocpprov.openshift.machine_flows import NODES
from ocpprov.openshift.terrain import Terrain
from ocpprov.reachability.network import Route, RouteTable, Subnet, Via
from ocpprov.reachability.spans import blocks

ROUTE: Final = "AWS::EC2::Route"
TABLE: Final = "AWS::EC2::RouteTable"
SUBNET: Final = "AWS::EC2::Subnet"


def exposed_routes(terrain: Terrain, whose: Belongings) -> Exposures:
    """Routes of the machines' tables to an internet gateway."""
    subnets: dict[str, list[Subnet]] = {}
    for party in NODES:
        for place in terrain.places.get(party, ()):
            known = subnets.setdefault(place.subnet.route_table, [])
            if place.subnet not in known:
                known.append(place.subnet)
    tables = terrain.network.route_tables
    return Exposures(
        [each for id, inside in subnets.items() if id in tables for each in _of_table(tables[id], inside, whose)],
        unread=[f"{id or 'a route table'}: its routes couldn't be read" for id in subnets if id not in tables],
    )


def _of_table(table: RouteTable, subnets: Sequence[Subnet], whose: Belongings) -> Iterator[Exposure]:
    for route in table.routes:
        if route.via is Via.INTERNET_GATEWAY and route.active:
            yield _exposure(table, route, subnets, whose)


def _exposure(table: RouteTable, route: Route, subnets: Sequence[Subnet], whose: Belongings) -> Exposure:
    to = blocks(route.destination) if route.destination else route.prefix_list
    id = f"{table.id}|{to}"
    drifted = whose.is_required(ROUTE, id)
    by = "--destination-cidr-block" if route.destination else "--destination-prefix-list-id"
    command = ("ec2", "delete-route", "--route-table-id", table.id, by, to)
    there = source(route.destination) if route.destination else to
    return Exposure(
        table.id,
        whose.logical_id(TABLE, table.id),
        f"a way from and to {there} by {route.target}",
        f"machines in {named_subnets(subnets, whose)} to the internet, where they have public addresses",
        "",
        OTHERWISE if drifted else whose.origin(ROUTE, id),
        whose.apply if drifted else whose.remedy(ROUTE, id, *command),
    )


def named_subnets(subnets: Sequence[Subnet], whose: Belongings) -> str:
    """By their logical ids, by AWS's where they have none."""
    return listed([whose.logical_id(SUBNET, each.id) or each.id for each in subnets])
