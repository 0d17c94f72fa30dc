"""Whether some traffic gets out of a VPC and is answered: as far as the gateway that it is handed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import REMAPPED_PORTS, Network, Place, Subnet, Traffic, Via
from ocpprov.reachability.network_acls import through_acl
from ocpprov.reachability.paths import answer_to, delivered, no_way, unknown_table, unless_another_way, ways_from
from ocpprov.reachability.routes import Way
from ocpprov.reachability.security_groups import through_groups
from ocpprov.reachability.spans import Share, Span, addresses
from ocpprov.reachability.verdict import ARRIVES, Obstacle, Unread, Verdict, together

_NOT_OF_THE_INTERNET: Final = (
    (ExplanationCode.IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS, addresses("10.0.0.0/8")),
    (ExplanationCode.IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS, addresses("172.16.0.0/12")),
    (ExplanationCode.IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS, addresses("192.168.0.0/16")),
    (ExplanationCode.IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS, addresses("100.64.0.0/10")),
)


def is_private(addresses: Span) -> bool:
    """Whether no internet gateway takes what goes to them."""
    return any(block.holds(addresses) for _, block in _NOT_OF_THE_INTERNET)


def of_the_internet(target: Span) -> Sequence[Span]:
    """What of these addresses is the internet's; all of them where none are."""
    left = [target]
    for _, block in _NOT_OF_THE_INTERNET:
        left = [part for span in left for part in span.minus(block)]
    return left or [target]


def outward(network: Network, source: Place, target: Span, traffic: Traffic) -> Verdict:
    """From a place in the VPC to addresses outside of it."""
    out = through_groups(network, source.groups, "egress", traffic, target)
    return together([out, _from_subnet(network, source, target, traffic, ())])


def _from_subnet(network: Network, source: Place, target: Span, traffic: Traffic, passed: Sequence[str]) -> Verdict:
    """Behind the groups: the ACL, the table and where that leads. `passed`: the NAT gateways before."""
    subnet = source.subnet
    found = ways_from(network, subnet, target)
    onward = (
        [unknown_table(subnet)]
        if found is None
        else [unless_another_way(way, _by_way(network, source, way, traffic, passed)) for way in found]
    )
    answer = answer_to(source, traffic)
    back = [through_acl(network, subnet, "ingress", answer, target, reply=True)] if answer else []
    return together([through_acl(network, subnet, "egress", traffic, target), *onward, *back])


def _by_way(network: Network, source: Place, way: Way, traffic: Traffic, passed: Sequence[str]) -> Verdict:
    if way.route is None:
        return no_way(source.subnet, way, ExplanationCode.NO_ROUTE_TO_DESTINATION, traffic, public=source.public)
    if not way.route.active:
        return no_way(source.subnet, way, ExplanationCode.BAD_STATE_ROUTE, traffic, public=source.public)
    target = way.route.target
    match way.route.via:
        case Via.INTERNET_GATEWAY:
            return _through_internet_gateway(target, source, way, traffic)
        case Via.NAT_GATEWAY:
            return _through_nat_gateway(network, target, source, way, traffic, passed)
        case Via.LOCAL | Via.GATEWAY_ENDPOINT:
            return ARRIVES
        case Via.OTHER:
            return Verdict(beyond=(target,))


def _through_internet_gateway(gateway: str, source: Place, way: Way, traffic: Traffic) -> Verdict:
    found = [
        Obstacle(code, gateway, "egress", traffic.protocol, Share(inside, traffic.ports))
        for code, block in _NOT_OF_THE_INTERNET
        if (inside := block.common(way.addresses)) and way.addresses == inside
    ]
    if not source.public:
        code = ExplanationCode.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS
        found.append(Obstacle(code, gateway, "egress", traffic.protocol, Share(way.addresses, traffic.ports)))
    return Verdict(tuple(found))


def _through_nat_gateway(
    network: Network, id: str, source: Place, way: Way, traffic: Traffic, passed: Sequence[str]
) -> Verdict:
    """Into the gateway's subnet, and from there on with its address; the answer comes back the same way."""
    gateway = network.nat_gateways.get(id)
    subnet = network.subnets.get(gateway.subnet) if gateway else None
    if id in passed:
        # It stands behind itself.
        return no_way(source.subnet, way, ExplanationCode.BAD_STATE_ROUTE, traffic)
    if gateway is None or subnet is None:
        return Verdict(unread=(Unread(id),))
    if not gateway.available:
        stopped = Share(way.addresses, traffic.ports)
        return Verdict((Obstacle(ExplanationCode.BAD_STATE, id, "egress", traffic.protocol, stopped),))
    place = Place(subnet, None, ephemeral=REMAPPED_PORTS, public=gateway.public)
    onward = _from_subnet(network, place, way.addresses, traffic, (*passed, id))
    return together([_into_subnet(network, source, subnet, traffic), onward])


def _into_subnet(network: Network, source: Place, subnet: Subnet, traffic: Traffic) -> Verdict:
    """The ACL of the gateway's subnet, both ways, about the sender."""
    if subnet.id == source.subnet.id:
        return ARRIVES
    answer = answer_to(source, traffic)
    into = through_acl(network, subnet, "ingress", traffic, source.span)
    if answer is None:
        return into
    out = through_acl(network, subnet, "egress", answer, source.span, reply=True)
    return together([into, out, delivered(network, subnet, source.span, answer, reply=True)])
