"""GuardDuty's endpoint and group in other people's VPCs (the GuardDuty User Guide, and terraform-provider-aws#46953:
documented and source), and the filter by which the user of an address is found (EC2's API reference: documented)."""

from __future__ import annotations

from ocpprov.sandbox.admin import SandboxAdmin
from tests.sandbox.world import REGION, World, refused


def test_an_endpoint_and_a_group_come_with_the_first_machine_and_stay(world: World, admin: SandboxAdmin) -> None:
    vpc = world.vpc()
    subnet = world.subnet(vpc)
    world.ec2.terminate_instances(InstanceIds=[world.machine(subnet)])
    assert world.ec2.describe_vpc_endpoints()["VpcEndpoints"] == []
    admin.conditions(guard_duty=True)
    world.ec2.terminate_instances(InstanceIds=[world.machine(subnet), world.machine(subnet)])
    [endpoint] = world.ec2.describe_vpc_endpoints()["VpcEndpoints"]
    [interface] = world.interfaces()
    assert (endpoint["ServiceName"], endpoint["VpcId"]) == (f"com.amazonaws.{REGION}.guardduty-data", vpc)
    assert endpoint["Tags"] == [{"Key": "GuardDutyManaged", "Value": "true"}]
    [group] = endpoint["Groups"]
    assert group["GroupName"] == f"GuardDutyManagedSecurityGroup-{vpc}"
    assert interface["Groups"] == [group]
    assert interface["Description"] == f"VPC Endpoint Interface {endpoint['VpcEndpointId']}"
    assert (interface["InterfaceType"], interface["RequesterManaged"]) == ("vpc_endpoint", True)
    with refused("DependencyViolation"):
        world.ec2.delete_subnet(SubnetId=subnet)
    with refused("DependencyViolation"):
        world.ec2.delete_security_group(GroupId=group["GroupId"])
    world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    world.ec2.delete_security_group(GroupId=group["GroupId"])
    world.ec2.delete_subnet(SubnetId=subnet)


def test_an_interface_is_found_by_its_address(world: World) -> None:
    subnet, mapped, free = world.subnet(world.vpc()), world.address(), world.address()
    wanted = [
        world.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"] for _ in range(2)
    ]
    world.ec2.associate_address(AllocationId=mapped, NetworkInterfaceId=wanted[1])

    def found(*addresses: str) -> list[str]:
        filters = [{"Name": "association.allocation-id", "Values": list(addresses)}]
        answer = world.ec2.describe_network_interfaces(Filters=filters)
        return [each["NetworkInterfaceId"] for each in answer["NetworkInterfaces"]]

    assert found(mapped) == found(free, mapped) == [wanted[1]]
    assert found(free) == found("eipalloc-00000000000000000") == []
