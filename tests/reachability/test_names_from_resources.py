"""What a VPC's machines are told of names, from resources in CloudFormation's words."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.reachability.names_from_resources import MADE_WITH, planned_zones, record_of, target_of, vpc_names
from ocpprov.reachability.network import Network
from ocpprov.reachability.spans import addresses
from ocpprov.reachability.zones import Record, Target, Zone

NETWORK = Network("VPC", (addresses("10.1.0.0/16"), addresses("10.2.0.0/16")))
BOTH = {"enableDnsSupport": True, "enableDnsHostnames": True}


def vpc(**properties: Any) -> Resource:
    return Resource("VPC", "AWS::EC2::VPC", properties)


@pytest.mark.parametrize(
    ("properties", "defaults", "expected"),
    [
        ({}, MADE_WITH, {"enableDnsSupport": True, "enableDnsHostnames": False}),
        ({"EnableDnsHostnames": True}, MADE_WITH, BOTH),
        ({"EnableDnsHostnames": "true", "EnableDnsSupport": "true"}, None, BOTH),
        ({"EnableDnsSupport": False}, None, {"enableDnsSupport": False}),
        ({}, None, {}),
    ],
)
def test_a_vpcs_attributes_are_those_that_are_said(properties: Any, defaults: Any, expected: dict[str, bool]) -> None:
    names = vpc_names([vpc(**properties), Resource("Other", "AWS::EC2::VPC")], NETWORK, (), defaults)
    assert (names.vpc, names.attributes, names.resolver) == ("VPC", expected, "10.1.0.2")


def options(**properties: Any) -> list[Resource]:
    return [
        Resource("Options", "AWS::EC2::DHCPOptions", properties),
        Resource("Other", "AWS::EC2::VPCDHCPOptionsAssociation", {"VpcId": "vpc-9", "DhcpOptionsId": "dopt-9"}),
        Resource(
            "Association", "AWS::EC2::VPCDHCPOptionsAssociation", {"VpcId": Ref("VPC"), "DhcpOptionsId": Ref("Options")}
        ),
    ]


def test_without_options_of_its_own_a_vpc_has_awss_resolver() -> None:
    assert vpc_names([vpc()], NETWORK, ()).name_servers == ("AmazonProvidedDNS",)


def test_name_servers_are_those_of_the_vpcs_options() -> None:
    resources = options(DomainNameServers=["10.0.0.53", "10.0.1.53"])
    assert vpc_names(resources, NETWORK, ()).name_servers == ("10.0.0.53", "10.0.1.53")
    assert vpc_names(options(DomainName="x"), NETWORK, ()).name_servers == ()
    assert vpc_names(resources[1:], NETWORK, ()).name_servers is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (GetAtt("IntApiElb", "DNSName"), Target("IntApiElb", final=True)),
        ("dualstack.Prod-1.elb.eu-west-1.amazonaws.com.", Target("prod-1.elb.eu-west-1.amazonaws.com", final=True)),
        ("prod-1.eu-west-1.elb.amazonaws.com", Target("prod-1.eu-west-1.elb.amazonaws.com", final=True)),
        ("vpce-1-a.ec2.eu-west-1.vpce.amazonaws.com", Target("vpce-1-a.ec2.eu-west-1.vpce.amazonaws.com", final=True)),
        ("a1.awsglobalaccelerator.com", Target("a1.awsglobalaccelerator.com")),
        ("elb.example.com", Target("elb.example.com")),
    ],
)  # fmt: skip
def test_behind_a_balancer_or_an_endpoint_is_no_other_name(value: Any, expected: Target) -> None:
    assert target_of(value) == expected


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        (
            {"Type": "A", "AliasTarget": {"DNSName": "LB.example.com.", "HostedZoneId": "Z"}},
            Record("*.apps.example.com", "A", (Target("lb.example.com"),)),
        ),
        (
            {"Type": "CNAME", "TTL": "60", "ResourceRecords": ["lb.example.com"]},
            Record("*.apps.example.com", "CNAME", (Target("lb.example.com"),)),
        ),
        (
            {"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "lb.example.com."}]},
            Record("*.apps.example.com", "CNAME", (Target("lb.example.com"),)),
        ),
        (
            {"Type": "A", "ResourceRecords": [{"Value": "10.0.0.1"}, {"Value": "10.0.0.2"}]},
            Record("*.apps.example.com", "A", (), ("10.0.0.1", "10.0.0.2")),
        ),
        ({"Type": "TXT"}, Record("*.apps.example.com", "TXT")),
    ],
)
def test_records_are_read_in_cloudformations_words_and_in_the_apis(properties: Any, expected: Record) -> None:
    assert record_of({"Name": "\\052.Apps.example.com.", **properties}) == expected


def test_zones_are_those_that_serve_the_vpc() -> None:
    record: dict[str, Value] = {
        "HostedZoneId": Ref("IntDns"),
        "Name": "api.prod.example.com",
        "Type": "A",
        "ResourceRecords": ["10.0.0.1"],
    }
    resources = [
        Resource("IntDns", "AWS::Route53::HostedZone", {"Name": "Prod.example.com.", "VPCs": [{"VPCId": Ref("VPC")}]}),
        Resource("Theirs", "AWS::Route53::HostedZone", {"Name": "x.com", "VPCs": [{"VPCId": "vpc-9"}]}),
        Resource("ExtDns", "AWS::Route53::HostedZone", {"Name": "example.com"}),
        Resource("Record", "AWS::Route53::RecordSet", record),
    ]
    assert planned_zones(resources, "VPC") == (
        Zone("IntDns", "prod.example.com", (Record("api.prod.example.com", "A", (), ("10.0.0.1",)),)),
    )
