"""The zones that a plan names, against those that the region has."""

from __future__ import annotations

from ocpprov.checks.availability_zones import Zones, check_zones
from ocpprov.checks.result import Status
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Value
from ocpprov.plan.model import Plan

ZONES = Zones({"eu-west-1a": "available"}, ["eu-west-1a"])


def found(zone: Value) -> list[tuple[Status, str]]:
    subnet = Resource("B", "AWS::EC2::Subnet", {"AvailabilityZone": zone})
    plan = Plan(name="two", region="eu-west-1", resources={"B": subnet})
    return [(check.status, check.detail) for check in check_zones(plan, ZONES)]


def test_a_zone_that_is_not_there_is_named() -> None:
    assert found("eu-west-1x") == [(Status.FAIL, "there is no zone eu-west-1x in eu-west-1")]


def test_the_zone_of_another_resource_is_nobodys_mistake() -> None:
    assert found(GetAtt("A", "AvailabilityZone")) == [(Status.PASS, "eu-west-1 has eu-west-1a")]
