"""The plan's addresses against other VPCs and what peering connections lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

import pytest

from ocpprov.checks.network_overlaps import Vpc, network_overlaps, peerings, vpcs_of
from ocpprov.checks.result import Check, Status
from ocpprov.engine.resources import Resource
from ocpprov.plan.model import Plan
from tests.openshift.plans import SECTION_3AZ, plan_of

PLAN = plan_of(SECTION_3AZ)
JOINED = "choose another machineNetwork: AWS joins no networks that overlap"
MAY_BE = "choose another machineNetwork if the two are ever to be joined, by transit or peering"


def vpc(id: str, *blocks: str, **more: str) -> Vpc:
    return Vpc(id, [IPv4Network(block) for block in blocks], **more)


def peering(*sides: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    connection = {
        "VpcPeeringConnectionId": "pcx-1",
        "RequesterVpcInfo": sides[0],
        "AccepterVpcInfo": sides[1],
    }
    return [{"VpcPeeringConnections": [connection]}]


def found(plan: Plan, *vpcs: Vpc, peers: list[Mapping[str, Any]] | None = None) -> list[Check]:
    return list(network_overlaps(plan, vpcs, peers or []))


@pytest.mark.parametrize(
    ("other", "named"),
    [(vpc("vpc-1", "10.0.128.0/17"), "vpc-1"), (vpc("vpc-1", "10.9.0.0/16", "10.0.0.0/8", name="x"), "vpc-1 (x)")],
)
def test_a_vpc_that_overlaps_is_a_warning(other: Vpc, named: str) -> None:
    block = other.blocks[-1]
    detail = f"10.0.0.0/16 overlaps {block} of {named}"
    assert found(PLAN, other) == [Check("network-overlap", Status.WARN, detail, MAY_BE)]


def test_neighbours_and_the_plans_own_vpc_do_not_overlap() -> None:
    assert found(PLAN, vpc("vpc-1", "10.1.0.0/16"), vpc("vpc-2", "10.0.0.0/16", plan=PLAN.name)) == []


def test_what_a_peering_leads_to_fails_and_is_named_once() -> None:
    ours, theirs = {"VpcId": "vpc-2", "CidrBlock": "10.0.0.0/16"}, {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}
    own = vpc("vpc-2", "10.0.0.0/16", plan=PLAN.name)
    expected = Check(
        "network-overlap", Status.FAIL, "10.0.0.0/16 overlaps 10.0.0.0/24 of vpc-1, to which pcx-1 leads", JOINED
    )
    assert found(PLAN, own, vpc("vpc-1", "10.0.0.0/24"), peers=peering(ours, theirs)) == [expected]
    several = {**theirs, "CidrBlockSet": [{"CidrBlock": "10.7.0.0/16"}, {"CidrBlock": "10.0.0.0/24"}]}
    assert found(PLAN, own, peers=peering(several, ours)) == [expected]


def test_a_peering_of_the_plans_own_counts() -> None:
    own = Resource("Peering", "AWS::EC2::VPCPeeringConnection", {"PeerVpcId": "vpc-1"})
    plan = replace(PLAN, resources={"Peering": own})
    (check,) = found(plan, vpc("vpc-1", "10.0.0.0/24"), vpc("vpc-3", "10.3.0.0/16"))
    assert (check.status, check.detail) == (
        Status.FAIL,
        "10.0.0.0/16 overlaps 10.0.0.0/24 of vpc-1, to which Peering leads",
    )


@pytest.mark.parametrize("section", [None, replace(SECTION_3AZ, vpc_id="vpc-1"), replace(SECTION_3AZ, subnets=("s",))])
def test_of_a_network_that_is_only_named_nothing_is_said(section: Any) -> None:
    assert found(replace(PLAN, openshift=section), vpc("vpc-1", "10.0.0.0/16")) == []


def test_the_vpcs_of_an_answer() -> None:
    page = {
        "Vpcs": [
            {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"},
            {
                "VpcId": "vpc-2",
                "CidrBlock": "10.1.0.0/16",
                "CidrBlockAssociationSet": [
                    {"CidrBlock": "10.1.0.0/16"},
                    {"CidrBlock": "10.2.0.0/16", "CidrBlockState": {"State": "associated"}},
                    {"CidrBlock": "10.3.0.0/16", "CidrBlockState": {"State": "disassociated"}},
                ],
                "Tags": [{"Key": "Name", "Value": "hub"}, {"Key": "ocpprov:plan", "Value": "lab"}],
            },
        ]
    }
    assert vpcs_of([page]) == [
        vpc("vpc-1", "10.0.0.0/16"),
        vpc("vpc-2", "10.1.0.0/16", "10.2.0.0/16", name="hub", plan="lab"),
    ]


def test_nobody_is_asked_about_peerings_that_no_plan_names() -> None:
    assert peerings(SECTION_3AZ) is None
