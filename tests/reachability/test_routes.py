"""Which route is taken, and what lies behind it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import (
    AclEntry,
    NatGateway,
    Network,
    NetworkAcl,
    Place,
    Route,
    RouteTable,
    Subnet,
    Traffic,
    Via,
)
from ocpprov.reachability.outward import outward
from ocpprov.reachability.paths import within
from ocpprov.reachability.routes import ways
from ocpprov.reachability.spans import ALL_PORTS, Span, addresses, blocks
from ocpprov.reachability.verdict import Answer, Obstacle

VPC = addresses("10.0.0.0/16")
HTTPS = Traffic("tcp", Span(443, 443))
WEB = addresses("203.0.113.10")
REGISTRY = addresses("192.168.5.10")


def to(target: str, block: str = "0.0.0.0/0", active: bool = True, propagated: bool = False) -> Route:
    return Route(target, via(target), addresses(block), "", active, propagated)


def via(target: str) -> Via:
    kinds = {"local": Via.LOCAL, "igw": Via.INTERNET_GATEWAY, "nat": Via.NAT_GATEWAY}
    return kinds.get(target.partition("-")[0], Via.OTHER)


LOCAL = to("local", "10.0.0.0/16")
NAT = NatGateway("nat-1", "public")
OPEN = NetworkAcl("acl-1", *2 * ((AclEntry(100, True, "-1", addresses("0.0.0.0/0"), ALL_PORTS),),))


def network(private: list[Route], public: list[Route] | None = None, gateway: NatGateway = NAT) -> Network:
    """A private subnet and a public one with a NAT gateway in it."""
    return Network(
        "vpc-1",
        (VPC,),
        subnets={
            "private": Subnet("private", addresses("10.0.0.0/20"), "a", "rtb-private", "acl-1"),
            "public": Subnet("public", addresses("10.0.16.0/20"), "a", "rtb-public", "acl-1"),
        },
        network_acls={"acl-1": OPEN},
        route_tables={
            "rtb-private": RouteTable("rtb-private", (LOCAL, *private)),
            "rtb-public": RouteTable("rtb-public", [LOCAL, to("igw-1")] if public is None else public),
        },
        nat_gateways={"nat-1": gateway},
        prefix_lists={"pl-s3": (addresses("203.0.113.0/24"),)},
    )


def found(known: Network, target: Span, source: str = "private", public: bool = False) -> tuple[object, ...]:
    verdict = outward(known, Place(known.subnets[source], public=public), target, HTTPS)
    return (verdict.answer, *((each.code, each.component) for each in verdict.obstacles), *verdict.beyond)


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ([to("nat-1"), to("tgw-1", "192.168.0.0/16")], [("192.168.5.10/32", "tgw-1")]),
        ([to("tgw-1", "192.168.0.0/16"), to("nat-1")], [("192.168.5.10/32", "tgw-1")]),
        (
            [to("tgw-1", "192.168.0.0/16", propagated=True), to("pcx-1", "192.168.0.0/16")],
            [("192.168.5.10/32", "pcx-1")],
        ),
        (
            [to("tgw-1", "192.168.0.0/24", propagated=True), to("pcx-1", "192.168.0.0/16")],
            [("192.168.5.10/32", "pcx-1")],
        ),
        (
            [to("tgw-1", "192.168.5.0/24", propagated=True), to("pcx-1", "192.168.0.0/16")],
            [("192.168.5.10/32", "tgw-1")],
        ),
        ([], [("192.168.5.10/32", None)]),
    ],
)
def test_the_most_specific_route_is_taken(routes: list[Route], expected: list[tuple[str, str | None]]) -> None:
    known = network(routes)
    way = ways(known, known.route_tables["rtb-private"], REGISTRY)
    assert [(blocks(each.addresses), each.route and each.route.target) for each in way] == expected


def test_a_block_may_be_reached_by_several_routes() -> None:
    known = network([to("tgw-1", "192.168.0.0/17"), to("pcx-1", "192.168.0.0/16")])
    way = ways(known, known.route_tables["rtb-private"], addresses("192.168.0.0/16"))
    assert [(blocks(each.addresses), each.route and each.route.target) for each in way] == [
        ("192.168.0.0/17", "tgw-1"),
        ("192.168.128.0/17", "pcx-1"),
    ]


@pytest.mark.parametrize(
    ("known", "target", "expected"),
    [
        pytest.param(network([to("nat-1")]), WEB, (Answer.YES,), id="by NAT"),
        pytest.param(
            network([]), WEB, (Answer.NO, (ExplanationCode.NO_ROUTE_TO_DESTINATION, "rtb-private")), id="no route"
        ),
        pytest.param(
            network([to("nat-1", active=False)]),
            WEB,
            (Answer.NO, (ExplanationCode.BAD_STATE_ROUTE, "rtb-private")),
            id="a black hole",
        ),
        pytest.param(
            network([to("nat-1")], gateway=replace(NAT, available=False)),
            WEB,
            (Answer.NO, (ExplanationCode.BAD_STATE, "nat-1")),
            id="failed NAT",
        ),
        pytest.param(
            network([to("nat-1")], gateway=replace(NAT, public=False)),
            WEB,
            (Answer.NO, (ExplanationCode.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS, "igw-1")),
            id="private NAT",
        ),
        pytest.param(
            network([to("nat-1")], [LOCAL]),
            WEB,
            (Answer.NO, (ExplanationCode.NO_ROUTE_TO_DESTINATION, "rtb-public")),
            id="NAT in a subnet without a way out",
        ),
        pytest.param(
            network([to("igw-1")]),
            WEB,
            (Answer.NO, (ExplanationCode.IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS, "igw-1")),
            id="an internet gateway without a public address",
        ),
        pytest.param(
            network([to("nat-1")]),
            REGISTRY,
            (Answer.NO, (ExplanationCode.IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS, "igw-1")),
            id="a private address by the internet",
        ),
        pytest.param(
            network([to("nat-1")]),
            addresses("100.64.1.1"),
            (Answer.NO, (ExplanationCode.IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS, "igw-1")),
            id="a shared address by the internet",
        ),
        pytest.param(network([to("tgw-1")]), REGISTRY, (Answer.YES, "tgw-1"), id="a transit gateway: as far as that"),
        pytest.param(network([to("nat-9")]), WEB, (Answer.UNKNOWN,), id="a NAT gateway that wasn't read"),
        pytest.param(
            network([to("nat-1")], [LOCAL, to("nat-1")]),
            WEB,
            (Answer.NO, (ExplanationCode.BAD_STATE_ROUTE, "rtb-public")),
            id="NAT behind itself",
        ),
        pytest.param(
            network([Route("vpce-1", Via.GATEWAY_ENDPOINT, prefix_list="pl-s3")]),
            WEB,
            (Answer.YES,),
            id="a gateway endpoint's prefix list",
        ),
        pytest.param(
            network([to("nat-1"), Route("vpce-1", Via.GATEWAY_ENDPOINT, prefix_list="pl-9")]),
            WEB,
            (Answer.YES,),
            id="an unread prefix list of another service",
        ),
        pytest.param(
            network([to("nat-1"), Route("tgw-1", Via.OTHER, prefix_list="pl-9")]),
            WEB,
            (Answer.UNKNOWN,),
            id="an unread prefix list of anything",
        ),
    ],
)
def test_the_way_out(known: Network, target: Span, expected: tuple[object, ...]) -> None:
    assert found(known, target) == expected


def test_a_public_address_gets_out_by_itself() -> None:
    assert found(network([]), WEB, "public", public=True) == (Answer.YES,)


def test_a_middlebox_between_two_subnets_is_handed_the_traffic() -> None:
    known = network([to("eni-1", "10.0.16.0/20")])
    verdict = within(known, Place(known.subnets["private"]), Place(known.subnets["public"]), HTTPS)
    assert (verdict.answer, verdict.beyond) == (Answer.YES, ("eni-1",))


def test_a_subnet_without_a_known_table_is_said() -> None:
    known = Network("vpc-1", network_acls={"acl-1": OPEN})
    bare = Place(Subnet("subnet-9", addresses("10.0.0.0/20"), network_acl="acl-1"))
    assert [each.component for each in outward(known, bare, WEB, HTTPS).unread] == ["route table of subnet-9"]


def test_an_obstacle_says_what_of_the_traffic_it_stops() -> None:
    known = network([to("tgw-1", "192.168.0.0/17")])
    verdict = outward(known, Place(known.subnets["private"]), addresses("192.168.0.0/16"), HTTPS)
    assert [self_of(each) for each in verdict.obstacles] == [("192.168.128.0/17", 443, "tcp", "egress")]


def self_of(obstacle: Obstacle) -> tuple[object, ...]:
    return blocks(obstacle.stopped.peers), obstacle.stopped.ports.first, obstacle.protocol, obstacle.direction
