"""Network interfaces: whose they are, what they block, and when they go."""

from __future__ import annotations

from tests.sandbox.world import World, refused


def test_an_interface_endpoint_blocks_its_subnet_and_its_groups(world: World) -> None:
    vpc = world.vpc()
    subnet, first, second = world.subnet(vpc), world.group(vpc, "first"), world.group(vpc, "second")
    endpoint = world.interface_endpoint(vpc, subnet, first)
    (interface,) = world.interfaces()
    assert interface["InterfaceType"] == "vpc_endpoint"
    assert interface["Description"] == f"VPC Endpoint Interface {endpoint}"
    with refused("DependencyViolation"):
        world.ec2.delete_subnet(SubnetId=subnet)
    with refused("DependencyViolation"):
        world.ec2.delete_security_group(GroupId=first)
    change = {"AddSecurityGroupIds": [second], "RemoveSecurityGroupIds": [first]}
    world.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, **change)
    world.ec2.delete_security_group(GroupId=first)
    with refused("DependencyViolation"):
        world.ec2.delete_security_group(GroupId=second)
    world.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert world.interfaces() == []
    world.ec2.delete_security_group(GroupId=second)
    world.ec2.delete_subnet(SubnetId=subnet)


def test_a_machine_blocks_its_subnet_until_it_is_terminated(world: World) -> None:
    subnet = world.subnet(world.vpc())
    machine = world.machine(subnet)
    with refused("DependencyViolation"):
        world.ec2.delete_subnet(SubnetId=subnet)
    world.ec2.terminate_instances(InstanceIds=[machine])
    assert world.interfaces() == []
    world.ec2.delete_subnet(SubnetId=subnet)


def test_an_interface_that_was_there_before_outlives_its_machine(world: World) -> None:
    subnet = world.subnet(world.vpc())
    interface = world.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    image = world.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    (machine,) = world.ec2.run_instances(
        ImageId=image,
        InstanceType="m5.large",
        MinCount=1,
        MaxCount=1,
        NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": interface}],
    )["Instances"]
    world.ec2.terminate_instances(InstanceIds=[machine["InstanceId"]])
    assert [each["NetworkInterfaceId"] for each in world.interfaces()] == [interface]
