"""Which way traffic takes: the most specific route for each address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocpprov.reachability.network import Network, Route, RouteTable, Via
from ocpprov.reachability.spans import Span


@dataclass(frozen=True)
class Way:
    """Which route some addresses are reached by; None where there is none. `unread`: the prefix lists, not known here,
    that may have a more specific one."""

    addresses: Span
    route: Route | None
    unread: Sequence[str] = ()


def ways(network: Network, table: RouteTable, addresses: Span) -> list[Way]:
    """All addresses in order, cut where another route begins.

    The most specific destination wins; of equal ones a static route wins over one by prefix list, and that over a
    propagated one. Inside the VPC's own blocks propagated routes don't count (AWS's VPC guide, "Route priority").
    """
    known = list(_destinations(network, table))
    unread = tuple(
        dict.fromkeys(
            route.prefix_list
            for route in table.routes
            if route.prefix_list and route.prefix_list not in network.prefix_lists
            # A gateway endpoint's has the addresses of one AWS service: who asks about that looks at the list itself.
            if route.via is not Via.GATEWAY_ENDPOINT
        )
    )
    cuts = {addresses.first, addresses.last + 1}
    for span, _ in known:
        cuts |= {edge for edge in (span.first, span.last + 1) if addresses.first < edge <= addresses.last}
    edges = sorted(cuts)
    found = [
        Way(part, _best(network, known, part), unread)
        for part in (Span(first, after - 1) for first, after in pairwise(edges))
    ]
    return _joined(found)


def _destinations(network: Network, table: RouteTable) -> Iterator[tuple[Span, Route]]:
    for route in table.routes:
        if route.destination is not None:
            yield route.destination, route
        yield from ((span, route) for span in network.prefix_lists.get(route.prefix_list, ()))


def _best(network: Network, known: Sequence[tuple[Span, Route]], part: Span) -> Route | None:
    inside = any(block.holds(part) for block in network.blocks)
    fitting = [
        (span.last - span.first, _rank(route), index)
        for index, (span, route) in enumerate(known)
        if span.holds(part) and not (inside and route.propagated)
    ]
    return known[min(fitting)[-1]][1] if fitting else None


def _rank(route: Route) -> int:
    return 2 if route.propagated else 1 if route.prefix_list else 0


def _joined(found: Sequence[Way]) -> list[Way]:
    """Neighbours of one route as one."""
    joined: list[Way] = []
    for way in found:
        if joined and joined[-1].route == way.route:
            joined[-1] = Way(Span(joined[-1].addresses.first, way.addresses.last), way.route, way.unread)
        else:
            joined.append(way)
    return joined
