"""A private zone that the plan names, as openshift-install wants it."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from ocpprov.checks.existing_network import ExistingNetwork, existing_network
from ocpprov.checks.existing_zones import ExistingZone
from ocpprov.checks.result import Status
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
