"""Where a plan's routes and route tables lead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ocpprov.reachability.from_resources import ids_of
from ocpprov.reachability.network import (
    HTTPS,
    REMAPPED_PORTS,
    Place,
    RouteTable,
    Subnet,
)
from ocpprov.reachability.outward import of_the_internet, outward
from ocpprov.reachability.purpose import Asked, Properties, Purpose, each_once
from ocpprov.reachability.spans import Span, addresses
from ocpprov.reachability.verdict import ARRIVES, Verdict, together

_TO_THE_INTERNET: Final = ("GatewayId", "NatGatewayId")
_OUT_OF_SIGHT: Final = (
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "VpcEndpointId",
    "NetworkInterfaceId",
    "GatewayId",
)
"""A route's target, behind which nobody may see from here."""


def routes(asked: Asked) -> Iterator[tuple[str, Purpose]]:
    """By logical id: whether the subnets of a route's table are led where it goes."""
    for each in asked.of("AWS::EC2::Route"):
        subnets = asked.associated("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId", each.properties)
        if subnets:
            yield each.logical_id, _led(asked, subnets, [each.properties])


def tables(asked: Asked) -> Iterator[tuple[str, Purpose]]:
    """By logical id of the association: whether the subnet is led wherever its table in the plan leads."""
    for each in asked.of("AWS::EC2::SubnetRouteTableAssociation"):
        table = asked.id(each.properties["RouteTableId"])
        routes = [route.properties for route in asked.of("AWS::EC2::Route")]
        own = [route for route in routes if asked.id(route["RouteTableId"]) == table]
        public = any(route.get("GatewayId") for route in own)
        for subnet in asked.subnets([each.properties["SubnetId"]]):
            led = _led(asked, [subnet], own)
            to_services = [_to_service(asked, _sender(subnet, public), id) for id in _endpoints_of(asked, table)]
            yield each.logical_id, replace(led, verdict=together([led.verdict, *to_services]))


def _led(asked: Asked, subnets: Sequence[Subnet], routes: Sequence[Properties]) -> Purpose:
    """Whether the subnets' own tables lead where these routes would."""
    beyond = [asked.id(route[name]) for route in routes for name in _OUT_OF_SIGHT if route.get(name)]
    found = (
        outward(asked.ways, _sender(subnet, bool(route.get("GatewayId"))), part, HTTPS)
        for subnet in subnets
        for route in routes
        for part in _destinations(route)
    )
    return Purpose(together(found), each_once(subnet.route_table for subnet in subnets), beyond)


def _endpoints_of(asked: Asked, table: str) -> list[str]:
    """The gateway endpoints whose routes the plan wants in a table."""
    every = asked.of("AWS::EC2::VPCEndpoint")
    tables = {each.logical_id: ids_of(each.properties.get("RouteTableIds")) for each in every}
    return [asked.live_id(id) for id, named in tables.items() if table in map(asked.live_id, named)]


def _to_service(asked: Asked, place: Place, endpoint: str) -> Verdict:
    """What has no route to the endpoint may get to the service, but not by what the plan names."""
    tables = asked.live.route_tables
    own = tables.get(place.subnet.route_table, RouteTable(place.subnet.route_table))
    if any(route.target == endpoint for route in own.routes):
        return ARRIVES
    to_it = [route for table in tables.values() for route in table.routes if route.target == endpoint]
    spans = {span for route in to_it for span in asked.live.prefix_lists.get(route.prefix_list, ())}
    found = together(outward(asked.ways, place, span, HTTPS) for span in sorted(spans))
    return Verdict(found.obstacles, beyond=(endpoint,))


def _sender(subnet: Subnet, public: bool) -> Place:
    """Who is meant to use a table: by an internet gateway goes what has a public address."""
    return Place(subnet, None, ephemeral=REMAPPED_PORTS, public=public)


def _destinations(route: Properties) -> Sequence[Span]:
    """By a gateway to the internet goes what is on the internet."""
    block = addresses(str(route["DestinationCidrBlock"]))
    return of_the_internet(block) if any(route.get(name) for name in _TO_THE_INTERNET) else (block,)
