"""What the cluster's own install-config.yaml needs to reach AWS, and the endpoints that it lacks."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Final

import pytest

from ocpprov.openshift.aws_facts import ExistingEndpoint
from ocpprov.openshift.expand import Facts
from ocpprov.openshift.section_outputs import outputs
from ocpprov.plan.model import AwsSettings, OpenShift, Plan, ServiceEndpoint, Transit
from tests.openshift.plans import SECTION_3AZ

CLOSED: Final = replace(SECTION_3AZ, publish="Internal", egress="none", public_zone="none")
TAGGING: Final = "com.amazonaws.us-east-1.tagging"
ALL: Final = ("s3", "ec2", "elasticloadbalancing", "sts", "iam", "route53", "tagging")


def values(section: OpenShift, region: str = "eu-west-1", **settings: Any) -> dict[str, Any]:
    plan = Plan(name="prod", region=region, openshift=section, aws=AwsSettings(**settings))
    return {output.name: output.value for output in outputs(plan)}


def words(value: str) -> list[str]:
    return [line.partition(":")[0] for line in value.split("; ")] if value else []


@pytest.mark.parametrize(
    ("region", "given", "expected"),
    [
        ("eu-west-1", [], None),
        ("eu-west-1", [("ec2", "http://10.0.0.9:8080")], None),
        ("eu-west-1", [("ec2", "https://ec2.corp"), ("iam", "http://iam.corp")], {"ec2": "https://ec2.corp"}),
        (
            "us-gov-east-1",
            [],
            {
                "route53": "https://route53.us-gov.amazonaws.com",
                "tagging": "https://tagging.us-gov-west-1.amazonaws.com",
            },
        ),
        (
            "us-gov-west-1",
            [("route53", "https://dns.corp")],
            {"route53": "https://dns.corp", "tagging": "https://tagging.us-gov-west-1.amazonaws.com"},
        ),
        (
            "us-iso-east-1",
            [],
            {"route53": "https://route53.c2s.ic.gov", "tagging": "https://tagging.us-iso-east-1.c2s.ic.gov"},
        ),
        ("cn-north-1", [], None),
        ("eusc-de-east-1", [], None),
    ],
)
def test_service_endpoints_are_a_value_to_paste(
    region: str, given: list[tuple[str, str]], expected: dict[str, str] | None
) -> None:
    found = values(CLOSED, region, service_endpoints=[ServiceEndpoint(*each) for each in given]).get("ServiceEndpoints")
    rows = [{"name": name, "url": url} for name, url in (expected or {}).items()]
    assert (json.loads(found) if found else []) == rows


def test_certificates_of_ones_own_are_the_clusters_too() -> None:
    found = values(CLOSED, ca_bundle="/etc/pki/corp.pem")
    assert (found["AdditionalTrustBundle"], found["AdditionalTrustBundlePolicy"]) == ("/etc/pki/corp.pem", "Always")
    assert "AdditionalTrustBundle" not in values(CLOSED)


@pytest.mark.parametrize(
    ("section", "region", "lacking"),
    [
        (
            replace(CLOSED, endpoints=()),
            "eu-west-1",
            ["ec2", "elasticloadbalancing", "s3", "sts", "iam", "route53", TAGGING],
        ),
        (replace(CLOSED, endpoints=ALL[:4]), "eu-west-1", ["iam", "route53", TAGGING]),
        (replace(CLOSED, endpoints=("s3-interface", *ALL[1:])), "cn-northwest-1", []),
        (
            replace(CLOSED, endpoints=("s3-interface", *ALL[1:])),
            "cn-north-1",
            ["com.amazonaws.cn-northwest-1.tagging"],
        ),
        (replace(CLOSED, endpoints=ALL), "us-east-1", []),
        (replace(CLOSED, endpoints=ALL), "eu-west-1", [TAGGING]),
        (replace(CLOSED, endpoints=(*ALL[:-1], TAGGING)), "eu-west-1", []),
        (replace(CLOSED, endpoints=ALL[:4]), "us-gov-west-1", ["iam", "route53", "tagging"]),
        (replace(CLOSED, endpoints=ALL), "us-gov-east-1", ["com.amazonaws.us-gov-west-1.tagging"]),
        (replace(CLOSED, endpoints=ALL[:4]), "us-iso-east-1", ["iam", "route53"]),
        (replace(CLOSED, endpoints=ALL[:4]), "us-isob-east-1", ["iam", "route53"]),
        (replace(CLOSED, endpoints=(), egress="nat"), "eu-west-1", []),
        (
            replace(CLOSED, endpoints=(), transit=[Transit([IPv4Network("0.0.0.0/0")], "tgw-1")]),
            "eu-west-1",
            [],
        ),
    ],
    ids=[
        "none",
        "the usual",
        "S3 by interface",
        "China's other region",
        "all",
        "all of this region",
        "tagging of Route 53's region",
        "GovCloud",
        "GovCloud's other region",
        "C2S",
        "SC2S",
        "NAT",
        "a way out by transit",
    ],
)
def test_what_the_cluster_lacks_is_listed(section: OpenShift, region: str, lacking: list[str]) -> None:
    assert words(values(section, region).get("EndpointsToAdd", "")) == lacking


def test_each_has_what_helps_without_it() -> None:
    said = values(replace(CLOSED, endpoints=ALL[:4]))["EndpointsToAdd"]
    assert "iam: or set credentialsMode: Manual" in said
    assert "route53: or remove privateZone and publicZone from manifests/cluster-dns-02-config.yml" in said


def test_an_address_of_ones_own_or_somebody_elses_endpoint_will_do() -> None:
    section = replace(CLOSED, endpoints=ALL[:4])
    own = [ServiceEndpoint("route53", "https://dns.corp"), ServiceEndpoint("iam", "https://iam.corp")]
    assert words(values(section, service_endpoints=own)["EndpointsToAdd"]) == [TAGGING]
    there = [
        ExistingEndpoint("vpce-1", "com.amazonaws.iam", "Interface"),
        ExistingEndpoint("vpce-2", TAGGING, "Interface"),
    ]
    plan = Plan(name="prod", region="eu-west-1", openshift=replace(section, zones=("eu-west-1a",)))
    found = {output.name: str(output.value) for output in outputs(plan, Facts(endpoints=there))}
    assert words(found["EndpointsToAdd"]) == ["route53"]


def test_with_credentials_made_by_hand_the_cluster_does_not_call_iam() -> None:
    section = replace(CLOSED, endpoints=())
    for mode, called in (("", True), ("Mint", True), ("Passthrough", True), ("Manual", False)):
        said = values(replace(section, credentials_mode=mode))["EndpointsToAdd"]  # type: ignore[arg-type]
        assert ("iam" in words(said)) is called
