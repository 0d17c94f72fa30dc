"""The zones that a plan names, against those that the region has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.checks.availability_zones import Zones, check_zones, chosen, zones_of
from ocpprov.checks.result import Status
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Value
from ocpprov.plan.model import OpenShift, Plan
from tests.openshift.plans import SECTION_3AZ, plan_of

ZONES = Zones({"eu-west-1a": "available"}, ["eu-west-1a"])


def found(zone: Value) -> list[tuple[Status, str]]:
    subnet = Resource("B", "AWS::EC2::Subnet", {"AvailabilityZone": zone})
    plan = Plan(name="two", region="eu-west-1", resources={"B": subnet})
    return [(check.status, check.detail) for check in check_zones(plan, ZONES)]


def test_a_zone_that_is_not_there_is_named() -> None:
    assert found("eu-west-1x") == [(Status.FAIL, "there is no zone eu-west-1x in eu-west-1")]


def test_the_zone_of_another_resource_is_nobodys_mistake() -> None:
    assert found(GetAtt("A", "AvailabilityZone")) == [(Status.PASS, "eu-west-1 has eu-west-1a")]


REGION = Zones({"z-a": "available", "z-b": "impaired", "z-c": "available"}, ["z-a", "z-b", "z-c"])


@pytest.mark.parametrize(
    ("section", "zones"),
    [
        (replace(SECTION_3AZ, zones=2), ["z-a", "z-c"]),
        (replace(SECTION_3AZ, zones=1), ["z-a"]),
        (replace(SECTION_3AZ, zones=("z-x", "z-b")), ["z-x", "z-b"]),
        (replace(SECTION_3AZ, zones=2, subnets=("subnet-1",)), []),
    ],
)
def test_the_zones_of_the_plans_own_subnets(section: OpenShift, zones: list[str]) -> None:
    assert chosen(section, REGION) == zones


def test_more_zones_than_the_region_has_are_refused() -> None:
    plan = plan_of(replace(SECTION_3AZ, zones=3))
    assert [(check.status, check.detail) for check in check_zones(plan, REGION)] == [
        (Status.FAIL, "openshift.zones asks for 3 zones, and eu-west-1 has z-a, z-c")
    ]
    assert [check.status for check in check_zones(plan_of(replace(SECTION_3AZ, zones=2)), REGION)] == [Status.PASS]


def test_zones_at_the_edge_are_not_for_the_cluster() -> None:
    region = replace(REGION, states={**REGION.states, "z-l": "available"}, others={"z-l": "local-zone"})
    found = list(check_zones(plan_of(replace(SECTION_3AZ, zones=("z-a", "z-l"))), region))
    assert [(check.id, check.status) for check in found] == [("zones", Status.FAIL)]
    assert found[0].detail == "z-l is a local-zone: neither the control plane nor its load balancers go there"
    assert [each.status for each in check_zones(plan_of(replace(SECTION_3AZ, zones=1)), region)] == [Status.PASS]


def test_zones_of_an_answer_and_those_that_are_not_ordinary() -> None:
    rows = [
        {"ZoneName": "z-b", "State": "available", "ZoneType": "availability-zone"},
        {"ZoneName": "z-a"},
        {"ZoneName": "z-l", "State": "available", "ZoneType": "local-zone"},
    ]
    assert zones_of([{"AvailabilityZones": rows[:1]}, {"AvailabilityZones": rows[1:]}]) == Zones(
        {"z-a": "available", "z-b": "available", "z-l": "available"}, ["z-a", "z-b"], {"z-l": "local-zone"}
    )
