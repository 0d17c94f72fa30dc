"""What goes into a subnet that is nearly full (public issues quote the answers; 8 for a balancer is documented)."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.world import World, refused


def filled(world: World, left: int) -> tuple[str, str]:
    """A network and a subnet of eleven addresses with as many left."""
    vpc = world.vpc()
    subnet = str(world.ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/28")["Subnet"]["SubnetId"])
    for _ in range(11 - left):
        world.ec2.create_network_interface(SubnetId=subnet)
    return vpc, subnet


def balancer(world: World, **subnets: Any) -> None:
    world.other("elbv2").create_load_balancer(Name="b", Type="network", Scheme="internal", **subnets)


@pytest.mark.parametrize("mapped", [False, True])
def test_a_balancer_wants_eight(world: World, *, mapped: bool) -> None:
    (_, full), (_, roomy) = filled(world, 7), filled(world, 8)

    def named(subnet: str) -> dict[str, Any]:
        return {"SubnetMappings": [{"SubnetId": subnet}]} if mapped else {"Subnets": [subnet]}

    with pytest.raises(
        ClientError, match=rf"InvalidSubnet.*Not enough IP space available in {full}\. ELB requires at l"
    ):
        balancer(world, **named(full))
    balancer(world, **named(roomy))


def test_an_endpoint_and_a_gateway_want_one(world: World) -> None:
    vpc, full = filled(world, 0)
    group = world.group(vpc, "group")
    with refused("InsufficientFreeAddressesInSubnet"):
        world.interface_endpoint(vpc, full, group)
    with refused("InsufficientFreeAddressesInSubnet"):
        world.nat(full, world.address())
    roomy = world.subnet(vpc, 1)
    endpoint = world.interface_endpoint(vpc, roomy, group)
    with refused("InsufficientFreeAddressesInSubnet"):
        world.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddSubnetIds=[full])
