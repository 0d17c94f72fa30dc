"""Whether a load balancer brings its clients to the targets, and learns which of them are healthy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ocpprov.reachability.explanation_codes import ExplanationCode, OwnCode
from ocpprov.reachability.inward import inward
from ocpprov.reachability.network import REMAPPED_PORTS, Network, Place, Traffic
from ocpprov.reachability.network_acls import through_acl
from ocpprov.reachability.paths import within
from ocpprov.reachability.security_groups import through_groups
from ocpprov.reachability.spans import Share, Span
from ocpprov.reachability.verdict import ARRIVES, Answer, Obstacle, Unread, Verdict, together


@dataclass(frozen=True)
class TargetGroup:
    """`port` is where targets listen, `health_port` where they are asked. `preserves_clients`: they see the client's
    address, not the balancer's. `targets` are None where nobody knows who they are."""

    id: str
    port: int
    health_port: int
    preserves_clients: bool = False
    targets: Sequence[Place] | None = ()

    @property
    def unread(self) -> Unread:
        """What isn't known of it."""
        return Unread(f"targets of {self.id}")


@dataclass(frozen=True)
class Listener:
    """`target_groups` may be several, with weights: a client may come to any of them. `id` is what to find it by, empty
    where it is nothing of its own."""

    port: int
    target_groups: Sequence[TargetGroup] = ()
    id: str = ""


@dataclass(frozen=True)
class Balancer:
    """It stands in `subnets`; `groups` are None where it has none. `cross_zone`: each of its addresses serves the
    targets of all zones. A `classic` one has its listeners and targets in itself."""

    id: str
    active: bool = True
    internal: bool = True
    subnets: Sequence[str] = ()
    groups: Sequence[str] | None = None
    cross_zone: bool = True
    listeners: Sequence[Listener] = ()
    classic: bool = False

    def on(self, port: int) -> Sequence[Listener]:
        """Those that listen on a port."""
        return [each for each in self.listeners if each.port == port]


def from_place(network: Network, client: Place, balancer: Balancer, port: int) -> Verdict:
    """From a place in the VPC to what listens behind the balancer."""
    return together(
        [
            *(within(network, client, node, _to(port)) for node in _nodes(network, balancer)),
            behind_listener(network, balancer, port, client.span),
            *(_hairpin(balancer, group, client) for group in _groups_on(balancer, port)),
        ]
    )


def _hairpin(balancer: Balancer, group: TargetGroup, client: Place) -> Verdict:
    """A target that is its own client and sees its own address drops what comes back to it (Network Load Balancers,
    "Troubleshoot your Network Load Balancer", "Connections time out for requests from a target to its load
    balancer")."""
    if not group.preserves_clients or client not in (group.targets or ()):
        return ARRIVES
    return _refused(balancer, OwnCode.HAIRPIN, group.port, client.span, group.id)


def from_outside(network: Network, clients: Span, balancer: Balancer, port: int) -> Verdict:
    """From addresses on the internet to what listens behind the balancer."""
    return together(
        [
            *(_into(network, clients, balancer, node, _to(port)) for node in _nodes(network, balancer)),
            behind_listener(network, balancer, port, clients),
        ]
    )


def from_outside_by_any(network: Network, clients: Span, balancer: Balancer, port: int) -> Verdict:
    """The same about what must not arrive: one of the balancer's addresses and one target are enough for that. Where
    nobody knows the targets, that the balancer is reached is enough."""
    found = [from_outside(network, clients, each, port) for each in _single_ways(balancer, port)]
    if balancer.active and any(group.targets is None for group in _groups_on(balancer, port)):
        found += [_into(network, clients, balancer, node, _to(port)) for node in _nodes(network, balancer)]
    for answer in (Answer.YES, Answer.UNKNOWN):
        if verdict := next((each for each in found if each.answer is answer), None):
            return verdict
    return from_outside(network, clients, balancer, port)


def _single_ways(balancer: Balancer, port: int) -> Iterator[Balancer]:
    """The balancer cut down to each of its subnets with each of its targets."""
    for subnet in balancer.subnets:
        for group in _groups_on(balancer, port):
            for target in group.targets or ():
                listener = Listener(port, (replace(group, targets=(target,)),))
                yield replace(balancer, subnets=(subnet,), listeners=(listener,))


def behind_listener(network: Network, balancer: Balancer, port: int, clients: Span) -> Verdict:
    """From the balancer to its targets, which get what these clients send."""
    missing = Verdict(unread=tuple(Unread(each) for each in balancer.subnets if each not in network.subnets))
    if not balancer.active:
        return together([missing, _refused(balancer, ExplanationCode.BAD_STATE, port, clients)])
    groups = _groups_on(balancer, port)
    if not groups:
        codes = (ExplanationCode.ELBV2_LISTENERS_MISMATCH, ExplanationCode.ELB_LISTENERS_MISMATCH)
        return together([missing, _refused(balancer, codes[balancer.classic], port, clients)])
    return together([missing, *(_to_targets(network, balancer, group, clients) for group in groups)])


def health_checks(network: Network, balancer: Balancer, group: TargetGroup) -> Verdict:
    """From the balancer to where its targets are asked how they are: with its own addresses, whatever clients send."""
    if group.targets is None:
        return Verdict(unread=(group.unread,))
    return together(
        _forwarded(network, node, node.span, target, _to(group.health_port))
        for node in _nodes(network, balancer)
        for target in _targets_of(balancer, node, group)
    )


def _to_targets(network: Network, balancer: Balancer, group: TargetGroup, clients: Span) -> Verdict:
    if group.targets is None:
        return Verdict(unread=(group.unread,))
    if not group.targets:
        return _refused(balancer, ExplanationCode.ELBV2_LISTENER_HAS_NO_TG, group.port, clients, group.id)
    found = []
    for node in _nodes(network, balancer):
        targets = list(_targets_of(balancer, node, group))
        if not targets:
            code = (ExplanationCode.ELBV2_NO_TARGETS_IN_AZ, ExplanationCode.ELB_NOT_CROSSZONE)[balancer.classic]
            found.append(_refused(balancer, code, group.port, clients, node.subnet.zone))
        seen_as = clients if group.preserves_clients else node.span
        found += [_forwarded(network, node, seen_as, target, _to(group.port)) for target in targets]
    return together(found)


def _groups_on(balancer: Balancer, port: int) -> list[TargetGroup]:
    return [group for listener in balancer.on(port) for group in listener.target_groups]


def _nodes(network: Network, balancer: Balancer) -> list[Place]:
    """Where the balancer stands: an interface in each of its subnets."""
    return [
        Place(network.subnets[id], balancer.groups, ephemeral=REMAPPED_PORTS, public=not balancer.internal)
        for id in balancer.subnets
        if id in network.subnets
    ]


def _targets_of(balancer: Balancer, node: Place, group: TargetGroup) -> Iterator[Place]:
    for target in group.targets or ():
        if balancer.cross_zone or target.subnet.zone == node.subnet.zone:
            yield target


def _forwarded(network: Network, node: Place, seen_as: Span, target: Place, traffic: Traffic) -> Verdict:
    """From one of the balancer's interfaces to a target, which sees it come from `seen_as`; answers come back by the
    balancer, also where the target sees the client."""
    out = through_groups(network, node.groups, "egress", traffic, target.span, target.groups)
    into = through_groups(network, target.groups, "ingress", traffic, seen_as, node.groups)
    if node.subnet.id == target.subnet.id:
        return together([out, into])
    back = Traffic(traffic.protocol, node.ephemeral)
    return together(
        [
            out,
            through_acl(network, node.subnet, "egress", traffic, target.span),
            through_acl(network, target.subnet, "ingress", traffic, seen_as),
            into,
            through_acl(network, target.subnet, "egress", back, seen_as, reply=True),
            through_acl(network, node.subnet, "ingress", back, target.span, reply=True),
        ]
    )


def _into(network: Network, clients: Span, balancer: Balancer, node: Place, traffic: Traffic) -> Verdict:
    """From the internet to one of the balancer's interfaces: in by the gateway, and the answer out by its table."""
    if balancer.internal:
        return _refused(balancer, ExplanationCode.IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS, traffic.ports.first, clients)
    return inward(network, clients, node, traffic)


def _refused(balancer: Balancer, code: ExplanationCode | OwnCode, port: int, clients: Span, rule: str = "") -> Verdict:
    return Verdict((Obstacle(code, balancer.id, "ingress", "tcp", Share(clients, Span(port, port)), rule),))


def _to(port: int) -> Traffic:
    return Traffic("tcp", Span(port, port))
