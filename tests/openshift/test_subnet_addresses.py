"""How many addresses a plan takes in its subnets, and which subnets are too small for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Final

import pytest

from ocpprov.engine.resources import Position, Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.openshift.subnet_addresses import Uses, crowded_subnets, uses_by_subnet
from ocpprov.plan.model import EndpointSettings, OpenShift, SubnetCIDRs
from tests.openshift.plans import SECTION_3AZ, plan_of

V2: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"


@pytest.mark.parametrize(
    ("type", "properties", "expected"),
    [
        (V2, {"Subnets": [Ref("A"), "subnet-b"]}, {Ref("A"): Uses(("R",)), "subnet-b": Uses(("R",))}),
        (V2, {"SubnetMappings": [{"SubnetId": Ref("A"), "AllocationId": "e"}]}, {Ref("A"): Uses(("R",))}),
        ("AWS::ElasticLoadBalancing::LoadBalancer", {"Subnets": ["subnet-b"]}, {"subnet-b": Uses(("R",))}),
        (ENDPOINT, {"VpcEndpointType": "Interface", "SubnetIds": [Ref("A")]}, {Ref("A"): Uses((), ("R",))}),
        (ENDPOINT, {"VpcEndpointType": "Gateway", "SubnetIds": [Ref("A")]}, {}),
        ("AWS::EC2::NatGateway", {"SubnetId": Ref("A")}, {Ref("A"): Uses((), ("R",))}),
        ("AWS::EC2::TransitGatewayVpcAttachment", {"SubnetIds": [Ref("A")]}, {Ref("A"): Uses((), ("R",))}),
        ("AWS::EC2::RouteTable", {"SubnetIds": [Ref("A")]}, {}),
        (V2, {}, {}),
    ],
)
def test_what_takes_addresses_of_a_subnet(
    type: str, properties: Mapping[str, Value], expected: dict[Ref | str, Uses]
) -> None:
    assert uses_by_subnet([Resource("R", type, properties)]) == expected


def test_a_balancer_wants_eight_free_whenever_it_is_made() -> None:
    several = Uses(("Int", "Ext"), ("Ec2", "Sts", "Nat"))
    assert [(each.taken, each.needed) for each in (Uses(), Uses((), ("Ec2",)), Uses(("Int",)), several)] == [
        (0, 0),
        (1, 1),
        (1, 8),
        (5, 12),
    ]
    assert str(several) == "2 load balancers and 3 other interfaces (AWS wants 8 free for each load balancer)"
    assert str(Uses((), ("Ec2",))) == "1 other interface"


def closed(*private: str, **more: object) -> OpenShift:
    blocks = SubnetCIDRs((), [IPv4Network(each) for each in private])
    section = replace(SECTION_3AZ, publish="Internal", egress="none", subnet_cidrs=blocks, zones=len(private))
    return replace(section, **more)  # type: ignore[arg-type]


SMALL: Final = ("10.0.0.0/28", "10.0.1.0/28", "10.0.2.0/27")


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (closed(*SMALL, endpoints=("s3", "ec2", "sts")), []),
        (closed(*SMALL, endpoints=("s3", "ec2", "sts", "kms")), ["PrivateSubnet", "PrivateSubnet2"]),
        (closed(*SMALL, endpoints=("ec2", "sts", "kms"), infra_id=""), ["PrivateSubnet", "PrivateSubnet2"]),
        (
            closed(
                *SMALL,
                endpoints=("ec2", "sts", "kms"),
                endpoint_settings={"kms": EndpointSettings(zones=("eu-west-1b",))},
            ),
            ["PrivateSubnet2"],
        ),
        (replace(SECTION_3AZ, subnet_bits=5), []),
    ],
    ids=["they fit", "one more", "before the infraID", "one more in one zone", "the smallest of the machine network"],
)
def test_subnets_that_are_too_small_are_found(section: OpenShift, expected: list[str]) -> None:
    assert sorted(crowded_subnets(plan_of(section))) == expected


def test_a_subnet_that_is_too_small_is_told_at_its_block() -> None:
    place = Position("plan.yaml", 10, 3)
    section = closed("10.0.0.0/28", endpoints=("ec2", "sts", "kms"), positions={"openshift.subnetCIDRs": place})
    assert [str(each) for each in crowded_subnets(plan_of(section)).values()] == [
        "plan.yaml:10:3: openshift.subnetCIDRs: PrivateSubnet (10.0.0.0/28) has 11 addresses and needs 12: 1 load "
        "balancer and 3 other interfaces (AWS wants 8 free for each load balancer) and a machine; make it larger, or "
        "put less there"
    ]


def test_existing_subnets_have_no_size_that_a_plan_says() -> None:
    section = replace(SECTION_3AZ, subnets=("subnet-1",), publish="Internal", endpoints=("ec2",))
    assert crowded_subnets(plan_of(section)) == {}


def test_a_subnet_of_the_resources_holds_what_is_put_there() -> None:
    subnet = Resource("Mine", "AWS::EC2::Subnet", {"CidrBlock": "10.9.0.0/28"}, position=Position("plan.yaml", 20, 3))
    endpoints = [
        Resource(f"E{number}", ENDPOINT, {"VpcEndpointType": "Interface", "SubnetIds": [Ref("Mine")]})
        for number in range(12)
    ]
    plan = replace(plan_of(SECTION_3AZ), resources={each.logical_id: each for each in (subnet, *endpoints)})
    [problem] = crowded_subnets(plan).values()
    assert problem.placed_detail == (
        "plan.yaml:20:3: Mine (10.9.0.0/28) has 11 addresses and needs 12: 12 other interfaces"
    )
