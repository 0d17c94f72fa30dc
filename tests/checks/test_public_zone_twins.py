"""A second public zone of a name is told of, and nothing else is taken for one."""

from __future__ import annotations

from typing import Final

import pytest

from ocpprov.checks.public_zone_twins import made_public_zones, public_zone_twins
from ocpprov.engine.resources import Position, Resource
from ocpprov.engine.values import Ref

ZONE: Final = "AWS::Route53::HostedZone"
IN_PLAN: Final = Position("plan.yaml", 7, 3)
WANTED: Final = Resource("ExtDns", ZONE, {"Name": "Corp.Example.com."}, position=Position("plan.yaml", 3, 1))
VPCS: Final = [{"VPCId": "vpc-1", "VPCRegion": "eu-west-1"}]


def told(wanted: Resource, **others: str) -> list[str]:
    return list(public_zone_twins(made_public_zones([wanted]), others, {"openshift.publicZone": IN_PLAN}))


def test_public_zones_of_others_are_named_with_the_plans_place() -> None:
    assert told(WANTED, Z2="corp.example.com", Z3="example.com", Z1="corp.example.com.") == [
        "plan.yaml:7:3: there is a public zone Corp.Example.com. already: Z1, Z2; a second one is asked only if the "
        "domain above leads to it; publicZone: auto, or its id, uses it"
    ]


def test_one_in_the_resources_is_named_at_its_own_place() -> None:
    own = Resource("Corp", ZONE, WANTED.properties, position=Position("plan.yaml", 12, 3))
    (note,) = told(own, Z1="corp.example.com")
    assert note.startswith("plan.yaml:12:3: there is a public zone")
    assert note.endswith("; refer to it by its id")


@pytest.mark.parametrize(
    "wanted",
    [
        Resource("IntDns", ZONE, {"Name": "corp.example.com", "VPCs": VPCS}),
        Resource("Corp", ZONE, {"Name": Ref("X")}),
        Resource("Corp", "AWS::Route53::RecordSet", {"Name": "corp.example.com"}),
    ],
)
def test_nothing_else_is_a_public_zone(wanted: Resource) -> None:
    assert made_public_zones([wanted]) == []
