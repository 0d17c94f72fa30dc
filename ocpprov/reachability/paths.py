"""Whether some traffic gets from one place of a VPC to another and is answered, hop by hop."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import (
    ECHO_REPLY,
    ECHO_REQUEST,
    ICMP,
    WITH_PORTS,
    Network,
    Place,
    Subnet,
    Traffic,
    Via,
)
from ocpprov.reachability.network_acls import through_acl
from ocpprov.reachability.routes import Way, ways
from ocpprov.reachability.security_groups import through_groups
from ocpprov.reachability.spans import Share, Span
from ocpprov.reachability.verdict import ARRIVES, Obstacle, Unread, Verdict, together


def within(network: Network, source: Place, target: Place, traffic: Traffic) -> Verdict:
    """From one place in the VPC to another. Neither ACLs nor route tables see what stays in a subnet."""
    out = through_groups(
        network, source.groups, "egress", traffic, target.span, target.groups, more_groups=target.more_groups
    )
    into = through_groups(
        network, target.groups, "ingress", traffic, source.span, source.groups, more_groups=source.more_groups
    )
    if source.subnet.id == target.subnet.id:
        return together([out, into])
    there = [
        out,
        through_acl(network, source.subnet, "egress", traffic, target.span),
        delivered(network, source.subnet, target.span, traffic),
        through_acl(network, target.subnet, "ingress", traffic, source.span),
        into,
    ]
    answer = answer_to(source, traffic)
    if answer is None:
        return together(there)
    back = [
        through_acl(network, target.subnet, "egress", answer, source.span, reply=True),
        delivered(network, target.subnet, source.span, answer, reply=True),
        through_acl(network, source.subnet, "ingress", answer, target.span, reply=True),
    ]
    return together([*there, *back])


def answer_to(source: Place, traffic: Traffic) -> Traffic | None:
    """What comes back to the source: to the ports that it connected from; for an echo request its reply, else more of
    the same; None where nothing has to."""
    if not traffic.answered:
        return None
    if traffic.protocol in WITH_PORTS:
        return Traffic(traffic.protocol, source.ephemeral)
    if traffic.protocol == ICMP and traffic.ports == ECHO_REQUEST:
        return Traffic(traffic.protocol, ECHO_REPLY)
    return traffic


def ways_from(network: Network, subnet: Subnet, target: Span) -> Sequence[Way] | None:
    """The routes that the subnet's table has for these addresses; None where the table isn't known."""
    table = network.route_tables.get(subnet.route_table)
    return None if table is None else ways(network, table, target)


def unknown_table(subnet: Subnet) -> Verdict:
    """What can't be said without the subnet's route table."""
    return Verdict(unread=(Unread(subnet.route_table or f"route table of {subnet.id}"),))


def no_way(
    subnet: Subnet, way: Way, code: ExplanationCode, traffic: Traffic, reply: bool = False, public: bool = False
) -> Verdict:
    """The subnet's table has no route for these addresses, or one that leads nowhere."""
    stopped = Share(way.addresses, traffic.ports)
    rule = way.route.target if way.route else ""
    return Verdict(
        (Obstacle(code, subnet.route_table, "egress", traffic.protocol, stopped, rule, reply, public=public),)
    )


def delivered(network: Network, subnet: Subnet, target: Span, traffic: Traffic, reply: bool = False) -> Verdict:
    """Whether the subnet's table sends all of it to the VPC itself. What goes by a machine or an endpoint of a firewall
    is handed to that, and nobody sees from here what becomes of it."""
    found = ways_from(network, subnet, target)
    if found is None:
        return unknown_table(subnet)
    return together(unless_another_way(way, _within_vpc(subnet, way, traffic, reply)) for way in found)


def unless_another_way(way: Way, verdict: Verdict) -> Verdict:
    """What is found on a way: nothing is certain where an unread prefix list may have a more specific one."""
    return Verdict(unread=tuple(map(Unread, way.unread))) if way.unread else verdict


def _within_vpc(subnet: Subnet, way: Way, traffic: Traffic, reply: bool) -> Verdict:
    if way.route is None:
        return no_way(subnet, way, ExplanationCode.NO_ROUTE_TO_DESTINATION, traffic, reply)
    if not way.route.active:
        return no_way(subnet, way, ExplanationCode.BAD_STATE_ROUTE, traffic, reply)
    return ARRIVES if way.route.via is Via.LOCAL else Verdict(beyond=(way.route.target,))
