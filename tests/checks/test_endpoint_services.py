"""Whether AWS offers the services of the plan's endpoints, and in its zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

import pytest

from ocpprov.checks.endpoint_services import endpoint_services, own_addresses
from ocpprov.checks.result import Check, Status
from ocpprov.openshift.aws_facts import ExistingEndpoint
from ocpprov.plan.model import EndpointSettings, OpenShift, ServiceEndpoint, Transit
from tests.checks.answers import Answers
from tests.openshift.plans import SECTION_3AZ

EC2 = "com.amazonaws.eu-west-1.ec2"
LISTING = "describe_vpc_endpoint_services"


def detail(name: str, type: str = "Interface", zones: Sequence[str] = ("eu-west-1a", "eu-west-1b")) -> dict[str, Any]:
    return {"ServiceName": name, "ServiceType": [{"ServiceType": type}], "AvailabilityZones": list(zones)}


def checks(
    word: str,
    *details: dict[str, Any],
    zones: Sequence[str] = (),
    region: str = "eu-west-1",
    section: OpenShift = SECTION_3AZ,
) -> list[Check]:
    reader: Any = Answers({LISTING: {"ServiceDetails": list(details)}})
    return list(endpoint_services(replace(section, endpoints=(word,)), region, zones, reader))


def test_a_service_that_is_offered_in_every_zone() -> None:
    assert checks("ec2", detail(EC2), zones=["eu-west-1a"]) == [
        Check("endpoint-Ec2Endpoint", Status.PASS, f"{EC2} is offered")
    ]


def test_zones_in_which_it_is_not_offered_are_named_and_those_that_have_it() -> None:
    assert checks("ec2", detail(EC2), zones=["eu-west-1a", "eu-west-1c", "eu-west-1b", "eu-west-1d"]) == [
        Check(
            "endpoint-Ec2Endpoint",
            Status.FAIL,
            f"{EC2} isn't offered in eu-west-1c, eu-west-1d",
            "write {service: ec2, zones: [eu-west-1a, eu-west-1b]} in openshift.endpoints",
        )
    ]


def test_where_it_is_offered_in_none_of_them_it_is_left_out() -> None:
    (check,) = checks("ec2", detail(EC2), zones=["eu-west-1c"])
    assert check.remedy == "choose zones that have it; otherwise: leave it out of openshift.endpoints"


@pytest.mark.parametrize(
    ("endpoint", "settings", "status"),
    [
        (ExistingEndpoint("vpce-1", EC2, "Interface"), EndpointSettings(), Status.PASS),
        (ExistingEndpoint("vpce-1", EC2, "Interface"), EndpointSettings(private_dns_enabled=False), Status.FAIL),
        (ExistingEndpoint("vpce-1", EC2, "Gateway"), EndpointSettings(), Status.FAIL),
        (ExistingEndpoint("vpce-1", f"{EC2}x", "Interface"), EndpointSettings(), Status.FAIL),
    ],
)
def test_beside_somebodys_endpoint_none_is_made(
    endpoint: ExistingEndpoint, settings: EndpointSettings, status: Status
) -> None:
    reader: Any = Answers({LISTING: {"ServiceDetails": [detail(EC2)]}})
    section = replace(SECTION_3AZ, endpoints=("ec2",), endpoint_settings={"ec2": settings})
    (check,) = endpoint_services(section, "eu-west-1", ["eu-west-1c"], reader, [endpoint])
    assert check.status is status
    assert ("has an endpoint in the VPC: vpce-1" in check.detail) is (status is Status.PASS)


@pytest.mark.parametrize(("zones", "status"), [(["eu-west-1a"], Status.PASS), (["eu-west-1c"], Status.FAIL)])
@pytest.mark.parametrize("word", ["ec2", "com.amazonaws.eu-west-1.ec2"])
def test_the_zones_of_its_own_item_count(word: str, zones: list[str], status: Status) -> None:
    section = replace(SECTION_3AZ, endpoint_settings={"sts": EndpointSettings(), word: EndpointSettings(zones=zones)})
    (check,) = checks(word, detail(EC2), zones=["eu-west-1a", "eu-west-1c"], section=section)
    assert check.status is status


CLOSED = replace(SECTION_3AZ, egress="none")
WAYS = "make another way to it (openshift.transit with 0.0.0.0/0, a proxy, or an address under aws.serviceEndpoints)"


@pytest.mark.parametrize(
    ("word", "more"),
    [
        ("ec2", ""),
        ("elasticloadbalancing", ""),
        ("s3", ""),
        ("s3-interface", ""),
        ("sts", "; or give credentials that don't come from STS"),
        ("iam", "; or set credentialsMode: Manual in install-config.yaml"),
        ("route53", "; or remove privateZone and publicZone from manifests/cluster-dns-02-config.yml"),
    ],
)
def test_a_closed_network_is_not_told_to_leave_out_what_its_cluster_calls(word: str, more: str) -> None:
    (check,) = checks(word, section=CLOSED)
    assert check.status is Status.FAIL
    assert check.remedy == f"the cluster calls it: {WAYS} before it leaves openshift.endpoints{more}"


@pytest.mark.parametrize(
    ("word", "section"),
    [
        ("ecr.api", CLOSED),
        ("iam", replace(CLOSED, credentials_mode="Manual")),
        ("elasticloadbalancing", replace(CLOSED, transit=(Transit([IPv4Network("0.0.0.0/0")]),))),
        ("elasticloadbalancing", SECTION_3AZ),
    ],
)
def test_what_a_cluster_does_without_may_be_left_out(word: str, section: OpenShift) -> None:
    (check,) = checks(word, section=section)
    assert check.remedy == "leave it out of openshift.endpoints"


def test_a_closed_network_without_the_zones_needs_another_way() -> None:
    (check,) = checks("ec2", detail(EC2), zones=["eu-west-1c"], section=CLOSED)
    assert check.remedy.startswith("choose zones that have it; otherwise: the cluster calls it: make another way")


@pytest.mark.parametrize(
    ("listed", "remedy"),
    [
        ([detail("cn.com.amazonaws.eu-west-1.ec2")], "write cn.com.amazonaws.eu-west-1.ec2 in openshift.endpoints"),
        ([detail("com.amazonaws.eu-west-1.sts")], "leave it out of openshift.endpoints"),
        ([detail(EC2, "Gateway")], f"write {EC2} in openshift.endpoints"),
    ],
)
def test_a_service_that_is_not_offered(listed: list[dict[str, Any]], remedy: str) -> None:
    said = f"AWS lists no interface endpoint service {EC2}"
    assert checks("ec2", *listed) == [Check("endpoint-Ec2Endpoint", Status.FAIL, said, remedy)]


def test_a_gateway_is_in_no_zone() -> None:
    s3 = detail("com.amazonaws.eu-west-1.s3", "Gateway", zones=["eu-west-1a"])
    (check,) = checks("s3", s3, zones=["eu-west-1z"])
    assert check.status is Status.PASS


def test_a_service_of_another_region_is_asked_for_there_and_its_zones_are_not_ours() -> None:
    reader: Any = Answers({LISTING: {"ServiceDetails": [detail("com.amazonaws.iam", zones=["us-east-1a"])]}})
    section = replace(SECTION_3AZ, endpoints=("iam",))
    (check,) = endpoint_services(section, "eu-west-1", ["eu-west-1a"], reader)
    assert (check.status, check.detail) == (Status.PASS, "com.amazonaws.iam is offered in us-east-1")
    assert [made.arguments() for made in reader.asked] == [{"ServiceRegions": ["us-east-1"]}]


def test_where_names_vary_the_listed_one_counts() -> None:
    listed = detail("cn.com.amazonaws.cn-north-1.autoscaling")
    (check,) = checks("autoscaling", listed, region="cn-north-1")
    assert (check.status, check.detail) == (Status.PASS, "cn.com.amazonaws.cn-north-1.autoscaling is offered")


def test_nobody_is_asked_without_endpoints() -> None:
    reader: Any = Answers({})
    assert list(endpoint_services(replace(SECTION_3AZ, endpoints=()), "eu-west-1", [], reader)) == []
    assert reader.asked == []


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("https://vpce-1.example.com", ""),
        ("https://vpce-1.example.com:8443/", ""),
        ("http://vpce-1.example.com", "isn't https"),
        ("https://vpce-1.example.com/path", "has a path or a query"),
        ("https://vpce-1.example.com?x=1", "has a path or a query"),
        ("http://vpce-1.example.com/path", "isn't https and has a path or a query"),
    ],
)
def test_urls_that_the_installer_refuses(url: str, wrong: str) -> None:
    expected = Check(
        "service-endpoints",
        Status.WARN,
        f"{url} (ec2) {wrong}, which install-config.yaml doesn't take",
        "give the cluster an https URL of host and port alone",
    )
    assert list(own_addresses([ServiceEndpoint("ec2", url)])) == ([expected] if wrong else [])
