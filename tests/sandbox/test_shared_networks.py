"""A VPC that another account shares with the caller's, in the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.middleware.shared_networks import OWNER
from tests.sandbox.world import REGION, World


def shared(world: World, admin: SandboxAdmin) -> tuple[str, str, str]:
    """A VPC with a subnet and a route table, which are another account's from now on."""
    vpc = world.vpc()
    subnet, table = world.subnet(vpc), world.table(vpc)
    world.ec2.create_tags(Resources=[vpc, subnet], Tags=[{"Key": "Name", "Value": "x"}])
    admin.conditions(shared=[vpc])
    return vpc, subnet, table


def test_it_is_shown_with_its_owner_and_without_tags(world: World, admin: SandboxAdmin) -> None:
    vpc, subnet, _ = shared(world, admin)
    [network] = world.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    [part] = world.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"]
    assert [(each["OwnerId"], each.get("Tags", [])) for each in (network, part)] == [(OWNER, []), (OWNER, [])]
    assert (part["CidrBlock"], part["VpcId"]) == ("10.0.0.0/24", vpc)
    assert world.ec2.describe_vpcs(VpcIds=[world.vpc()])["Vpcs"][0]["OwnerId"] == "123456789012"


CHANGES: list[Callable[[Any, str, str, str], Any]] = [
    lambda ec2, vpc, subnet, table: ec2.create_tags(Resources=[subnet], Tags=[{"Key": "a", "Value": "b"}]),
    lambda ec2, vpc, subnet, table: ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24"),
    lambda ec2, vpc, subnet, table: ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.9.0.0/16"),
    lambda ec2, vpc, subnet, table: ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3"),
]


def test_it_isnt_changed_but_for_groups_in_it(world: World, admin: SandboxAdmin) -> None:
    network = shared(world, admin)
    for change in CHANGES:
        with pytest.raises(ClientError, match="UnauthorizedOperation"):
            change(world.ec2, *network)
    assert world.group(network[0], "g").startswith("sg-")


def test_no_private_zone_is_made_for_it(world: World, admin: SandboxAdmin) -> None:
    vpc, *_ = shared(world, admin)
    with pytest.raises(ClientError, match="has not been authorized"):
        world.zone("r", vpc)
    assert world.zone("s", world.vpc()).startswith("Z")
