"""What lies where, from what a plan wants and from what AWS has."""

from __future__ import annotations

from ocpprov.report.things import Thing
from ocpprov.report.topology import (
    BalancerPart,
    DnsPart,
    Item,
    SubnetPart,
    SubnetSort,
    Topology,
    VpcPart,
    ZonePart,
    told,
    topology,
)
from tests.report.examples import LIVE, PLANNED


def test_a_plan() -> None:
    inside = SubnetPart(Item("Inside", "private subnet 10.0.1.0/24"), SubnetSort.PRIVATE, "Nat")
    outside = SubnetPart(
        Item("Outside", "public subnet 10.0.0.0/24"), SubnetSort.PUBLIC, "", (Item("Nat", "NAT gateway, public"),)
    )
    beside = SubnetPart(Item("Beside", "private subnet 10.0.2.0/24"), SubnetSort.PRIVATE)
    assert topology(PLANNED) == Topology(
        (
            VpcPart(
                Item("Net", "10.0.0.0/16 10.9.0.0/16"),
                False,
                (ZonePart("eu-west-1a", (outside, inside)), ZonePart("eu-west-1b", (beside,))),
                (Item("Door", "internet gateway"),),
                (Item("Hub", "to transit gateway tgw-1"), Item("Peer", "peering with vpc-other")),
                (BalancerPart(Item("Api", "internal load balancer, ports 443"), False, ("eu-west-1a", "eu-west-1b")),),
                (Item("Store", "s3 endpoint (Gateway)"),),
            ),
            VpcPart(Item("vpc-other", "existing"), True, links=(Item("Peer", "peering with Net"),)),
        ),
        (DnsPart(Item("Zone", "private DNS zone example.com"), True, ("api.example.com A",)),),
    )


def test_what_aws_has() -> None:
    subnet = SubnetPart(Item("Outside", "public subnet 10.0.0.0/24", "subnet-1"), SubnetSort.PUBLIC)
    assert topology(LIVE).vpcs == (
        VpcPart(
            Item("Net", "10.0.0.0/16", "vpc-1"),
            False,
            (ZonePart("eu-west-1a", (subnet,)),),
            (Item("Door", "internet gateway", "igw-1"),),
        ),
    )


def test_a_network_that_the_plan_only_names() -> None:
    endpoint = Thing(
        "Names",
        "AWS::EC2::VPCEndpoint",
        {"VpcId": "vpc-9", "ServiceName": "a.b.ec2", "VpcEndpointType": "Interface", "SubnetIds": ["subnet-9"]},
    )
    classic = Thing(
        "Old",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        {"Subnets": ["subnet-8"], "Listeners": [{"LoadBalancerPort": "80"}, {"LoadBalancerPort": "443"}]},
    )
    existing = tuple(
        SubnetPart(Item(each, "existing subnet"), SubnetSort.EXISTING) for each in ("subnet-9", "subnet-8")
    )
    assert topology([endpoint, classic]).vpcs == (
        VpcPart(
            Item("vpc-9", "existing"),
            True,
            (ZonePart("existing subnets", existing),),
            balancers=(
                BalancerPart(Item("Old", "internet-facing load balancer, ports 80, 443"), True, ("existing subnets",)),
            ),
            endpoints=(Item("Names", "ec2 endpoint (Interface)"),),
        ),
    )


def test_nothing_of_it() -> None:
    assert topology([Thing("Role", "AWS::IAM::Role")]).empty


def test_in_sentences() -> None:
    sentences = list(told(topology(PLANNED)))
    assert sentences[:3] == [
        "VPC Net 10.0.0.0/16 10.9.0.0/16.",
        "Zone eu-west-1a: Outside, public subnet 10.0.0.0/24 with Nat, Inside, private subnet 10.0.1.0/24 out through "
        "Nat.",
        "Zone eu-west-1b: Beside, private subnet 10.0.2.0/24.",
    ]
    assert sentences[-1] == "Zone: private DNS zone example.com, 1 records."
