"""What AWS says of the endpoints of an existing VPC, as the expansion needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

import pytest

from ocpprov.commands.discovery_network import existing_subnets, others_endpoints, owner_of
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.engine.resources import Owner
from ocpprov.kinds.reads import Pages, Read
from ocpprov.openshift.aws_facts import ExistingSubnet


class Told(DiscoveryReader):
    """AWS, as far as it says what is written here."""

    def __init__(self, **answers: Sequence[Mapping[str, Any]]) -> None:
        self._answers = answers
        self.owner = Owner("prod", "eu-west-1", "123456789012", "run")
        self.asked: list[str] = []

    def pages(self, *reads: Read) -> Pages:
        members = {
            "describe_vpc_endpoints": "VpcEndpoints",
            "describe_security_groups": "SecurityGroups",
            "describe_subnets": "Subnets",
            "describe_route_tables": "RouteTables",
            "describe_vpcs": "Vpcs",
        }
        self.asked += [each.operation for each in reads]
        return Pages({each: [{members[each.operation]: self._answers.get(each.operation, [])}] for each in reads})


def endpoint(type: str = "Interface", **more: Any) -> Mapping[str, Any]:
    service = {"Interface": "com.amazonaws.eu-west-1.ec2", "Gateway": "com.amazonaws.eu-west-1.s3"}[type]
    return {
        "VpcEndpointId": "vpce-1",
        "ServiceName": service,
        "VpcEndpointType": type,
        "State": "available",
        "PrivateDnsEnabled": type == "Interface",
        "Groups": [{"GroupId": "sg-1"}] if type == "Interface" else [],
        **more,
    }


def rule(
    *blocks: str, protocol: str = "tcp", ports: tuple[int, int] | None = (443, 443), **more: Any
) -> dict[str, Any]:
    limits = {"FromPort": ports[0], "ToPort": ports[1]} if ports else {}
    return {"IpProtocol": protocol, "IpRanges": [{"CidrIp": block} for block in blocks], **limits, **more}


def test_a_gateway_is_known_with_its_route_tables_and_no_group_is_asked_for() -> None:
    reader = Told(describe_vpc_endpoints=[endpoint("Gateway", RouteTableIds=["rtb-1", "rtb-2"])])
    assert [each.route_tables for each in others_endpoints("vpc-1", {}, reader)] == [("rtb-1", "rtb-2")]
    assert reader.asked == ["describe_vpc_endpoints"]


MACHINES = [IPv4Network("10.0.0.0/16"), IPv4Network("10.1.0.0/16")]


@pytest.mark.parametrize(
    ("rules", "shut_out"),
    [
        ([rule("10.0.0.0/16", "10.1.0.0/16")], []),
        ([rule("10.0.0.0/16", protocol="6")], ["10.1.0.0/16"]),
        ([rule("10.0.0.0/16", protocol="-1", ports=None)], ["10.1.0.0/16"]),
        ([rule("10.0.0.0/16", ports=(0, 65535))], ["10.1.0.0/16"]),
        ([rule("10.0.0.0/16", ports=(443, 8443))], ["10.1.0.0/16"]),
        ([rule("10.0.0.0/15", ports=(80, 442))], ["10.0.0.0/16", "10.1.0.0/16"]),
        ([rule("10.0.0.0/15", ports=(444, 500))], ["10.0.0.0/16", "10.1.0.0/16"]),
        ([rule("10.0.0.0/15", protocol="udp")], ["10.0.0.0/16", "10.1.0.0/16"]),
        ([rule("10.0.0.0/15", protocol="icmp", ports=(-1, -1))], ["10.0.0.0/16", "10.1.0.0/16"]),
        ([], ["10.0.0.0/16", "10.1.0.0/16"]),
        ([rule(UserIdGroupPairs=[{"GroupId": "sg-2"}])], []),
        ([rule(PrefixListIds=[{"PrefixListId": "pl-2"}])], []),
        ([rule(UserIdGroupPairs=[{"GroupId": "sg-2"}], ports=(22, 22))], ["10.0.0.0/16", "10.1.0.0/16"]),
        ([rule(PrefixListIds=[{"PrefixListId": "pl-2"}], ports=(22, 22))], ["10.0.0.0/16", "10.1.0.0/16"]),
    ],
)
def test_an_interface_is_known_with_whom_it_shuts_out(rules: list[Any], shut_out: list[str]) -> None:
    groups = [{"GroupId": "sg-1", "IpPermissions": rules}]
    [found] = others_endpoints("vpc-1", {}, Told(describe_vpc_endpoints=[endpoint()], describe_security_groups=groups))
    assert list(map(str, found.shut_out(MACHINES))) == shut_out
    assert found.groups == ["sg-1"]


def test_a_group_that_may_not_be_read_closes_nothing() -> None:
    [found] = others_endpoints("vpc-1", {}, Told(describe_vpc_endpoints=[endpoint()]))
    assert found.shut_out(MACHINES) == []


@pytest.mark.parametrize(
    ("there", "counts"),
    [
        (endpoint(), True),
        (endpoint(State="Available"), True),
        (endpoint(State="pending"), True),
        (endpoint(State="deleting"), False),
        (endpoint(PrivateDnsEnabled=False), False),
        (endpoint("Gateway", State="deleted"), False),
        (endpoint(Tags=[{"Key": "ocpprov:plan", "Value": "prod"}]), False),
        (endpoint(Tags=[{"Key": "ocpprov:plan", "Value": "twin"}]), True),
    ],
)
def test_what_counts_as_somebodys(there: Mapping[str, Any], *, counts: bool) -> None:
    assert bool(others_endpoints("vpc-1", {}, Told(describe_vpc_endpoints=[there]))) is counts


def test_an_interface_is_known_with_its_zones_and_only_unknown_subnets_are_asked_for() -> None:
    known = {"subnet-1": ExistingSubnet("subnet-1", "vpc-1", "eu-west-1a", "10.0.0.0/20", public=False)}
    there = [endpoint(SubnetIds=["subnet-1"])]
    reader = Told(describe_vpc_endpoints=there)
    assert [each.zones for each in others_endpoints("vpc-1", known, reader)] == [{"eu-west-1a"}]
    assert reader.asked == ["describe_vpc_endpoints", "describe_security_groups"]
    there = [endpoint(SubnetIds=["subnet-1", "subnet-2"])]
    subnets = [{"SubnetId": "subnet-2", "AvailabilityZone": "eu-west-1b"}]
    reader = Told(describe_vpc_endpoints=there, describe_subnets=subnets)
    assert [each.zones for each in others_endpoints("vpc-1", known, reader)] == [{"eu-west-1a", "eu-west-1b"}]
    assert reader.asked[2:] == ["describe_subnets"]


def subnet(**more: Any) -> Mapping[str, Any]:
    given = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a", "CidrBlock": "10.0.0.0/20"}
    return {**given, **more}


@pytest.mark.parametrize(
    ("said", "owner"),
    [({"OwnerId": "123456789012"}, ""), ({"OwnerId": "210987654321"}, "210987654321"), ({}, "")],
)
def test_a_subnet_and_a_vpc_of_another_account_are_known(said: Mapping[str, str], owner: str) -> None:
    reader = Told(describe_subnets=[subnet(**said)], describe_vpcs=[{"VpcId": "vpc-1", **said}])
    assert existing_subnets(["subnet-1"], reader)["subnet-1"].owner == owner
    assert owner_of("vpc-1", reader) == owner
    reader.owner = Owner("prod", "eu-west-1", "", "run")
    assert owner_of("vpc-1", reader) == ""


def test_a_vpc_that_isnt_there_has_no_owner() -> None:
    assert owner_of("vpc-1", Told()) == ""


def test_the_tags_of_a_subnet_are_known_by_their_keys() -> None:
    reader = Told(describe_subnets=[subnet(Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}])])
    assert existing_subnets(["subnet-1"], reader)["subnet-1"].tags == {"a", "b"}
