"""A second judge, written apart from the first: one packet at a time, by plain iteration over rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocpprov.reachability.network import AclEntry, GroupRule, Network, Place, RouteTable, Subnet, Traffic
from ocpprov.reachability.spans import Span


@dataclass(frozen=True)
class Packet:
    """`port` is where it goes to, of ICMP its type; `code` is ICMP's."""

    protocol: str
    source: int
    target: int
    port: int
    code: int = 0

    def turned(self, port: int) -> Packet:
        """What answers it, to that port."""
        return Packet(self.protocol, self.target, self.source, port, self.code)


def numbers(span: Span) -> range:
    return range(span.first, span.last + 1)


def packets(source: Place, target: Span, traffic: Traffic) -> Iterator[Packet]:
    """All that the traffic is made of."""
    for code in (0, 1) if traffic.protocol == "icmp" else (0,):
        for sender in numbers(source.span):
            for receiver in numbers(target):
                for port in numbers(traffic.ports):
                    yield Packet(traffic.protocol, sender, receiver, port, code)


def answers(packet: Packet, ephemeral: Span) -> Iterator[Packet]:
    if packet.protocol in ("tcp", "udp"):
        yield from (packet.turned(port) for port in numbers(ephemeral))
    else:
        yield packet.turned(packet.port)


def of_the_kind(rule: GroupRule | AclEntry, packet: Packet) -> bool:
    if rule.protocol == "-1":
        return True
    return rule.protocol == packet.protocol and packet.port in numbers(rule.ports) and (rule.whole or packet.code == 0)


def groups_let(network: Network, place: Place, direction: str, packet: Packet, peer: Place | None) -> bool:
    if place.groups is None:
        return True
    other = packet.source if direction == "ingress" else packet.target
    for id in place.groups:
        group = network.security_groups[id]
        for rule in group.ingress if direction == "ingress" else group.egress:
            if not of_the_kind(rule, packet):
                continue
            if rule.peers is not None and other in numbers(rule.peers):
                return True
            if rule.group and peer is not None and rule.group in (peer.groups or ()):
                return True
            if any(other in numbers(span) for span in network.prefix_lists.get(rule.prefix_list, ())):
                return True
    return False


def acl_lets(network: Network, subnet: Subnet, direction: str, packet: Packet) -> bool:
    acl = network.network_acls[subnet.network_acl]
    other = packet.source if direction == "ingress" else packet.target
    for entry in sorted(acl.ingress if direction == "ingress" else acl.egress, key=lambda each: each.number):
        if of_the_kind(entry, packet) and other in numbers(entry.peers):
            return entry.allow
    return False


def target_of(network: Network, table: RouteTable, address: int) -> str | None:
    """What the most specific route leads to: a `!` before it where the route doesn't work; None without one."""
    best: tuple[int, int] | None = None
    found = None
    for route in table.routes:
        spans: Sequence[Span] = network.prefix_lists.get(route.prefix_list, ())
        for span in (route.destination,) if route.destination else spans:
            if address not in numbers(span):
                continue
            if route.propagated and any(address in numbers(block) for block in network.blocks):
                continue
            rank = (len(numbers(span)), 2 if route.propagated else 1 if route.prefix_list else 0)
            if best is None or rank < best:
                best, found = rank, route.target if route.active else f"!{route.target}"
    return found


def stays(network: Network, subnet: Subnet, address: int) -> bool:
    """Whether the subnet sends it to the VPC itself, or hands it to somebody who may bring it there."""
    target = target_of(network, network.route_tables[subnet.route_table], address)
    return target is not None and not target.startswith("!")


def gets_there(network: Network, source: Place, target: Place, packet: Packet) -> bool:
    """One packet, without an answer."""
    if not groups_let(network, source, "egress", packet, target):
        return False
    if not groups_let(network, target, "ingress", packet, source):
        return False
    return crosses(network, source.subnet, target.subnet, packet)


def crosses(network: Network, source: Subnet, target: Subnet, packet: Packet) -> bool:
    """Between the subnets: what no group sees."""
    return source.id == target.id or (
        acl_lets(network, source, "egress", packet)
        and stays(network, source, packet.target)
        and acl_lets(network, target, "ingress", packet)
    )


def is_answered(network: Network, source: Place, target: Place, packet: Packet, traffic: Traffic) -> bool:
    """The packet, and each that answers it: groups let answers through."""
    return gets_there(network, source, target, packet) and (
        not traffic.answered
        or all(crosses(network, target.subnet, source.subnet, each) for each in answers(packet, source.ephemeral))
    )


def gets_out(network: Network, source: Place, packet: Packet, traffic: Traffic, passed: tuple[str, ...] = ()) -> bool:
    """Out of the VPC through whatever there is, and back."""
    if not passed and not groups_let(network, source, "egress", packet, None):
        return False
    if not acl_lets(network, source.subnet, "egress", packet):
        return False
    if traffic.answered and not all(
        acl_lets(network, source.subnet, "ingress", each) for each in answers(packet, source.ephemeral)
    ):
        return False
    target = target_of(network, network.route_tables[source.subnet.route_table], packet.target)
    if target is None or target.startswith("!"):
        return False
    if target.startswith("igw-"):
        return source.public
    if not target.startswith("nat-"):
        return True
    gateway = network.nat_gateways[target]
    subnet = network.subnets[gateway.subnet]
    if not gateway.available or not into_gateway(network, source, subnet, packet, traffic):
        return False
    place = Place(subnet, None, Span(packet.source, packet.source), REMAPPED, gateway.public)
    return gets_out(network, place, packet, traffic, (*passed, target))


REMAPPED = Span(1024, 1025)
"""Some of the ports that a gateway connects from."""


def into_gateway(network: Network, source: Place, subnet: Subnet, packet: Packet, traffic: Traffic) -> bool:
    """From the sender to the NAT gateway, and what it sends back."""
    if subnet.id == source.subnet.id:
        return True
    return acl_lets(network, subnet, "ingress", packet) and (
        not traffic.answered
        or all(
            acl_lets(network, subnet, "egress", each) and stays(network, subnet, each.target)
            for each in answers(packet, source.ephemeral)
        )
    )
