"""The route that a table lacks, taken from how the rest of the network reaches the same addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocpprov.reachability.network import Network, Route, RouteTable, Via
from ocpprov.reachability.outward import is_private
from ocpprov.reachability.placeholder_addresses import INTERNET
from ocpprov.reachability.spans import EVERYWHERE, Span, in_blocks
from ocpprov.reachability.verdict import Obstacle


@dataclass(frozen=True)
class NewRoute:
    """`destination` is one block. `replaces`: the table has a route to the same block, which leads nowhere."""

    table: str
    destination: Span
    target: str
    via: Via
    replaces: bool = False


@dataclass(frozen=True)
class EndpointTable:
    """A route table that a gateway endpoint is to have among its own."""

    endpoint: str
    table: str


def new_routes(network: Network, obstacle: Obstacle) -> Sequence[NewRoute | EndpointTable]:
    """Routes to exactly these addresses; to the internet, one to everywhere. Nothing where no other table, no gateway
    and no endpoint shows a way."""
    table = network.route_tables.get(obstacle.component)
    if table is None:
        return ()
    peers = obstacle.stopped.peers
    if endpoint := _endpoint(network, table, peers):
        return (EndpointTable(endpoint, table.id),)
    way = next(_ways(network, table, obstacle), None)
    if way is None:
        return ()
    there = {route.destination for route in table.routes if not route.propagated}
    blocks = [_dead(table, obstacle) or EVERYWHERE] if peers == INTERNET else in_blocks(peers)
    return tuple(NewRoute(table.id, block, way.target, way.via, block in there) for block in blocks)


def _dead(table: RouteTable, obstacle: Obstacle) -> Span | None:
    """The destination of the route that leads nowhere, where the obstacle is one."""
    return next(
        (
            route.destination
            for route in table.routes
            if not route.active and route.target == obstacle.rule and route.destination
            if route.destination.holds(obstacle.stopped.peers)
        ),
        None,
    )


def _endpoint(network: Network, table: RouteTable, peers: Span) -> str:
    """The gateway endpoint of the service whose addresses these are, where the table isn't among its own."""
    for other in network.route_tables.values():
        for route in other.routes:
            of_a_service = route.via is Via.GATEWAY_ENDPOINT and other.id != table.id
            if of_a_service and peers in network.prefix_lists.get(route.prefix_list, ()):
                return route.target
    return ""


def _ways(network: Network, table: RouteTable, obstacle: Obstacle) -> Iterator[Route]:
    """As other tables reach the addresses, the most specific first; then by NAT gateways that no table leads to, those
    of the table's own zones first."""
    peers = obstacle.stopped.peers
    others = [
        route
        for other in network.route_tables.values()
        for route in other.routes
        if other.id != table.id and route.active and route.destination and route.destination.holds(peers)
        if route.via in (Via.OTHER, Via.INTERNET_GATEWAY)
    ]
    outside = [route for route in others if route.via is Via.OTHER]
    yield from sorted(outside, key=_size)
    if is_private(peers):
        return
    if obstacle.public:
        yield from sorted((route for route in others if route.via is Via.INTERNET_GATEWAY), key=_size)
    else:
        yield from _by_nat(network, table)


def _size(route: Route) -> int:
    return route.destination.last - route.destination.first if route.destination else 0


def _by_nat(network: Network, table: RouteTable) -> Iterator[Route]:
    subnets = [subnet for subnet in network.subnets.values() if subnet.route_table == table.id]
    own, zones = {subnet.id for subnet in subnets}, {subnet.zone for subnet in subnets}
    usable = [
        gateway
        for gateway in network.nat_gateways.values()
        if gateway.available and gateway.public and gateway.subnet in network.subnets and gateway.subnet not in own
    ]
    for gateway in sorted(usable, key=lambda each: network.subnets[each.subnet].zone not in zones):
        yield Route(gateway.id, Via.NAT_GATEWAY, EVERYWHERE)
