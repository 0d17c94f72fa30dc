"""Whether the network ACLs of existing subnets let through what a cluster needs: both ways, as they are stateless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations, product
from typing import Final

from ocpprov.checks.result import Check, failed, warned
from ocpprov.engine.suggestion import command_line
from ocpprov.openshift.subnet_traffic import (
    API,
    ENDPOINTS,
    NAME_SERVERS,
    ROUTER,
    VISITORS,
    SubnetTraffic,
    between_machines,
)
from ocpprov.plan.model import OpenShift
from ocpprov.reachability.network import Network, NetworkAcl, Subnet, Traffic
from ocpprov.reachability.network_acls import LAST, through_acl
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, addresses, blocks
from ocpprov.reachability.verdict import Direction, Obstacle

CHECK: Final = "subnet-acl"
_SHOWN: Final = 5
_HIGHEST: Final = 32766
"""Of the numbers that an entry may have."""


@dataclass(frozen=True)
class ClusterPlaces:
    """Where a cluster's traffic begins and ends: ids of the machines' subnets, of those of the external balancer and of
    the endpoints. `services` are addresses outside of the VPC at which machines reach AWS. `name_servers` are addresses
    of those that aren't AWS's own resolver."""

    machines: Sequence[str]
    public: Sequence[str] = ()
    endpoints: Sequence[str] = ()
    services: Sequence[Span] = ()
    name_servers: Sequence[Span] = ()


@dataclass(frozen=True)
class _End:
    """A subnet, or addresses that are in none of those that are known."""

    addresses: Span
    subnet: Subnet | None = None


@dataclass(frozen=True)
class _Path:
    """Unless it is `needed`, a cluster may live without: who stands behind the addresses isn't known."""

    asked: SubnetTraffic
    source: _End
    target: _End
    needed: bool = True


@dataclass(frozen=True)
class _Stopped:
    path: _Path
    subnet: str
    obstacle: Obstacle
    peers: Span


def subnet_acls(section: OpenShift, places: ClusterPlaces, network: Network, region: str) -> Iterator[Check]:
    """A result for each entry of an ACL that stops something, and a word on the ACLs that can't be read."""
    stopped: dict[tuple[str, Direction, str], list[_Stopped]] = {}
    unread: set[str] = set()
    for path in _paths(section, places, network):
        for subnet, direction, traffic, peers, reply in _passages(path):
            verdict = through_acl(network, subnet, direction, traffic, peers, reply)
            unread |= {each.component for each in verdict.unread}
            for each in verdict.obstacles:
                key = (each.component, each.direction, each.rule)
                stopped.setdefault(key, []).append(_Stopped(path, subnet.id, each, peers))
    for (acl, _, _), found in sorted(stopped.items(), key=lambda item: item[0]):
        yield _check(section, network.network_acls[acl], found, region)
    if unread:
        detail = f"{', '.join(sorted(unread))} can't be read: whether the cluster's traffic passes isn't known"
        yield warned(CHECK, detail, "allow ec2:DescribeNetworkAcls, or ask the network's owner")


def _paths(section: OpenShift, places: ClusterPlaces, network: Network) -> Iterator[_Path]:
    machines, public, endpoints = (
        [_End(network.subnets[id].addresses, network.subnets[id]) for id in ids if id in network.subnets]
        for ids in (places.machines, places.public, places.endpoints)
    )
    for source, target in permutations(machines, 2):
        yield from (_Path(asked, source, target) for asked in between_machines(section))
    for source, target in product(public, machines):
        yield from (_Path(asked, source, target) for asked in (API, ROUTER))
    for source, target in product(machines, endpoints):
        yield _Path(ENDPOINTS, source, target)
    for source, span in product(machines, places.services):
        yield _Path(ENDPOINTS, source, _End(span), needed=span != EVERYWHERE)
    for source, server in product(machines, places.name_servers):
        around = next((each for each in network.subnets.values() if each.addresses.holds(server)), None)
        yield from (_Path(asked, source, _End(server, around)) for asked in NAME_SERVERS)
    for target in public:
        yield from (_Path(asked, _End(EVERYWHERE), target, needed=False) for asked in VISITORS)


def _passages(path: _Path) -> Iterator[tuple[Subnet, Direction, Traffic, Span, bool]]:
    """The subnets whose ACLs the traffic passes, there and back: none where it stays in one."""
    source, target, there = path.source, path.target, path.asked.traffic
    if source.subnet and target.subnet and source.subnet.id == target.subnet.id:
        return
    answer = Traffic(there.protocol, path.asked.ephemeral)
    if source.subnet:
        yield source.subnet, "egress", there, target.addresses, False
        if there.answered:
            yield source.subnet, "ingress", answer, target.addresses, True
    if target.subnet:
        yield target.subnet, "ingress", there, source.addresses, False
        if there.answered:
            yield target.subnet, "egress", answer, source.addresses, True


def _check(section: OpenShift, acl: NetworkAcl, found: Sequence[_Stopped], region: str) -> Check:
    needed = [each for each in found if each.path.needed]
    told = needed or found
    first = found[0].obstacle
    words = _merged(told)
    subnets = ", ".join(sorted({each.subnet for each in told}))
    which = "has no entry that allows" if first.rule == LAST else f"denies by entry {first.rule}"
    way = "come in" if first.direction == "ingress" else "go out"
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    detail = f"{acl.id} of {subnets} {which} what has to {way}: {'; '.join(words[:_SHOWN])}{more}"
    remedy = _remedy(section, acl, told, region)
    check = failed(CHECK, detail, remedy) if needed else warned(CHECK, f"{detail}, if they are to reach it", remedy)
    return replace(check, about=acl.id)


def _merged(found: Sequence[_Stopped]) -> list[str]:
    """Each sort of traffic once, answers last: what it is, from or to where it isn't let through, and what for."""
    sorts: dict[tuple[bool, str, Span], list[_Stopped]] = {}
    for each in found:
        stopped = each.obstacle
        sorts.setdefault((stopped.reply, stopped.protocol, stopped.stopped.ports), []).append(each)
    way = "from" if found[0].obstacle.direction == "ingress" else "to"
    lines = []
    for (reply, protocol, ports), those in sorted(sorts.items(), key=lambda item: item[0][0]):
        peers = ", ".join(blocks(span) for span in sorted({each.obstacle.stopped.peers for each in those}))
        purposes = "answers" if reply else ", ".join(dict.fromkeys(each.path.asked.what for each in those))
        lines.append(f"{protocol}{_ports(ports)} {way} {peers} ({purposes})")
    return lines


def _remedy(section: OpenShift, acl: NetworkAcl, found: Sequence[_Stopped], region: str) -> str:
    """A command for what goes between the machines, where that is stopped, and words for the rest."""
    first = found[0].obstacle
    networks = {str(network): addresses(str(network)) for network in section.machine_networks}
    inside = [block for block, span in networks.items() if any(span.holds(each.peers) for each in found)]
    numbers = _free_numbers(acl, first)
    steps = [_step(acl.id, first, next(numbers, 0), block, region) for block in inside]
    if any(not any(span.holds(each.peers) for span in networks.values()) for each in found):
        before = f" before entry {first.rule}" if first.rule != LAST else ""
        steps.append(f"have {acl.id} allow the rest{before}, and answers in the other direction")
    return "; ".join(steps)


def _free_numbers(acl: NetworkAcl, first: Obstacle) -> Iterator[int]:
    """Those at which an entry comes before the one that stops the traffic."""
    entries = acl.ingress if first.direction == "ingress" else acl.egress
    taken = {each.number for each in entries}
    if first.rule == LAST:
        after = range(max(taken, default=90) + 10, _HIGHEST + 1, 10)
        yield from (number for number in (*after, *range(_HIGHEST, 0, -1)) if number not in taken)
    else:
        yield from (number for number in range(int(first.rule) - 1, 0, -1) if number not in taken)


def _step(acl: str, first: Obstacle, number: int, block: str, region: str) -> str:
    """The command that allows everything between the machines; in words where no number is free (0)."""
    if not number:
        way = "from" if first.direction == "ingress" else "to"
        return f"have {acl} allow everything {way} {block} before entry {first.rule}"
    rule = ("--rule-number", str(number), "--protocol", "-1", "--rule-action", "allow")
    where = ("--region", region, "--network-acl-id", acl, f"--{first.direction}", *rule, "--cidr-block", block)
    return command_line("aws", "ec2", "create-network-acl-entry", *where)


def _ports(ports: Span) -> str:
    if ports == ALL_PORTS:
        return ""
    return f" {ports.first}" if ports.first == ports.last else f" {ports.first}-{ports.last}"
