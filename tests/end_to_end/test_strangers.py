"""Other people's things in the way of a destroy: each is named within seconds, all else goes, and a later destroy
finishes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ocpprov.sandbox.conditions import Conditions
from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion
from tests.support.likeness import likeness, unlike
from tests.support.service_interfaces import service_interface
from tests.support.snapshot import snapshot


@pytest.fixture(scope="module")
def bastion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bastion]:
    found = Bastion(tmp_path_factory.mktemp("bastion"), REGION)
    (found.home / "plan.json").write_text(json.dumps(PLAN))
    yield found
    found.pipeline.reset()


@pytest.fixture
def plan(bastion: Bastion) -> Path:
    bastion.pipeline.reset()
    shutil.rmtree(bastion.home / ".ocpprov", ignore_errors=True)
    return bastion.home / "plan.json"


def ours(ec2: Any, operation: str, member: str, key: str, name: str) -> str:
    wanted = [{"Name": "tag:ocpprov:resource", "Values": [name]}]
    return str(getattr(ec2, operation)(Filters=wanted)[member][0][key])


def their_listener(bastion: Bastion, vpc: str) -> tuple[str, str]:
    """A balancer and a listener of others, in another network, that forwards to the only target group."""
    ec2, elbv2 = bastion.client("ec2"), bastion.client("elbv2")
    [targets] = elbv2.describe_target_groups()["TargetGroups"]
    [subnet, *_] = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    wanted = {"Name": "theirs", "Type": "network", "Scheme": "internal", "Subnets": [subnet["SubnetId"]]}
    balancer = elbv2.create_load_balancer(**wanted)["LoadBalancers"][0]["LoadBalancerArn"]
    forward = [{"Type": "forward", "TargetGroupArn": targets["TargetGroupArn"]}]
    made = elbv2.create_listener(LoadBalancerArn=balancer, Protocol="TCP", Port=6443, DefaultActions=forward)
    return balancer, made["Listeners"][0]["ListenerArn"]


def test_all_that_is_in_the_way_is_named_and_the_rest_goes(bastion: Bastion, plan: Path) -> None:
    ec2, route53, elbv2 = bastion.client("ec2"), bastion.client("route53"), bastion.client("elbv2")
    empty = likeness(snapshot(bastion.client))
    assert bastion.apply(plan).code == 0
    subnet = ours(ec2, "describe_subnets", "Subnets", "SubnetId", "Public")
    group = ours(ec2, "describe_security_groups", "SecurityGroups", "GroupId", "Group")
    interface = ec2.create_network_interface(SubnetId=subnet, Description="of the backup appliance")
    interface_id = interface["NetworkInterface"]["NetworkInterfaceId"]
    private = ours(ec2, "describe_subnets", "Subnets", "SubnetId", "Private")
    mounted = service_interface(ec2, private, "EFS mount target for fs-1 (fsmt-1)", "efs")
    [default] = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    theirs = ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=default["VpcId"])["GroupId"]
    rule = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": group}]}]
    ec2.authorize_security_group_ingress(GroupId=theirs, IpPermissions=rule)
    [zone] = route53.list_hosted_zones()["HostedZones"]
    record = {"Name": "theirs.prod.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.9"}]}

    def change(action: str) -> None:
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        route53.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch=batch)

    change("CREATE")
    [balancer] = elbv2.describe_load_balancers()["LoadBalancers"]
    their_balancer, listener = their_listener(bastion, default["VpcId"])

    def protect(value: str) -> None:
        elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Attributes=[{"Key": "deletion_protection.enabled", "Value": value}],
        )

    protect("true")
    stopped = bastion.destroy(plan)
    assert (stopped.code, stopped.sent) == (2, [])
    assert "prod-api" in stopped.said
    assert "Key=deletion_protection.enabled,Value=false" in stopped.said
    protect("false")
    started = bastion.clock.seconds
    destroyed = bastion.destroy(plan)
    assert destroyed.code == 1
    said = destroyed.said + destroyed.events
    assert interface_id in said
    assert "of the backup appliance" in said
    assert f"a rule of security group {theirs}" in said
    assert "theirs.prod.example.com" in said
    assert f"a mount target of EFS (network interface {mounted}: EFS mount target for fs-1 (fsmt-1)) is not" in said
    assert f"listener {listener}, which forwards to it, is not of this plan; have it forward" in said
    # Nobody waited for what doesn't go by itself; the gateway and the endpoint take a minute or two.
    assert bastion.clock.seconds - started < 400
    left = [line.split()[1:3] for line in unlike(likeness(snapshot(bastion.client)), empty) if line.startswith("+")]
    types = {type for type, _ in left}
    assert types.isdisjoint({"NatGateway", "EIP", "Role", "InstanceProfile", "Bucket", "VPCEndpoint"})

    for id in (interface_id, mounted):
        ec2.delete_network_interface(NetworkInterfaceId=id)
    elbv2.delete_load_balancer(LoadBalancerArn=their_balancer)
    ec2.revoke_security_group_ingress(GroupId=theirs, IpPermissions=rule)
    ec2.delete_security_group(GroupId=theirs)
    change("DELETE")
    assert bastion.destroy(plan).code == 0
    assert unlike(likeness(snapshot(bastion.client)), empty) == []


NETWORK: dict[str, Any] = {
    "name": "prod",
    "region": REGION,
    "Resources": {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Net": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": f"{REGION}a"},
        },
    },
}


def test_what_guard_duty_left_in_the_network_is_named_with_what_to_do(bastion: Bastion, plan: Path) -> None:
    plan = plan.with_name("network.json")
    plan.write_text(json.dumps(NETWORK))
    ec2 = bastion.client("ec2")
    assert bastion.apply(plan).code == 0
    bastion.pipeline.set_conditions(Conditions(guard_duty=True))
    subnet = ours(ec2, "describe_subnets", "Subnets", "SubnetId", "Net")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    machine = ec2.run_instances(ImageId=image, InstanceType="m5.large", MinCount=1, MaxCount=1, SubnetId=subnet)
    ec2.terminate_instances(InstanceIds=[machine["Instances"][0]["InstanceId"]])
    [endpoint] = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    interface, vpc = endpoint["NetworkInterfaceIds"][0], endpoint["VpcId"]
    step = (
        f"delete GuardDuty's endpoint, and when it is gone the group GuardDutyManagedSecurityGroup-{vpc}: GuardDuty "
        "makes them again only while machines run in the VPC and its automated agent is on"
    )
    started = bastion.clock.seconds
    destroyed = bastion.destroy(plan)
    assert destroyed.code == 1
    assert (
        f"AWS::EC2::Subnet {subnet} can't be deleted: GuardDuty's VPC endpoint {endpoint['VpcEndpointId']} (network "
        f"interface {interface}) is not of this plan; {step}, then run the same command again"
    ) in destroyed.said
    assert bastion.clock.seconds - started < 10

    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    started = bastion.clock.seconds
    # The interface goes with the endpoint, in a moment; then the group is in the way.
    destroyed = bastion.destroy(plan)
    assert destroyed.code == 1
    group = endpoint["Groups"][0]["GroupId"]
    assert f"AWS::EC2::SecurityGroup {group} is not of this plan; {step}" in destroyed.said
    assert bastion.clock.seconds - started < 60
    ec2.delete_security_group(GroupId=group)
    assert bastion.destroy(plan).code == 0
    assert vpc not in [each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]]


@pytest.mark.torture
def test_a_listener_of_others_is_named_when_its_target_group_is_replaced(bastion: Bastion, plan: Path) -> None:
    """One of a fixed name has to go before its successor comes."""
    ec2 = bastion.client("ec2")
    plan = plan.with_name("targets.json")
    network = {**NETWORK["Resources"]}
    group = {"Name": "prod-api", "Protocol": "TCP", "Port": 6443, "VpcId": {"Ref": "Vpc"}, "TargetType": "ip"}
    network["Targets"] = {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": group}
    plan.write_text(json.dumps({**NETWORK, "Resources": network}))
    assert bastion.apply(plan).code == 0
    _, listener = their_listener(
        bastion, ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
    )
    group["Port"] = 7443
    plan.write_text(json.dumps({**NETWORK, "Resources": network}))
    started = bastion.clock.seconds
    changed = bastion.apply(plan)
    assert changed.code == 1
    assert f"listener {listener}, which forwards to it, is not of this plan; have it forward elsewhere" in changed.said
    assert bastion.clock.seconds - started < 10
    bastion.client("elbv2").delete_listener(ListenerArn=listener)
    assert bastion.apply(plan).code == 0


Others = Callable[[Bastion], str]
"""Does something by hand, and gives what the error has to say."""


def by_tag(ec2: Any, name: str) -> str:
    tags = ec2.describe_tags(Filters=[{"Name": "tag:ocpprov:resource", "Values": [name]}])["Tags"]
    [id] = {tag["ResourceId"] for tag in tags if tag["Value"] == name}
    return str(id)


def mapped_address(bastion: Bastion) -> str:
    ec2 = bastion.client("ec2")
    made = ec2.create_network_interface(SubnetId=by_tag(ec2, "Public"), Description="a proxy")["NetworkInterface"]
    spare = by_tag(ec2, "Spare")
    ec2.associate_address(AllocationId=spare, NetworkInterfaceId=made["NetworkInterfaceId"])
    return f"AWS::EC2::EIP {spare} can't be deleted: network interface {made['NetworkInterfaceId']} (a proxy) is not"


def gateway_of_theirs(bastion: Bastion) -> str:
    ec2 = bastion.client("ec2")
    wanted = {"SubnetId": by_tag(ec2, "Private"), "ConnectivityType": "private"}
    gateway = ec2.create_nat_gateway(**wanted)["NatGateway"]["NatGatewayId"]
    return f"NAT gateway {gateway} (network interface eni-"


def subnet_on_our_table(bastion: Bastion) -> str:
    ec2 = bastion.client("ec2")
    made = ec2.create_subnet(VpcId=by_tag(ec2, "Vpc"), CidrBlock="10.0.9.0/24")["Subnet"]["SubnetId"]
    ec2.associate_route_table(SubnetId=made, RouteTableId=by_tag(ec2, "PublicTable"))
    return f"subnet {made}, which uses it, is not of this plan; give that one another by hand"


def subnet_on_our_acl(bastion: Bastion) -> str:
    ec2 = bastion.client("ec2")
    made = ec2.create_subnet(VpcId=by_tag(ec2, "Vpc"), CidrBlock="10.0.9.0/24")["Subnet"]["SubnetId"]
    acls = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [made]}])["NetworkAcls"]
    [link] = [each for each in acls[0]["Associations"] if each["SubnetId"] == made]
    ec2.replace_network_acl_association(AssociationId=link["NetworkAclAssociationId"], NetworkAclId=by_tag(ec2, "Acl"))
    return f"subnet {made}, which uses it, is not of this plan; give that one another by hand"


def outgoing_rule(bastion: Bastion) -> str:
    ec2 = bastion.client("ec2")
    group = ec2.create_security_group(GroupName="theirs", Description="theirs", VpcId=by_tag(ec2, "Vpc"))["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": by_tag(ec2, "Group")}]}
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[rule])
    return f"a rule of security group {group} is not of this plan"


def private_gateway(bastion: Bastion) -> str:
    ec2 = bastion.client("ec2")
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=by_tag(ec2, "Vpc"))
    return f"virtual private gateway {gateway}, which is attached to it, is not of this plan; detach that one by hand"


@pytest.mark.torture
@pytest.mark.parametrize(
    "others",
    [mapped_address, gateway_of_theirs, subnet_on_our_table, subnet_on_our_acl, outgoing_rule, private_gateway],
)
def test_each_thing_that_may_be_in_the_way(bastion: Bastion, plan: Path, others: Others) -> None:
    wanted = json.loads(json.dumps(PLAN))
    wanted["Resources"]["Spare"] = {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}}
    plan = plan.with_name("spare.json")
    plan.write_text(json.dumps(wanted))
    assert bastion.apply(plan).code == 0
    said = others(bastion)
    started = bastion.clock.seconds
    destroyed = bastion.destroy(plan)
    assert destroyed.code == 1
    assert said in destroyed.said + destroyed.events
    assert bastion.clock.seconds - started < 60
