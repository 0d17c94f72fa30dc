"""Whether a place gets to an AWS service by an endpoint of its VPC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import HTTPS, REMAPPED_PORTS, Network, Place
from ocpprov.reachability.outward import outward
from ocpprov.reachability.paths import within
from ocpprov.reachability.policy_statements import FULL_ACCESS, Policy
from ocpprov.reachability.spans import Share
from ocpprov.reachability.verdict import Obstacle, Unread, Verdict, together


@dataclass(frozen=True)
class Endpoint:
    """An interface endpoint stands in `subnets` with `groups`; a gateway endpoint is the way to what is in
    `prefix_list`. `available`: AWS says so. A `policy` of None couldn't be read.
    `private_dns`: it answers the service's own name in its VPC."""

    id: str
    type: Literal["Interface", "Gateway"]
    available: bool = True
    subnets: Sequence[str] = ()
    groups: Sequence[str] = ()
    prefix_list: str = ""
    policy: Policy | None = FULL_ACCESS
    private_dns: bool = False


def to_endpoint(network: Network, source: Place, endpoint: Endpoint) -> Verdict:
    """Over HTTPS. An interface endpoint's name has the addresses of all its interfaces, so all have to be reached."""
    if not endpoint.available:
        stopped = Share(source.span, HTTPS.ports)
        return Verdict((Obstacle(ExplanationCode.BAD_STATE, endpoint.id, "ingress", HTTPS.protocol, stopped),))
    return _to_gateway(network, source, endpoint) if endpoint.type == "Gateway" else _to_all(network, source, endpoint)


def goes_through(network: Network, source: Place, endpoint: Endpoint) -> bool:
    """Whether the place would get to the service by the endpoint: by a gateway only where its table has the gateway's
    route. A table that isn't known may have it."""
    table = network.route_tables.get(source.subnet.route_table)
    return endpoint.type == "Interface" or table is None or any(each.target == endpoint.id for each in table.routes)


def _to_all(network: Network, source: Place, endpoint: Endpoint) -> Verdict:
    missing = tuple(Unread(each) for each in endpoint.subnets if each not in network.subnets)
    places = [
        Place(network.subnets[each], endpoint.groups, ephemeral=REMAPPED_PORTS)
        for each in endpoint.subnets
        if each in network.subnets
    ]
    return together([Verdict(unread=missing), *(within(network, source, place, HTTPS) for place in places)])


def _to_gateway(network: Network, source: Place, endpoint: Endpoint) -> Verdict:
    """By the routes to its prefix list, that only the tables of the endpoint have."""
    spans = network.prefix_lists.get(endpoint.prefix_list)
    if not spans:
        return Verdict(unread=(Unread(endpoint.prefix_list or f"prefix list of {endpoint.id}"),))
    return together(outward(network, source, span, HTTPS) for span in spans)
