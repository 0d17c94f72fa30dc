"""The plan's addresses against those of the account's other networks."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.preflighting import cluster_plan, preflight, said


def vpc(ec2: Any, block: str, name: str = "") -> str:
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": name}]}] if name else []
    return str(ec2.create_vpc(CidrBlock=block, TagSpecifications=tags)["Vpc"]["VpcId"])


def test_another_vpc_with_the_same_addresses_is_named(user: LocalOperator, aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    other = vpc(ec2, "10.0.0.0/20", "corporate")
    vpc(ec2, "10.7.0.0/16")
    beside = vpc(ec2, "10.8.0.0/16")
    ec2.associate_vpc_cidr_block(VpcId=beside, CidrBlock="10.1.0.0/16")
    found = said(preflight(user, cluster_plan(secondaryNetworks=["10.1.128.0/24"])), "network-overlap")
    assert found == [
        ("warn", f"10.0.0.0/16 overlaps 10.0.0.0/20 of {other} (corporate)"),
        ("warn", f"10.1.128.0/24 overlaps 10.1.0.0/16 of {beside}"),
    ]


def test_the_plans_own_vpc_is_no_other_one(user: LocalOperator) -> None:
    preflight(user, cluster_plan())
    user.good("apply", "plan.yaml", "--yes")
    assert said(preflight(user, cluster_plan()), "network-overlap") == []


def test_a_vpc_that_is_to_be_joined_may_not_overlap(user: LocalOperator, aws: LocalAws) -> None:
    other = vpc(aws.client("ec2"), "10.0.0.0/20")
    peering = {"Type": "AWS::EC2::VPCPeeringConnection", "Properties": {"VpcId": {"Ref": "VPC"}, "PeerVpcId": other}}
    found = said(preflight(user, cluster_plan({"Peering": peering})), "network-overlap")
    assert found == [("fail", f"10.0.0.0/16 overlaps 10.0.0.0/20 of {other}, to which Peering leads")]


def test_nor_may_one_at_the_other_end_of_a_connection(user: LocalOperator, aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    ends = vpc(ec2, "10.8.0.0/16"), vpc(ec2, "10.0.16.0/20")
    made = ec2.create_vpc_peering_connection(VpcId=ends[0], PeerVpcId=ends[1])
    connection = made["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    transit = [{"peeringConnectionID": connection, "cidrs": ["10.200.0.0/16"]}]
    found = said(preflight(user, cluster_plan(transit=transit)), "network-overlap")
    assert found == [("fail", f"10.0.0.0/16 overlaps 10.0.16.0/20 of {ends[1]}, to which {connection} leads")]


def test_a_block_that_is_none_is_said(user: LocalOperator, aws: LocalAws) -> None:
    row = "<cidrBlock>10.0.0.0/16 and more</cidrBlock><cidrBlockState><state>associated</state></cidrBlockState>"
    item = f"<item><vpcId>vpc-0a</vpcId><cidrBlockAssociationSet><item>{row}</item></cidrBlockAssociationSet></item>"
    body = f"<DescribeVpcsResponse><requestId>r</requestId><vpcSet>{item}</vpcSet></DescribeVpcsResponse>"
    aws.faults([{"operation": "DescribeVpcs", "fault": "answer", "body": body, "times": 99}])
    [(status, why)] = said(preflight(user, cluster_plan()), "network")
    assert (status, why.partition("(")[0]) == ("unknown", "DescribeVpcs: UnreadableAnswer: the answer can't be read ")
