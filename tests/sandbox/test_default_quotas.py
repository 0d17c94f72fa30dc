"""What a new account may have. AWS's numbers are documented (the table has where); that what is gone no longer counts,
and how much of a VPC's contents is AWS's own, is from memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.default_quotas import TABLE, default_quotas
from ocpprov.sandbox.middleware.quotas import _QUOTAS
from tests.sandbox.world import REGION, World, refused


def makers(world: World) -> Mapping[str, Callable[[int], object]]:
    """What makes the n-th of each in one VPC."""
    vpc = world.vpc()
    subnet = world.subnet(vpc)
    return {
        "CreateVpc": lambda n: world.vpc(),
        "CreateSubnet": lambda n: world.subnet(vpc, n + 1),
        "CreateRouteTable": lambda n: world.table(vpc),
        "CreateNetworkAcl": lambda n: world.ec2.create_network_acl(VpcId=vpc),
        "CreateInternetGateway": lambda n: world.ec2.create_internet_gateway(),
        "CreateNatGateway": lambda n: world.nat(subnet, world.address()),
        "CreateSecurityGroup": lambda n: world.group(vpc, f"n{n}"),
        "CreateVpcEndpoint": lambda n: world.endpoint(vpc, world.table(vpc)),
    }


@pytest.mark.parametrize(
    ("operation", "code", "there"),
    [
        # The region's own VPC, and the test's.
        ("CreateVpc", "VpcLimitExceeded", 2),
        ("CreateSubnet", "SubnetLimitExceeded", 1),
        ("CreateRouteTable", "RouteTableLimitExceeded", 1),
        ("CreateNetworkAcl", "NetworkAclLimitExceeded", 1),
        ("CreateInternetGateway", "InternetGatewayLimitExceeded", 0),
        ("CreateNatGateway", "NatGatewayLimitExceeded", 0),
        ("CreateSecurityGroup", "SecurityGroupLimitExceeded", 2),
        ("CreateVpcEndpoint", "VpcEndpointLimitExceeded", 0),
    ],
)
def test_each_of_ec2s_counts_what_is_there(
    world: World, admin: SandboxAdmin, operation: str, code: str, there: int
) -> None:
    make = makers(world)[operation]
    admin.conditions(quotas={operation: there + 2})
    make(0)
    make(1)
    with refused(code):
        make(2)


def test_a_gateway_that_is_gone_counts_no_more_even_when_its_subnet_is_gone_too(
    world: World, admin: SandboxAdmin
) -> None:
    admin.conditions(quotas={"CreateNatGateway": 1})
    vpc = world.vpc()
    subnet = world.subnet(vpc)
    gateway = world.nat(subnet, world.address())
    with refused("NatGatewayLimitExceeded"):
        world.nat(subnet, world.address())
    world.ec2.delete_nat_gateway(NatGatewayId=gateway)
    world.ec2.delete_subnet(SubnetId=subnet)
    assert world.nat_state(world.nat(world.subnet(vpc, 1), world.address())) == "available"


def test_an_endpoint_that_is_gone_counts_no_more(world: World, admin: SandboxAdmin) -> None:
    admin.conditions(quotas={"CreateVpcEndpoint": 1})
    vpc = world.vpc()
    table = world.table(vpc)
    endpoint = world.endpoint(vpc, table)
    with refused("VpcEndpointLimitExceeded"):
        world.endpoint(vpc, world.table(vpc))
    world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    world.endpoint(vpc, table)


def test_all_that_is_counted_has_a_default_and_a_source() -> None:
    assert set(default_quotas()) == set(_QUOTAS)
    assert len(TABLE) == len(default_quotas())
    assert [row for row in TABLE if not row.source or row.trust not in ("documented", "source", "memory", "seen")] == []
    assert [row.name for row in TABLE if not row.what or not row.within] == []
    few = {name: most for name, most in default_quotas().items() if most <= 20}
    assert few == {
        "CreateVpc": 5,
        "AssociateVpcCidrBlock": 5,
        "CreateInternetGateway": 5,
        "CreateNatGateway": 5,
        "AllocateAddress": 5,
        "CreateVpcEndpoint": 20,
        "CreateVpcEndpoint:SecurityGroups": 5,
        "CreateTransitGatewayVpcAttachment": 5,
        "CreateNetworkAclEntry": 20,
        "CreateLoadBalancer:Classic": 20,
        "AttachRolePolicy": 10,
    }


def test_a_new_account_holds_four_networks_beside_its_own(world: World, admin: SandboxAdmin) -> None:
    admin.conditions(quotas=dict(default_quotas()))
    for _ in range(4):
        world.vpc()
    with refused("VpcLimitExceeded"):
        world.vpc()


def test_gateways_count_in_their_zone(world: World, admin: SandboxAdmin) -> None:
    admin.conditions(quotas={"CreateNatGateway": 1})
    vpc = world.vpc()
    zones = [
        world.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{letter}")
        for number, letter in enumerate("ab")
    ]
    for made in zones:
        world.nat(made["Subnet"]["SubnetId"], world.address())
    with refused("NatGatewayLimitExceeded"):
        world.nat(zones[1]["Subnet"]["SubnetId"], world.address())
