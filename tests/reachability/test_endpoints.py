"""From a machine to an AWS service by an endpoint."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.reachability.endpoints import Endpoint, goes_through, to_endpoint
from ocpprov.reachability.network import GroupRule, Place, Route, RouteTable, SecurityGroup, Via
from ocpprov.reachability.spans import Span, addresses
from tests.reachability.test_balancers import ALL_OUT, NETWORK, VPC, admits, found

S3 = addresses("52.218.0.0/17")
OWN_GROUP = SecurityGroup("sg-endpoints", (admits(443),))
KNOWN = replace(
    NETWORK,
    security_groups={**NETWORK.security_groups, "sg-endpoints": OWN_GROUP},
    prefix_lists={"pl-s3": (S3,)},
    route_tables={
        **NETWORK.route_tables,
        "rtb-private": RouteTable(
            "rtb-private", (Route("local", Via.LOCAL, VPC), Route("vpce-s3", Via.GATEWAY_ENDPOINT, prefix_list="pl-s3"))
        ),
    },
)
MACHINE = Place(KNOWN.subnets["private-a"], ("sg-masters",))
EC2 = Endpoint("vpce-ec2", "Interface", subnets=("private-a", "private-b"), groups=("sg-endpoints",))
GATEWAY = Endpoint("vpce-s3", "Gateway", prefix_list="pl-s3")


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (EC2, ["yes"]),
        (GATEWAY, ["yes"]),
        (replace(EC2, available=False), ["no", "BAD_STATE vpce-ec2"]),
        (replace(EC2, groups=("sg-masters",)), ["no", "ENI_SG_RULES_MISMATCH sg-masters"]),
        (replace(EC2, subnets=("private-a", "private-z")), ["unknown"]),
        (replace(GATEWAY, prefix_list="pl-9"), ["unknown"]),
        (replace(GATEWAY, prefix_list=""), ["unknown"]),
    ],
)
def test_an_endpoint_serves_or_not(endpoint: Endpoint, expected: list[str]) -> None:
    assert list(dict.fromkeys(found(to_endpoint(KNOWN, MACHINE, endpoint)))) == expected


@pytest.mark.parametrize(
    ("table", "endpoint", "expected"),
    [
        ("rtb-private", GATEWAY, True),
        ("rtb-private", replace(GATEWAY, id="vpce-other"), False),
        ("rtb-public", GATEWAY, False),
        ("rtb-unread", GATEWAY, True),
        ("rtb-public", EC2, True),
    ],
)
def test_a_gateway_is_gone_through_by_those_whose_table_has_its_route(
    table: str, endpoint: Endpoint, expected: bool
) -> None:
    place = replace(MACHINE, subnet=replace(MACHINE.subnet, route_table=table))
    assert goes_through(KNOWN, place, endpoint) is expected


def test_a_table_without_the_gateways_route_does_not_lead_to_it() -> None:
    bare = replace(KNOWN, route_tables=NETWORK.route_tables)
    assert found(to_endpoint(bare, MACHINE, GATEWAY)) == ["no", "NO_ROUTE_TO_DESTINATION rtb-private"]


def test_a_machine_that_may_not_send_does_not_get_there() -> None:
    only_dns = GroupRule("sgr-dns", "udp", Span(53, 53), VPC)
    closed = replace(
        KNOWN,
        security_groups={**KNOWN.security_groups, "sg-masters": SecurityGroup("sg-masters", (), (only_dns,))},
    )
    assert found(to_endpoint(closed, MACHINE, GATEWAY)) == ["no", "ENI_SG_RULES_MISMATCH sg-masters"]


def test_a_machine_that_may_send_to_the_list_alone_gets_there() -> None:
    to_s3 = GroupRule("sgr-s3", "tcp", Span(443, 443), prefix_list="pl-s3")
    narrow = replace(
        KNOWN, security_groups={**KNOWN.security_groups, "sg-masters": SecurityGroup("sg-masters", (), (to_s3,))}
    )
    assert found(to_endpoint(narrow, MACHINE, GATEWAY)) == ["yes"]
    assert found(to_endpoint(narrow, MACHINE, EC2))[0] == "no"
    assert ALL_OUT not in narrow.security_groups["sg-masters"].egress
