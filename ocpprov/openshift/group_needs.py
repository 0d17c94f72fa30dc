"""What requirements need security groups to admit: by the flows between machines, the documentation's rules, the
balancers' listeners and the endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.openshift.load_balancers import API_PORT, EXTERNAL, INTERNAL, MACHINE_CONFIG_PORT
from ocpprov.openshift.machine_flows import Flow, Party, flows
from ocpprov.openshift.matrix_row import endpoint_row
from ocpprov.openshift.security import (
    BOOTSTRAP_CIDR_RULES,
    MASTER_CIDR_RULES,
    WORKER_CIDR_RULES,
    CidrRule,
)
from ocpprov.openshift.terrain import Terrain
from ocpprov.plan.releases import release_of
from ocpprov.reachability.balancers import Balancer
from ocpprov.reachability.network import HTTPS, Place, Subnet, ports_of
from ocpprov.reachability.spans import EVERYWHERE, Span, addresses


@dataclass(frozen=True)
class GroupNeed:
    """Traffic into the members of `group`: its other side is a block, or machines that are in all of `senders`, so that
    a rule for any of these groups is enough; `who` they are. `row` is the requirement that needs it."""

    group: str
    row: str
    protocol: str
    ports: Span
    peers: Span | None = None
    senders: tuple[str, ...] = ()
    who: str = ""


@dataclass(frozen=True)
class Member:
    """Somebody who is in a security group, in words, and the subnets where. `never_public`: without a public address,
    whatever the subnet."""

    who: str
    subnets: Sequence[Subnet]
    never_public: bool = False


_RULES: Final[Mapping[Party, tuple[str, Sequence[CidrRule]]]] = {
    Party.CONTROL_PLANE: ("SG-MASTER", MASTER_CIDR_RULES),
    Party.COMPUTE: ("SG-WORKER", WORKER_CIDR_RULES),
    Party.BOOTSTRAP: ("SG-BOOTSTRAP", BOOTSTRAP_CIDR_RULES),
}
_NAMES: Final = {
    Party.CONTROL_PLANE: "the control plane",
    Party.COMPUTE: "compute machines",
    Party.BOOTSTRAP: "the bootstrap machine",
}
AT_LARGE: Final = 2**24
"""Addresses: a block with more of them isn't one of somebody's networks, but the internet."""


def group_needs(terrain: Terrain) -> Sequence[GroupNeed]:
    """All, each once; what the whole machine network may ask isn't said of its machines again."""
    of_blocks = [*_of_rules(terrain), *_of_balancers(terrain), *_of_endpoints(terrain)]
    networks = _machine_blocks(terrain)
    of_machines = [need for need in _of_machines(terrain) if not _is_for_all(need, of_blocks, networks)]
    return list(dict.fromkeys([*of_blocks, *of_machines]))


def _is_for_all(need: GroupNeed, others: Iterable[GroupNeed], networks: Iterable[Span]) -> bool:
    same = [each for each in others if each.group == need.group and each.protocol == need.protocol]
    asked = [each.peers for each in same if each.peers is not None and each.ports.holds(need.ports)]
    wanted = [need.peers] if need.peers is not None else list(networks)
    return all(any(peers.holds(block) for peers in asked) for block in wanted)


def members(terrain: Terrain) -> Mapping[str, Sequence[Member]]:
    """Who is in each group that the terrain knows of. The bootstrap machine is in the control plane's, too."""
    found: dict[str, list[Member]] = {}
    for groups, member in _members(terrain):
        for group in groups:
            found.setdefault(group, []).append(member)
    return found


def _members(terrain: Terrain) -> Iterator[tuple[Sequence[str], Member]]:
    subnets = terrain.network.subnets
    for party, name in _NAMES.items():
        places = terrain.places.get(party, ())
        yield _groups(places), Member(name, [place.subnet for place in places])
    for id, balancer in terrain.balancers.items():
        stands_in = [subnets[each] for each in balancer.subnets if each in subnets]
        yield balancer.groups or (), Member(f"load balancer {id}", stands_in, balancer.internal)
    for id, (service, endpoint) in terrain.endpoints.items():
        stands_in = [subnets[each] for each in endpoint.subnets if each in subnets]
        yield endpoint.groups, Member(f"endpoint {id} ({service})", stands_in, never_public=True)


def _own_groups(terrain: Terrain, party: Party) -> Sequence[str]:
    """The bootstrap machine is in the control plane's groups, too: those aren't its own."""
    groups = _groups(terrain.places.get(party, ()))
    others = _groups(terrain.places.get(Party.CONTROL_PLANE, ())) if party is Party.BOOTSTRAP else ()
    return [group for group in groups if group not in others] or groups


def _groups(places: Iterable[Place]) -> Sequence[str]:
    return list(dict.fromkeys(group for place in places for group in place.groups or ()))


def _machine_blocks(terrain: Terrain) -> Sequence[Span]:
    return [addresses(str(block)) for block in terrain.section.networks]


def _of_machines(terrain: Terrain) -> Iterator[GroupNeed]:
    for flow in flows(release_of(terrain.section.version)):
        for receiver in flow.receivers:
            for group in _groups(terrain.places.get(receiver, ())):
                yield from _of_flow(terrain, flow, group)


def _of_flow(terrain: Terrain, flow: Flow, group: str) -> Iterator[GroupNeed]:
    ports = ports_of(flow.protocol, *flow.ports)
    for sender in flow.senders:
        if sender is Party.MACHINE_NETWORK:
            for block in _machine_blocks(terrain):
                yield GroupNeed(group, flow.row, flow.protocol, ports, block)
        elif senders := _groups(terrain.places.get(sender, ())):
            yield GroupNeed(group, flow.row, flow.protocol, ports, senders=tuple(senders), who=_NAMES[sender])


def _of_rules(terrain: Terrain) -> Iterator[GroupNeed]:
    """The documentation's rules for the machine network. The bootstrap machine's are for whom the plan says, unless
    that is everybody."""
    for party, (row, rules) in _RULES.items():
        blocks = list(_machine_blocks(terrain))
        given = terrain.section.bootstrap_from
        if party is Party.BOOTSTRAP and given is not None:
            blocks = [addresses(str(given))] if given.num_addresses <= AT_LARGE else blocks
        for group in _own_groups(terrain, party):
            for rule in rules:
                ports = ports_of(rule.protocol, rule.from_port, rule.to_port)
                yield from (GroupNeed(group, row, rule.protocol, ports, block) for block in blocks)


def _of_balancers(terrain: Terrain) -> Iterator[GroupNeed]:
    """Clients of the balancers, and what reaches the control plane through them: their own addresses, or the clients'
    where those are kept."""
    control_plane = _groups(terrain.places.get(Party.CONTROL_PLANE, ()))
    for id, ports in ((EXTERNAL, (API_PORT,)), (INTERNAL, (API_PORT, MACHINE_CONFIG_PORT))):
        balancer = terrain.balancers.get(id)
        if balancer is None:
            continue
        clients = [EVERYWHERE] if id == EXTERNAL else _machine_blocks(terrain)
        for port in ports:
            seen_as = clients if _keeps_clients(balancer, port) else _addresses(terrain, balancer)
            for group, peers in ((balancer.groups or (), clients), (control_plane, seen_as)):
                for each in group:
                    yield from (GroupNeed(each, "LB-REACH", "tcp", Span(port, port), block) for block in peers)
            for asked in _asked_elsewhere(balancer, port):
                for each in control_plane:
                    for block in _addresses(terrain, balancer):
                        yield GroupNeed(each, "LB-HEALTH", "tcp", Span(asked, asked), block)


def _keeps_clients(balancer: Balancer, port: int) -> bool:
    return any(
        group.preserves_clients
        for listener in balancer.listeners
        if listener.port == port
        for group in listener.target_groups
    )


def _asked_elsewhere(balancer: Balancer, port: int) -> Sequence[int]:
    """Other ports than the listener's on which targets behind it are asked how they are."""
    groups = [group for listener in balancer.on(port) for group in listener.target_groups]
    return sorted({group.health_port for group in groups} - {port})


def _addresses(terrain: Terrain, balancer: Balancer) -> Sequence[Span]:
    subnets = terrain.network.subnets
    return [subnets[each].addresses for each in balancer.subnets if each in subnets]


def _of_endpoints(terrain: Terrain) -> Iterator[GroupNeed]:
    for service, endpoint in terrain.endpoints.values():
        row = endpoint_row(service)
        for group in endpoint.groups:
            for block in _machine_blocks(terrain):
                yield GroupNeed(group, row, HTTPS.protocol, HTTPS.ports, block)
