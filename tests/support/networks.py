"""A network that somebody else has made, for the plans that name one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def with_a_network(plan: Path, ec2: Any, folder: Path) -> Path:
    """The plan; one that names a network, in a copy that names one which is there."""
    text = plan.read_text()
    named = re.findall(r"(?:vpc|subnet|rtb)-[0-9a-f]{17}", text)
    if not named:
        return plan
    for wanted, found in zip(named, _private_network(ec2), strict=True):
        text = text.replace(wanted, found)
    copy = folder / plan.name
    copy.write_text(text)
    return copy


def _private_network(ec2: Any) -> Iterator[str]:
    """Ids of a VPC, of three private subnets and of their route table."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    yield vpc
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    for index, zone in enumerate("abc"):
        where = {"CidrBlock": f"10.0.{16 * index}.0/20", "AvailabilityZone": f"{ec2.meta.region_name}{zone}"}
        subnet = ec2.create_subnet(VpcId=vpc, **where)["Subnet"]
        ec2.associate_route_table(SubnetId=subnet["SubnetId"], RouteTableId=table)
        yield subnet["SubnetId"]
    yield table
