"""An account in which many others have their things already."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Client = Callable[[str], Any]

_TAGS = [{"Key": "team", "Value": "theirs"}]


def vpcs(client: Client, count: int) -> None:
    """Networks, each with a subnet and a security group."""
    ec2 = client("ec2")
    for number in range(count):
        vpc = ec2.create_vpc(CidrBlock=f"10.{number % 250}.0.0/16")["Vpc"]["VpcId"]
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{number % 250}.0.0/24")
        ec2.create_security_group(VpcId=vpc, GroupName="theirs", Description="theirs")


def load_balancers(client: Client, count: int) -> None:
    """Network load balancers with a target group each, all in one VPC."""
    ec2, elbv2 = client("ec2"), client("elbv2")
    vpc = ec2.create_vpc(CidrBlock="172.31.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="172.31.0.0/20")["Subnet"]["SubnetId"]
    for number in range(count):
        name = f"theirs-{number}"
        elbv2.create_load_balancer(Name=name, Type="network", Scheme="internal", Subnets=[subnet], Tags=_TAGS)
        elbv2.create_target_group(Name=name, Protocol="TCP", Port=443, VpcId=vpc, TargetType="ip", Tags=_TAGS)


def zones(client: Client, count: int) -> None:
    """Public zones."""
    route53 = client("route53")
    for number in range(count):
        route53.create_hosted_zone(Name=f"theirs-{number}.example", CallerReference=str(number))


def roles(client: Client, count: int) -> None:
    """Roles that the account's machines use."""
    iam = client("iam")
    allow = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    for number in range(count):
        iam.create_role(RoleName=f"theirs-{number}", AssumeRolePolicyDocument=trust, Tags=_TAGS)


MAKERS: Mapping[str, Callable[[Client, int], None]] = {
    "VPCs": vpcs,
    "load balancers": load_balancers,
    "zones": zones,
    "roles": roles,
}
