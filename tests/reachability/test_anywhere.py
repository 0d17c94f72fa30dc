"""From a place of the VPC to addresses of which it isn't known who has them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocpprov.reachability.anywhere import anywhere
from ocpprov.reachability.inward import inward
from ocpprov.reachability.network import (
    AclEntry,
    GroupRule,
    Network,
    NetworkAcl,
    Place,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Traffic,
    Via,
)
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Share, Span, addresses
from ocpprov.reachability.verdict import Unread, Verdict

BLOCK = addresses("10.0.0.0/16")
ONE, TWO = addresses("10.0.0.0/24"), addresses("10.0.1.0/24")
SERVER = addresses("10.0.1.53")
DNS = Traffic("udp", Span(53, 53))
EVERY = (AclEntry(100, True, "-1", EVERYWHERE),)


def network(egress: Sequence[GroupRule], entries: Sequence[AclEntry] = EVERY) -> Network:
    routes = (Route("local", Via.LOCAL, BLOCK), Route("tgw-1", Via.OTHER, addresses("192.168.0.0/16")))
    subnets = {id: Subnet(id, span, "", "rtb-1", f"acl-{id}") for id, span in (("one", ONE), ("two", TWO))}
    return Network(
        "vpc-1",
        (BLOCK,),
        subnets,
        {"sg-1": SecurityGroup("sg-1", (), egress), "sg-dns": SecurityGroup("sg-dns")},
        {"acl-one": NetworkAcl("acl-one", EVERY, EVERY), "acl-two": NetworkAcl("acl-two", entries, EVERY)},
        {"rtb-1": RouteTable("rtb-1", routes)},
    )


OUT = (GroupRule("sgr-1", "-1", ALL_PORTS, EVERYWHERE),)


def asked(known: Network, target: Span) -> Verdict:
    return anywhere(known, Place(known.subnets["one"], ("sg-1",)), target, DNS)


def test_in_the_vpc_it_is_seen_as_far_as_the_subnet() -> None:
    assert asked(network(OUT), SERVER) == Verdict(beyond=("10.0.1.53/32",))


def test_behind_a_transit_gateway_as_far_as_that() -> None:
    assert asked(network(OUT), addresses("192.168.7.7")) == Verdict(beyond=("tgw-1",))


def test_an_address_that_no_subnet_has_is_not_known() -> None:
    undecided = "none of the VPC's subnets has it yet"
    assert asked(network(OUT), addresses("10.0.9.9")) == Verdict(unread=(Unread("10.0.9.9/32", undecided),))


def test_the_acl_of_the_servers_subnet_counts() -> None:
    (obstacle,) = asked(network(OUT, (AclEntry(7, False, "udp", ONE, Span(53, 53)), *EVERY)), SERVER).obstacles
    assert (obstacle.component, obstacle.rule, obstacle.stopped) == ("acl-two", "7", Share(ONE, Span(53, 53)))


MEMBER = "10.0.1.53/32: only members of groups are let out to, and nobody knows whether it is one"


@pytest.mark.parametrize(
    ("rule", "stopped", "unread"),
    [
        (GroupRule("sgr-1", "udp", Span(53, 53), SERVER), (), ()),
        (GroupRule("sgr-1", "udp", Span(53, 53), group="sg-dns"), (), (MEMBER,)),
        (GroupRule("sgr-1", "tcp", Span(53, 53), group="sg-dns"), ("sg-1",), ()),
        (GroupRule("sgr-1", "udp", Span(54, 54), SERVER), ("sg-1",), ()),
    ],
)
def test_what_may_leave_to_members_of_a_group_may_leave_to_the_server(
    rule: GroupRule, stopped: Sequence[str], unread: Sequence[str]
) -> None:
    found = asked(network((rule,)), SERVER)
    assert tuple(each.component for each in found.obstacles) == stopped
    assert tuple(map(str, found.unread)) == unread


def test_clients_outside_come_in_by_groups_and_acl_and_are_answered_by_the_table() -> None:
    closed = network(OUT, ())
    target = Place(closed.subnets["two"], ("sg-1",))
    found = inward(closed, addresses("192.168.7.0/24"), target, Traffic("tcp", Span(22, 22)))
    assert [(each.component, each.direction, each.stopped.ports) for each in found.obstacles] == [
        ("acl-two", "ingress", Span(22, 22)),
        ("sg-1", "ingress", Span(22, 22)),
    ]
    assert found.beyond == ("tgw-1",)
    answer = inward(closed, addresses("172.16.0.0/24"), target, Traffic("tcp", Span(22, 22))).obstacles[-1]
    assert (answer.component, answer.stopped.ports) == ("rtb-1", Span(1024, 65535))
