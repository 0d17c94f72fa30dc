"""A private zone that the plan names, as openshift-install wants it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from ocpprov.checks.existing_hosted_zones import ExistingZone, private_zone
from ocpprov.checks.existing_network import ExistingNetwork, existing_network
from ocpprov.checks.result import Status
from ocpprov.openshift.aws_facts import ExistingSubnet
from ocpprov.plan.model import OpenShift

VPC = "vpc-0123456789abcdef0"
ZONE = ExistingZone("Z0123456789", "prod.example.com", frozenset({VPC}), ["prod.example.com"])
SECTION = OpenShift(cluster_name="prod", base_domain="example.com", vpc_id=VPC, hosted_zone=ZONE.id)


def found(zone: ExistingZone | None) -> list[tuple[str, Status]]:
    network = ExistingNetwork(VPC, blocks=[IPv4Network("10.0.0.0/16")], zone=zone)
    checks = list(existing_network(SECTION, network))
    assert all(check.remedy for check in checks if check.status is not Status.PASS)
    return [(check.id, check.status) for check in checks]


@pytest.mark.parametrize("name", ["prod.example.com", "example.com"])
def test_a_zone_of_the_cluster_or_above_it_suits(name: str) -> None:
    assert found(replace(ZONE, name=name)) == [("existing-network", Status.PASS)]


@pytest.mark.parametrize(
    ("zone", "check"),
    [
        (None, "hosted-zone-exists"),
        (replace(ZONE, vpcs=frozenset({"vpc-0fedcba9876543210"})), "hosted-zone-vpc"),
        (replace(ZONE, name="ple.com"), "hosted-zone-name"),
        (replace(ZONE, vpcs=frozenset()), "hosted-zone-exists"),
        (replace(ZONE, records=["console.prod.example.com"]), "hosted-zone-records"),
    ],
)
def test_a_zone_that_does_not_suit_is_named(zone: ExistingZone | None, check: str) -> None:
    assert found(zone) == [(check, Status.FAIL)]


def test_a_zone_that_is_not_there_may_be_another_accounts() -> None:
    said = []
    for role in ("", "arn:aws:iam::210987654321:role/zones"):
        [check] = private_zone(replace(SECTION, hosted_zone_role=role), VPC, "eu-west-1", None, [])
        said.append(check.remedy.rpartition(", or ")[2])
    assert said == ["give hostedZoneRole for another account's", "correct hostedZoneRole"]


def test_a_zone_of_another_account_is_associated_by_both() -> None:
    section = replace(SECTION, hosted_zone_role="arn:aws:iam::210987654321:role/zones")
    wrong = replace(ZONE, vpcs=frozenset({"vpc-other"}))
    remedies = [
        check.remedy
        for each in (SECTION, section)
        for check in private_zone(each, VPC, "eu-west-1", wrong, [])
        if check.id == "hosted-zone-vpc"
    ]
    where = f"--hosted-zone-id {ZONE.id} --vpc VPCRegion=eu-west-1,VPCId={VPC}"
    associate = f"aws route53 associate-vpc-with-hosted-zone {where}"
    authorise = f"aws route53 create-vpc-association-authorization {where}"
    assert remedies == [associate, f"the account of the zone: {authorise}; then that of the VPC: {associate}"]


def test_a_subnet_whose_route_table_nobody_knows_is_named() -> None:
    """Every VPC of AWS has a main table, so this can't be made by hand."""
    subnet = ExistingSubnet("subnet-1", VPC, "eu-west-1a", "10.0.0.0/24", public=False, routed=False)
    section = replace(SECTION, hosted_zone="none", publish="Internal", subnets=(subnet.id,))
    network = ExistingNetwork(VPC, blocks=[IPv4Network("10.0.0.0/16")], subnets={subnet.id: subnet})
    assert [check.id for check in existing_network(section, network)] == ["subnet-route-table"]
