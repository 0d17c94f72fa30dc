"""A network after an opening, step by step, as AWS would have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ocpprov.reachability.network import AclEntry, Network, Route, Via
from ocpprov.reachability.openings import NewAclEntries, NewGroupRules, Opening
from ocpprov.reachability.route_openings import EndpointTable, NewRoute


def applied(network: Network, opening: Opening) -> Network:
    """The network once all of it is done."""
    return [*stages(network, opening)][-1]


def stages(network: Network, opening: Opening) -> Iterator[Network]:
    """The network after each step."""
    match opening:
        case NewGroupRules(id, direction, rules):
            group = network.security_groups[id]
            both = (*(group.ingress if direction == "ingress" else group.egress), *rules)
            changed: Mapping[str, Any] = {direction: both}
            yield replace(network, security_groups={**network.security_groups, id: replace(group, **changed)})
        case NewAclEntries(id, direction, steps):
            acl = network.network_acls[id]
            entries = {each.number: each for each in (acl.ingress if direction == "ingress" else acl.egress)}
            for step in steps:
                # AWS refuses a create where there is an entry, and a replace where there is none.
                assert (step.entry.number in entries) == step.replaces
                entries[step.entry.number] = step.entry
                changed = {direction: tuple(entries.values())}
                yield replace(network, network_acls={**network.network_acls, id: replace(acl, **changed)})
        case NewRoute(id, destination, target, via, replaces):
            table = network.route_tables[id]
            same = [route for route in table.routes if route.destination == destination and not route.propagated]
            assert bool(same) == replaces
            routes = (*(route for route in table.routes if route not in same), Route(target, via, destination))
            yield replace(network, route_tables={**network.route_tables, id: replace(table, routes=routes)})
        case EndpointTable(endpoint, id):
            table = network.route_tables[id]
            every = (route for each in network.route_tables.values() for route in each.routes)
            route = next(each for each in every if each.target == endpoint and each.via is Via.GATEWAY_ENDPOINT)
            yield replace(
                network, route_tables={**network.route_tables, id: replace(table, routes=(*table.routes, route))}
            )


def dense(network: Network) -> Network:
    """The same with entries numbered from 1 on, without a gap."""

    def numbered(entries: tuple[AclEntry, ...]) -> tuple[AclEntry, ...]:
        ranked = sorted(entries, key=lambda each: each.number)
        return tuple(replace(each, number=rank) for rank, each in enumerate(ranked, 1))

    acls = {
        id: replace(acl, ingress=numbered(tuple(acl.ingress)), egress=numbered(tuple(acl.egress)))
        for id, acl in network.network_acls.items()
    }
    return replace(network, network_acls=acls)
