"""The smallest change of a network that lets through what an obstacle stops, as values: that much and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.reachability.acl_numbers import HIGHEST, AclStep, after_all, before
from ocpprov.reachability.explanation_codes import ExplanationCode, OwnCode
from ocpprov.reachability.network import EVERY_TYPE, ICMP, WITH_PORTS, AclEntry, GroupRule, Network, Via
from ocpprov.reachability.network_acls import LAST
from ocpprov.reachability.placeholder_addresses import INTERNET, SERVICE
from ocpprov.reachability.route_openings import EndpointTable, NewRoute, new_routes
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, in_blocks
from ocpprov.reachability.verdict import Direction, Obstacle


@dataclass(frozen=True)
class NewGroupRules:
    """Rules that a security group gets; they have no ids yet."""

    group: str
    direction: Direction
    rules: Sequence[GroupRule]


@dataclass(frozen=True)
class NewAclEntries:
    """What an ACL's entries become, step by step in this order."""

    acl: str
    direction: Direction
    steps: Sequence[AclStep]


@dataclass(frozen=True)
class CrossZone:
    """A network load balancer that is to serve targets of all zones from each."""

    balancer: str


Opening = NewGroupRules | NewAclEntries | NewRoute | EndpointTable | CrossZone


_ROOM: Final = 20
"""Entries that a network ACL may have each way, unless the account has a higher quota (Amazon VPC quotas)."""


def all_openings(network: Network, obstacles: Iterable[Obstacle]) -> dict[Obstacle, Sequence[Opening]]:
    """What opens each. What one entry of an ACL stops is opened by one change, so that no two want the same number."""
    found: dict[Obstacle, Sequence[Opening]] = {}
    by_entry: dict[tuple[str, Direction, int], list[Obstacle]] = {}
    for each in dict.fromkeys(obstacles):
        if each.code is ExplanationCode.SUBNET_ACL_RESTRICTION:
            number = HIGHEST + 1 if each.rule == LAST else int(each.rule)
            by_entry.setdefault((each.component, each.direction, number), []).append(each)
        else:
            found[each] = openings(network, each)
    for _, same in sorted(by_entry.items()):
        opened = () if any(each.stopped.peers == SERVICE for each in same) else _acl_entries(network, *same)
        found.update(dict.fromkeys(same, opened))
        for opening in opened:
            network = _numbered(network, opening)
    return found


def openings(network: Network, obstacle: Obstacle) -> Sequence[Opening]:
    """What opens it, all of it together; nothing where only somebody who knows more can say (`words.opening`)."""
    make = _BY_CODE.get(obstacle.code)
    return () if make is None or obstacle.stopped.peers == SERVICE else make(network, obstacle)


def _group_rules(network: Network, obstacle: Obstacle) -> Sequence[Opening]:
    """In the last of several groups: the one that the fewest share."""
    group = obstacle.component.rpartition(", ")[-1]
    if group not in network.security_groups:
        return ()
    lists = _services(network, obstacle.stopped.peers)
    rules = [
        GroupRule("", obstacle.protocol, ports, None if lists else peers, prefix_list=lists)
        for ports in _ports(obstacle)
        for peers in (_peers(obstacle)[:1] if lists else _peers(obstacle))
    ]
    return (NewGroupRules(group, obstacle.direction, tuple(rules)),)


def _services(network: Network, peers: Span) -> str:
    """The prefix list of an AWS service that has exactly these addresses among others."""
    routes = (route for table in network.route_tables.values() for route in table.routes)
    lists = {route.prefix_list for route in routes if route.via is Via.GATEWAY_ENDPOINT}
    return next((id for id in sorted(lists) if peers in network.prefix_lists.get(id, ())), "")


def _acl_entries(network: Network, first: Obstacle, *more: Obstacle) -> Sequence[NewAclEntries]:
    """For all that one entry of an ACL stops."""
    acl = network.network_acls.get(first.component)
    if acl is None:
        return ()
    every = [
        AclEntry(0, True, each.protocol, peers, ports)
        for each in (first, *more)
        for ports in _ports(each)
        for peers in _peers(each)
    ]
    rule, direction = first.rule, first.direction
    new = _widest(every)
    entries, taken = (acl.ingress, acl.taken_ingress) if direction == "ingress" else (acl.egress, acl.taken_egress)
    steps = after_all(entries, taken, new) if rule == LAST else before(entries, taken, new, int(rule))
    return (NewAclEntries(acl.id, direction, tuple(steps)),) if steps else ()


def _widest(entries: Iterable[AclEntry]) -> Sequence[AclEntry]:
    """Each once, and none of which another one allows all."""
    found = list(dict.fromkeys(entries))
    return [each for each in found if not any(other != each and _holds(other, each) for other in found)]


def _holds(one: AclEntry, other: AclEntry) -> bool:
    return one.protocol == other.protocol and one.peers.holds(other.peers) and one.ports.holds(other.ports)


def _numbered(network: Network, opening: NewAclEntries) -> Network:
    """The network with these entries."""
    acl = network.network_acls[opening.acl]
    inbound = opening.direction == "ingress"
    entries = {each.number: each for each in (acl.ingress if inbound else acl.egress)}
    entries.update({step.entry.number: step.entry for step in opening.steps})
    after = tuple(entries.values())
    changed = replace(acl, ingress=after) if inbound else replace(acl, egress=after)
    return replace(network, network_acls={**network.network_acls, acl.id: changed})


def _peers(obstacle: Obstacle) -> Sequence[Span]:
    """Each of them a block."""
    peers = obstacle.stopped.peers
    return in_blocks(EVERYWHERE if peers == INTERNET else peers)


def _ports(obstacle: Obstacle) -> Sequence[Span]:
    """As rules name them: of ICMP single types, or all where an ACL has no room for so many."""
    ports = obstacle.stopped.ports
    if obstacle.protocol in WITH_PORTS:
        return (ports,)
    if obstacle.protocol != ICMP:
        return (ALL_PORTS,)
    types = range(ports.first, min(ports.last, EVERY_TYPE.last) + 1)
    return tuple(Span(type, type) for type in types) if len(types) <= _ROOM else (EVERY_TYPE,)


def _cross_zone(network: Network, obstacle: Obstacle) -> Sequence[Opening]:
    return (CrossZone(obstacle.component),)


_BY_CODE: Final[Mapping[ExplanationCode | OwnCode, Callable[[Network, Obstacle], Sequence[Opening]]]] = {
    ExplanationCode.ENI_SG_RULES_MISMATCH: _group_rules,
    ExplanationCode.SG_HAS_NO_RULES: _group_rules,
    ExplanationCode.SUBNET_ACL_RESTRICTION: _acl_entries,
    ExplanationCode.NO_ROUTE_TO_DESTINATION: new_routes,
    ExplanationCode.BAD_STATE_ROUTE: new_routes,
    ExplanationCode.ELBV2_NO_TARGETS_IN_AZ: _cross_zone,
}
