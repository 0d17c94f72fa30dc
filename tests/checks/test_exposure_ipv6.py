"""Openings for IPv6."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pytest

from ocpprov.checks.exposure import Belongings, Exposure
from ocpprov.checks.exposure_acls import ACL, ENTRY
from ocpprov.checks.exposure_groups import GROUP, INGRESS
from ocpprov.checks.exposure_ipv6 import exposed_by_ipv6
from ocpprov.checks.exposure_routes import ROUTE, TABLE
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live

WHOSE: Final = Belongings(
    "eu-west-1",
    "123456789012",
    "ocpprov apply",
    {(GROUP, "sg-1"): "Group", (ACL, "acl-1"): "Acl", (TABLE, "rtb-1"): "Table"},
)


def found(type: str, id: str, **properties: Any) -> Sequence[Exposure]:
    return exposed_by_ipv6(Inventory({type: [Live(type, id, properties)]}), WHOSE).open


def rule(**properties: Any) -> Sequence[Exposure]:
    given = {"GroupId": "sg-1", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv6": "::/0", **properties}
    return found(INGRESS, "sgr-1", **given)


def entry(**properties: Any) -> Sequence[Exposure]:
    ports = {"PortRange": {"From": 80, "To": 81}}
    given = {"NetworkAclId": "acl-1", "RuleNumber": 50, "Egress": False, "Protocol": "6", "RuleAction": "allow"}
    return found(ENTRY, "acl-1|in|50", **{**given, "Ipv6CidrBlock": "::/0", **ports, **properties})


def route(**properties: Any) -> Sequence[Exposure]:
    given = {"RouteTableId": "rtb-1", "DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1", **properties}
    return found(ROUTE, "rtb-1|::/0", **given)


def test_a_rule_is_told() -> None:
    assert rule() == [
        Exposure(
            "sg-1",
            "Group",
            "tcp 22 from ::/0",
            "the members of sg-1 to it by IPv6, where the VPC has addresses of it",
            "",
            "not of this plan: sgr-1",
            "aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-1 --security-group-rule-ids sgr-1",
        )
    ]
    (told,) = rule(IpProtocol="-1", FromPort=None, ToPort=None, CidrIpv6="2001:db8::/32")
    assert told.allows == "everything from 2001:db8::/32"


def test_an_acls_entry_is_told() -> None:
    (told,) = entry()
    assert (told.component, told.resource, told.allows) == ("acl-1", "Acl", "tcp 80-81 from ::/0 (entry 50)")
    assert told.remedy == (
        "aws ec2 delete-network-acl-entry --region eu-west-1 --network-acl-id acl-1 --ingress --rule-number 50"
    )


def test_a_route_is_told() -> None:
    (told,) = route()
    assert (told.component, told.resource, told.allows) == ("rtb-1", "Table", "a way from and to ::/0 by igw-1")
    assert told.exposed == "its subnets to it by IPv6, where the VPC has addresses of it"
    assert told.remedy.endswith("--route-table-id rtb-1 --destination-ipv6-cidr-block ::/0")


@pytest.mark.parametrize(
    "told",
    [
        rule(CidrIpv6=None, CidrIp="0.0.0.0/0"),
        rule(GroupId="sg-2"),
        entry(Egress=True),
        entry(RuleAction="deny"),
        entry(NetworkAclId="acl-2"),
        entry(Ipv6CidrBlock=None),
        route(GatewayId=None, EgressOnlyInternetGatewayId="eigw-1"),
        route(GatewayId="vgw-1"),
        route(RouteTableId="rtb-2"),
        route(DestinationIpv6CidrBlock=None),
    ],
)
def test_other_things_and_ipv4_arent(told: Sequence[Exposure]) -> None:
    assert told == []
