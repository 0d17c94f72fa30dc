"""What takes time in AWS takes time in the sandbox."""

from __future__ import annotations

import pytest

from tests.sandbox.world import World, refused, soon


@pytest.fixture(scope="module")
def delays() -> bool:
    """As in AWS."""
    return True


def test_a_nat_gateway_comes_and_goes_slowly(world: World) -> None:
    vpc = world.vpc()
    subnet, address = world.subnet(vpc), world.address()
    created = world.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    gateway = created["NatGatewayId"]
    assert created["State"] == world.nat_state(gateway) == "pending"
    soon(lambda: world.nat_state(gateway) == "available")
    world.ec2.delete_nat_gateway(NatGatewayId=gateway)
    assert world.nat_state(gateway) == "deleting"
    with refused("AuthFailure"):
        world.ec2.release_address(AllocationId=address)
    with refused("DependencyViolation"):
        world.ec2.delete_subnet(SubnetId=subnet)
    soon(lambda: world.nat_state(gateway) == "deleted")
    world.ec2.release_address(AllocationId=address)
    world.ec2.delete_subnet(SubnetId=subnet)


def test_an_endpoint_comes_and_goes_slowly(world: World) -> None:
    def states() -> list[str]:
        return [endpoint["State"].lower() for endpoint in world.ec2.describe_vpc_endpoints()["VpcEndpoints"]]

    vpc = world.vpc()
    endpoint = world.endpoint(vpc, world.table(vpc))
    assert states() == ["pending"]
    soon(lambda: states() == ["available"])
    world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert states() == ["deleting"]
    soon(lambda: states() == [])
