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


def test_an_interface_endpoint_holds_its_interfaces_until_it_is_gone(world: World) -> None:
    vpc = world.vpc()
    subnet, group = world.subnet(vpc), world.group(vpc, "one")
    endpoint = world.interface_endpoint(vpc, subnet, group)
    (found,) = world.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    assert found["State"].lower() == "pending"
    world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert len(world.interfaces()) == 1
    with refused("DependencyViolation"):
        world.ec2.delete_subnet(SubnetId=subnet)
    with refused("DependencyViolation"):
        world.ec2.delete_security_group(GroupId=group)
    soon(lambda: world.ec2.describe_vpc_endpoints()["VpcEndpoints"] == [])
    assert world.interfaces() == []
    world.ec2.delete_subnet(SubnetId=subnet)
    world.ec2.delete_security_group(GroupId=group)
