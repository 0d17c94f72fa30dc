"""What opens an obstacle: it does, in networks at random, and opens nothing beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocpprov.reachability.acl_numbers import AclStep
from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import (
    AclEntry,
    GroupRule,
    NatGateway,
    Network,
    NetworkAcl,
    Place,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Via,
)
from ocpprov.reachability.openings import CrossZone, NewAclEntries, NewGroupRules, Opening, all_openings, openings
from ocpprov.reachability.outward import outward
from ocpprov.reachability.paths import within
from ocpprov.reachability.placeholder_addresses import INTERNET, SERVICE
from ocpprov.reachability.route_openings import EndpointTable, NewRoute
from ocpprov.reachability.spans import EVERYWHERE, Share, Span, addresses
from ocpprov.reachability.verdict import Obstacle, Verdict
from tests.reachability.changes import applied, dense, stages
from tests.reachability.networks import OUTSIDE, networks, places, spans, traffics
from tests.reachability.packets import Packet, acl_lets, groups_let, target_of

FEW = settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])
MOST_CHANGES = 80
SOMEWHERE = Subnet("any", Span(0, 0))
Judge = Callable[[Network], Verdict]


def judge(data: st.DataObject) -> tuple[Network, Judge]:
    """A network, and some traffic in it or out of it."""
    network = data.draw(networks())
    if data.draw(st.booleans()):
        network = dense(network)
    source, traffic = data.draw(places(network)), data.draw(traffics())
    if data.draw(st.booleans()):
        outside = data.draw(spans(OUTSIDE.first, OUTSIDE.last))
        return network, lambda known: outward(known, source, outside, traffic)
    target = data.draw(places(network))
    return network, lambda known: within(known, source, target, traffic)


def same_obstacle(one: Obstacle, other: Obstacle) -> bool:
    """Whether they are at one place and about some of the same traffic."""
    at = [(each.component, each.direction, each.protocol, each.reply) for each in (one, other)]
    return at[0] == at[1] and one.stopped.common(other.stopped) is not None


def check_opened(data: st.DataObject) -> None:
    network, verdict = judge(data)
    for _ in range(MOST_CHANGES):
        found = [(each, openings(network, each)) for each in verdict(network).obstacles]
        changes = [(obstacle, changes) for obstacle, changes in found if changes]
        if not changes:
            return
        obstacle, changed = changes[0]
        for change in changed:
            network = applied(network, change)
        assert [each for each in verdict(network).obstacles if same_obstacle(each, obstacle)] == []
    raise AssertionError("no end of changes")


def check_nothing_more(data: st.DataObject) -> None:
    network, verdict = judge(data)
    for obstacle in verdict(network).obstacles:
        for change in openings(network, obstacle):
            before = network
            for after in stages(network, change):
                opened = decided_otherwise(before, after, change)
                assert [each for each in opened if not stated(obstacle, change, each)] == []
            network = applied(network, change)


def stated(obstacle: Obstacle, change: Opening, packet: Packet) -> bool:
    """Whether the packet is of the traffic that the obstacle stops, as rules can name it; routes know addresses."""
    if isinstance(change, NewRoute):
        return obstacle.stopped.peers.holds(Span(packet.target, packet.target))
    peer = packet.source if obstacle.direction == "ingress" else packet.target
    peers, ports = obstacle.stopped.peers, obstacle.stopped.ports
    by_ports = packet.protocol in ("tcp", "udp", "icmp")
    return (
        packet.protocol == obstacle.protocol
        and peers.first <= peer <= peers.last
        and (not by_ports or ports.first <= packet.port <= ports.last)
    )


def decided_otherwise(before: Network, after: Network, change: Opening) -> Iterator[Packet]:
    """The packets that the changed thing alone lets through now, and didn't; there are none the other way round."""
    for packet in every_packet():
        passes = [let_through(network, change, packet) for network in (before, after)]
        assert passes != [True, False], packet
        if passes == [False, True]:
            yield packet


def every_packet() -> Iterator[Packet]:
    protocols = ("tcp", "udp", "icmp", "50")
    for protocol, peer, port in product(protocols, range(21), (0, 1, 2, 3, 4, 5, 6, 7, 1024, 40000)):
        yield Packet(protocol, peer, peer, port)


def let_through(network: Network, change: Opening, packet: Packet) -> bool:
    match change:
        case NewGroupRules(group, direction, _):
            return groups_let(network, Place(SOMEWHERE, (group,)), direction, packet, None)
        case NewAclEntries(acl, direction, _):
            return acl_lets(network, Subnet("any", SOMEWHERE.addresses, network_acl=acl), direction, packet)
        case NewRoute(table):
            target = target_of(network, network.route_tables[table], packet.target)
            return target is not None and not target.startswith("!")
    raise AssertionError(change)


@FEW
@given(st.data())
def test_what_is_told_opens_the_obstacle_and_a_few_of_it_all(data: st.DataObject) -> None:
    check_opened(data)


def check_all_together(data: st.DataObject) -> None:
    """All that stops some traffic, opened in one go: each opening once, in order."""
    network, verdict = judge(data)
    found = all_openings(network, verdict(network).obstacles)
    changed = network
    for change in dict.fromkeys(each for changes in found.values() for each in changes):
        changed = applied(changed, change)
    for obstacle, changes in found.items():
        if changes:
            assert [each for each in verdict(changed).obstacles if same_obstacle(each, obstacle)] == []


@FEW
@given(st.data())
def test_all_openings_together_open_all(data: st.DataObject) -> None:
    check_all_together(data)


@pytest.mark.torture
@MANY
@given(st.data())
def test_all_openings_together_in_hundreds_of_networks(data: st.DataObject) -> None:
    check_all_together(data)


@FEW
@given(st.data())
def test_nothing_is_opened_beside_it_at_any_step(data: st.DataObject) -> None:
    check_nothing_more(data)


@pytest.mark.torture
@MANY
@given(st.data())
def test_obstacles_of_thousands_of_networks_are_opened(data: st.DataObject) -> None:
    check_opened(data)


@pytest.mark.torture
@MANY
@given(st.data())
def test_nothing_beside_it_in_thousands_of_networks(data: st.DataObject) -> None:
    check_nothing_more(data)


# What networks at random don't have: stand-ins, endpoints, gateways in zones.

VPC = addresses("10.0.0.0/16")
SUBNETS = {
    "private": Subnet("private", addresses("10.0.0.0/24"), "b", "rtb-private", "acl"),
    "public-a": Subnet("public-a", addresses("10.0.1.0/24"), "a", "rtb-a", "acl"),
    "public-b": Subnet("public-b", addresses("10.0.2.0/24"), "b", "rtb-b", "acl"),
}
S3 = addresses("52.218.0.0/17")
OUT = Route("igw-1", Via.INTERNET_GATEWAY, EVERYWHERE)
BY_S3 = Route("vpce-1", Via.GATEWAY_ENDPOINT, prefix_list="pl-s3")


def built(private: Sequence[Route], b: Sequence[Route] = (OUT,)) -> Network:
    gateways = {f"nat-{zone}": NatGateway(f"nat-{zone}", f"public-{zone}") for zone in "ab"}
    tables = {"rtb-private": tuple(private), "rtb-a": (OUT, BY_S3, TO_OTHERS), "rtb-b": tuple(b)}
    return Network(
        "vpc-1",
        (VPC,),
        SUBNETS,
        {"sg-1": SecurityGroup("sg-1"), "sg-2": SecurityGroup("sg-2")},
        {"acl": NetworkAcl("acl", (), (), frozenset({100}), frozenset())},
        {id: RouteTable(id, routes) for id, routes in tables.items()},
        gateways,
        {"pl-s3": (S3,)},
    )


TO_OTHERS = Route("tgw-1", Via.OTHER, addresses("192.168.0.0/16"))
Code = ExplanationCode


def stopped(code: ExplanationCode, component: str, peers: Span, **more: Any) -> Obstacle:
    return Obstacle(code, component, "egress", "tcp", Share(peers, Span(443, 443)), **more)


@pytest.mark.parametrize(
    ("network", "obstacle", "expected"),
    [
        (
            built(()), stopped(Code.NO_ROUTE_TO_DESTINATION, "rtb-private", INTERNET),
            [NewRoute("rtb-private", EVERYWHERE, "nat-b", Via.NAT_GATEWAY)],
        ),
        (
            built((Route("nat-x", Via.NAT_GATEWAY, EVERYWHERE, active=False),)),
            stopped(Code.BAD_STATE_ROUTE, "rtb-private", INTERNET, rule="nat-x"),
            [NewRoute("rtb-private", EVERYWHERE, "nat-b", Via.NAT_GATEWAY, replaces=True)],
        ),
        (
            built((Route("tgw-x", Via.OTHER, addresses("203.0.0.0/8"), active=False),)),
            stopped(Code.BAD_STATE_ROUTE, "rtb-private", INTERNET, rule="tgw-x"),
            [NewRoute("rtb-private", addresses("203.0.0.0/8"), "nat-b", Via.NAT_GATEWAY, replaces=True)],
        ),
        (
            built((
                Route("nat-a", Via.NAT_GATEWAY, EVERYWHERE),
                Route("tgw-y", Via.OTHER, addresses("203.0.112.0/20"), active=False),
                Route("tgw-x", Via.OTHER, addresses("203.0.0.0/8"), active=False),
            )),
            stopped(Code.BAD_STATE_ROUTE, "rtb-private", INTERNET, rule="tgw-x"),
            [NewRoute("rtb-private", addresses("203.0.0.0/8"), "nat-b", Via.NAT_GATEWAY, replaces=True)],
        ),
        (
            built(()), stopped(Code.NO_ROUTE_TO_DESTINATION, "rtb-a", S3, public=True),
            [NewRoute("rtb-a", S3, "igw-1", Via.INTERNET_GATEWAY)],
        ),
        (
            built((OUT,), ()), stopped(Code.NO_ROUTE_TO_DESTINATION, "rtb-b", INTERNET, public=True),
            [NewRoute("rtb-b", EVERYWHERE, "igw-1", Via.INTERNET_GATEWAY)],
        ),
        (
            built((), ()), stopped(Code.NO_ROUTE_TO_DESTINATION, "rtb-b", INTERNET, public=True),
            [NewRoute("rtb-b", EVERYWHERE, "igw-1", Via.INTERNET_GATEWAY)],
        ),
        (
            built(()), stopped(Code.NO_ROUTE_TO_DESTINATION, "rtb-private", addresses("192.168.4.0/22")),
            [NewRoute("rtb-private", addresses("192.168.4.0/22"), "tgw-1", Via.OTHER)],
        ),
        (built(()), stopped(Code.NO_ROUTE_TO_DESTINATION, "rtb-private", addresses("172.20.0.0/16")), []),
        (
            built(()), stopped(Code.NO_ROUTE_TO_DESTINATION, "rtb-private", S3),
            [EndpointTable("vpce-1", "rtb-private")],
        ),
        (built(()), stopped(Code.NO_ROUTE_TO_DESTINATION, "route table of x", INTERNET), []),
        (
            built(()), stopped(Code.SG_HAS_NO_RULES, "sg-1, sg-2", INTERNET),
            [NewGroupRules("sg-2", "egress", (GroupRule("", "tcp", Span(443, 443), EVERYWHERE),))],
        ),
        (
            built(()), stopped(Code.ENI_SG_RULES_MISMATCH, "sg-1", S3),
            [NewGroupRules("sg-1", "egress", (GroupRule("", "tcp", Span(443, 443), prefix_list="pl-s3"),))],
        ),
        (built(()), stopped(Code.ENI_SG_RULES_MISMATCH, "sg-1", SERVICE), []),
        (built(()), stopped(Code.ENI_SG_RULES_MISMATCH, "sg-9", VPC), []),
        (
            built(()), stopped(Code.SUBNET_ACL_RESTRICTION, "acl", VPC, rule="*"),
            [NewAclEntries("acl", "egress", (AclStep(AclEntry(100, True, "tcp", VPC, Span(443, 443))),))],
        ),
        (
            built(()), replace(stopped(Code.SUBNET_ACL_RESTRICTION, "acl", VPC, rule="*"), direction="ingress"),
            [NewAclEntries("acl", "ingress", (AclStep(AclEntry(200, True, "tcp", VPC, Span(443, 443))),))],
        ),
        (built(()), stopped(Code.ELBV2_NO_TARGETS_IN_AZ, "arn", VPC), [CrossZone("arn")]),
        (built(()), stopped(Code.BAD_STATE, "nat-a", INTERNET), []),
    ],
)  # fmt: skip
def test_what_opens_it(network: Network, obstacle: Obstacle, expected: Sequence[Opening]) -> None:
    assert list(openings(network, obstacle)) == expected


@pytest.mark.parametrize("lost", [{"available": False}, {"public": False}, {"subnet": "private"}, {"subnet": "gone"}])
def test_a_nat_gateway_that_leads_nowhere_is_no_way(lost: Mapping[str, Any]) -> None:
    network = built(())
    gateways = {**network.nat_gateways, "nat-b": replace(network.nat_gateways["nat-b"], **lost)}
    obstacle = stopped(Code.NO_ROUTE_TO_DESTINATION, "rtb-private", INTERNET)
    found = openings(replace(network, nat_gateways=gateways), obstacle)
    assert list(found) == [NewRoute("rtb-private", EVERYWHERE, "nat-a", Via.NAT_GATEWAY)]


def test_the_most_specific_route_of_another_table_shows_the_way() -> None:
    there = addresses("192.168.4.0/22")
    wide = Route("tgw-2", Via.OTHER, EVERYWHERE)
    narrow, dead = Route("pcx-1", Via.OTHER, there), Route("pcx-2", Via.OTHER, there, active=False)
    obstacle = stopped(Code.NO_ROUTE_TO_DESTINATION, "rtb-private", there)
    found = openings(built((), (wide, dead, narrow)), obstacle)
    assert list(found) == [NewRoute("rtb-private", there, "pcx-1", Via.OTHER)]


def test_what_one_entry_stops_is_opened_by_one_change() -> None:
    wide, narrow, other = VPC, addresses("10.0.7.0/24"), S3
    asked = [stopped(Code.SUBNET_ACL_RESTRICTION, "acl", span, rule="*") for span in (narrow, other, wide)]
    inbound = replace(asked[0], direction="ingress")
    found = all_openings(built(()), [*asked, inbound, asked[0]])
    ports = Span(443, 443)
    out = NewAclEntries(
        "acl",
        "egress",
        (AclStep(AclEntry(100, True, "tcp", other, ports)), AclStep(AclEntry(200, True, "tcp", wide, ports))),
    )
    into = NewAclEntries("acl", "ingress", (AclStep(AclEntry(200, True, "tcp", narrow, ports)),))
    assert found == {**dict.fromkeys(asked, (out,)), inbound: (into,)}


def test_entries_that_deny_are_opened_from_the_lowest_number_on() -> None:
    acl = NetworkAcl("acl", (), (AclEntry(1, False, "-1", VPC), AclEntry(2, False, "-1", S3)))
    network = replace(built(()), network_acls={"acl": acl})
    asked = [
        stopped(Code.SUBNET_ACL_RESTRICTION, "acl", peers, rule=rule)
        for peers, rule in ((INTERNET, "*"), (S3, "2"), (VPC, "1"))
    ]
    found = all_openings(network, asked)
    numbers = {
        each.rule: [
            step.entry.number for opening in found[each] if isinstance(opening, NewAclEntries) for step in opening.steps
        ]
        for each in asked
    }
    assert numbers == {"1": [3, 2, 1], "2": [4, 3, 2], "*": [100]}


@pytest.mark.parametrize(
    ("protocol", "ports", "expected"),
    [
        ("icmp", Span(8, 8), [Span(8, 8)]),
        ("icmp", Span(0, 255), [Span(0, 255)]),
        ("icmp", Span(3, 4), [Span(3, 3), Span(4, 4)]),
        # An ACL has twenty entries each way: what takes more is all types.
        ("icmp", Span(236, 65535), [Span(type, type) for type in range(236, 256)]),
        ("icmp", Span(235, 65535), [Span(0, 255)]),
        ("icmp", Span(1, 65535), [Span(0, 255)]),
        ("50", Span(0, 0), [Span(0, 65535)]),
        ("udp", Span(5, 9), [Span(5, 9)]),
    ],
)
def test_ports_are_those_that_a_rule_can_name(protocol: str, ports: Span, expected: Sequence[Span]) -> None:
    obstacle = Obstacle(Code.SG_HAS_NO_RULES, "sg-1", "ingress", protocol, Share(VPC, ports))
    (opening,) = openings(built(()), obstacle)
    assert isinstance(opening, NewGroupRules)
    assert [rule.ports for rule in opening.rules] == expected
