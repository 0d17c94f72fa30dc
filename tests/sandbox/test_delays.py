"""What takes time in AWS takes time in the sandbox; here by a clock that the tests set."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ocpprov.sandbox.clocks import VirtualClock
from tests.sandbox.world import InThisProcess, World, in_this_process, refused


@pytest.fixture(scope="module")
def clock() -> VirtualClock:
    """A clock that only tests move."""
    return VirtualClock()


@pytest.fixture(scope="module")
def sandbox(clock: VirtualClock) -> Iterator[InThisProcess]:
    """A sandbox in this process."""
    with in_this_process(clock) as running:
        yield running


def test_a_nat_gateway_comes_and_goes_slowly(world: World, clock: VirtualClock) -> None:
    vpc = world.vpc()
    subnet, address, table = world.subnet(vpc), world.address(), world.table(vpc)
    world.internet_gateway(vpc)
    clock.advance(3)
    created = world.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    gateway = created["NatGatewayId"]
    clock.advance(89)
    assert created["State"] == world.nat_state(gateway) == "pending"
    with refused("InvalidNatGatewayID.NotFound"):
        world.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    clock.advance(1)
    assert world.nat_state(gateway) == "available"
    world.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    world.ec2.delete_nat_gateway(NatGatewayId=gateway)
    clock.advance(44)
    assert world.nat_state(gateway) == "deleting"
    with refused("AuthFailure"):
        world.ec2.release_address(AllocationId=address)
    with refused("DependencyViolation"):
        world.ec2.delete_subnet(SubnetId=subnet)
    clock.advance(1)
    assert world.nat_state(gateway) == "deleted"
    assert [route["State"] for route in world.routes(table)] == ["active", "blackhole"]
    clock.advance(9)
    with refused("AuthFailure"):
        world.ec2.release_address(AllocationId=address)
    clock.advance(1)
    world.ec2.release_address(AllocationId=address)
    world.ec2.delete_subnet(SubnetId=subnet)
    clock.advance(3600)
    assert world.ec2.describe_nat_gateways()["NatGateways"] == []


def endpoint_states(world: World) -> list[str]:
    return [endpoint["State"].lower() for endpoint in world.ec2.describe_vpc_endpoints()["VpcEndpoints"]]


def test_a_gateway_endpoint_comes_and_goes_slowly(world: World, clock: VirtualClock) -> None:
    vpc = world.vpc()
    table = world.table(vpc)
    clock.advance(2)
    endpoint = world.endpoint(vpc, table)
    clock.advance(4)
    assert endpoint_states(world) == ["pending"]
    clock.advance(1)
    assert endpoint_states(world) == ["available"]
    world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    clock.advance(4)
    assert endpoint_states(world) == ["deleting"]
    assert world.endpoints_in(table) == []
    clock.advance(1)
    assert endpoint_states(world) == []


def test_an_interface_endpoint_holds_its_interfaces_until_it_is_gone(world: World, clock: VirtualClock) -> None:
    vpc = world.vpc()
    subnet, group = world.subnet(vpc), world.group(vpc, "one")
    clock.advance(2)
    endpoint = world.interface_endpoint(vpc, subnet, group)
    clock.advance(59)
    assert endpoint_states(world) == ["pending"]
    clock.advance(1)
    assert endpoint_states(world) == ["available"]
    for _ in range(2):
        world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    clock.advance(59)
    assert endpoint_states(world) == ["deleting"]
    assert len(world.interfaces()) == 1
    with refused("DependencyViolation"):
        world.ec2.delete_subnet(SubnetId=subnet)
    with refused("DependencyViolation"):
        world.ec2.delete_security_group(GroupId=group)
    clock.advance(1)
    assert endpoint_states(world) == []
    assert world.interfaces() == []
    world.ec2.delete_subnet(SubnetId=subnet)
    world.ec2.delete_security_group(GroupId=group)


def test_what_is_deleted_while_pending_never_becomes_available(world: World, clock: VirtualClock) -> None:
    vpc = world.vpc()
    subnet, address, table = world.subnet(vpc), world.address(), world.table(vpc)
    clock.advance(2)
    gateway = world.nat(subnet, address)
    endpoint = world.endpoint(vpc, table)
    world.ec2.delete_nat_gateway(NatGatewayId=gateway)
    world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert (world.nat_state(gateway), endpoint_states(world)) == ("deleting", ["deleting"])
    clock.advance(90)
    assert (world.nat_state(gateway), endpoint_states(world)) == ("deleted", [])


def test_a_network_balancer_comes_slowly_and_lets_go_late(world: World, clock: VirtualClock) -> None:
    api, subnet = world.other("elbv2"), world.subnet(world.vpc())
    made = api.create_load_balancer(Name="int", Type="network", Scheme="internal", Subnets=[subnet])
    balancer = made["LoadBalancers"][0]["LoadBalancerArn"]

    def state() -> str:
        return str(api.describe_load_balancers(LoadBalancerArns=[balancer])["LoadBalancers"][0]["State"]["Code"])

    clock.advance(149)
    assert state() == "provisioning"
    clock.advance(1)
    assert state() == "active"
    api.delete_load_balancer(LoadBalancerArn=balancer)
    clock.advance(59)
    with refused("DependencyViolation"):
        world.ec2.delete_subnet(SubnetId=subnet)
    [left] = world.ec2.describe_network_interfaces()["NetworkInterfaces"]
    said = (left["SubnetId"], left["Description"], left["RequesterManaged"], left["InterfaceType"], left["Groups"])
    name = balancer.partition(":loadbalancer/")[2]
    assert said == (subnet, f"ELB {name}", True, "network_load_balancer", [])
    clock.advance(1)
    assert world.ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    world.ec2.delete_subnet(SubnetId=subnet)


def test_an_alias_to_a_balancer_is_taken_when_that_is_active(world: World, clock: VirtualClock) -> None:
    api, subnet = world.other("elbv2"), world.public_subnet()
    clock.advance(3)
    [made] = api.create_load_balancer(Name="ext", Type="network", Subnets=[subnet])["LoadBalancers"]
    zone = world.route53.create_hosted_zone(Name="lab.example-corp.net", CallerReference="alias")["HostedZone"]["Id"]

    def change(action: str, name: str = made["DNSName"]) -> None:
        target = {"DNSName": name, "HostedZoneId": made["CanonicalHostedZoneId"], "EvaluateTargetHealth": False}
        record = {"Name": "api.lab.example-corp.net", "Type": "A", "AliasTarget": target}
        changes = [{"Action": action, "ResourceRecordSet": record}]
        world.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})

    clock.advance(149)
    for spelled in (made["DNSName"], f"{made['DNSName'].upper()}."):
        with refused("InvalidChangeBatch"):
            change("CREATE", spelled)
    clock.advance(1)
    change("CREATE")
    api.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
    change("DELETE")


def test_a_nat_gateway_may_fail_after_it_was_made(world: World, clock: VirtualClock, sandbox: InThisProcess) -> None:
    admin = sandbox.admin()
    reason = {"code": "InsufficientFreeAddressesInSubnet", "message": "Subnet has insufficient free addresses"}
    admin.faults([{"operation": "CreateNatGateway", "fault": "fail-later", **reason}])
    subnet, address = world.public_subnet(), world.address()
    clock.advance(3)
    gateway = world.nat(subnet, address)
    assert world.nat_state(gateway) == "pending"
    clock.advance(90)
    found = world.ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]
    assert (found["State"], found["FailureCode"], found["FailureMessage"]) == ("failed", *reason.values())
    assert "AssociationId" not in world.ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]
    other = world.nat(subnet, address)
    clock.advance(90)
    assert world.nat_state(other) == "available"
