"""What the questions made goes, by what shows that it is theirs; what is anybody else's stays."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from botocore.exceptions import ClientError

from live.inventory import look
from live.lab import Lab
from live.names import BOUND, TAG
from live.proofs import Whose, judge
from live.sweep import sweep
from live.things import LISTINGS, Thing
from tests.live.support import REGION, RUN, Aws, failing

ZONE = "eu-west-1a"
ALLOW = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'


@pytest.fixture
def lab(aws: Aws) -> Lab:
    return Lab(aws.client, aws.clock, REGION, ZONE, RUN, seconds=30)


def things(aws: Aws) -> set[Thing]:
    return {thing for thing in look(aws.client).things if not thing.going}


def make_one_of_each(lab: Lab) -> None:
    """All that questions make, joined as they join it."""
    ec2, elbv2, iam, s3 = lab.ec2, lab.client("elbv2"), lab.client("iam"), lab.client("s3")
    gateway = lab.gateway
    ec2.create_route(RouteTableId=lab.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=lab.table, SubnetId=lab.subnet)
    ec2.create_nat_gateway(SubnetId=lab.subnet, AllocationId=lab.address, TagSpecifications=lab.tags("natgateway"))
    ec2.create_network_acl(VpcId=lab.vpc, TagSpecifications=lab.tags("network-acl"))
    other = lab.new_group("other")
    for group, named in ((lab.group, other), (other, lab.group)):
        rule = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": named}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    ec2.create_vpc_endpoint(
        VpcId=lab.vpc,
        ServiceName=f"com.amazonaws.{REGION}.ec2",
        VpcEndpointType="Interface",
        SubnetIds=[lab.subnet],
        SecurityGroupIds=[lab.group],
        TagSpecifications=lab.tags("vpc-endpoint"),
    )
    peer = lab.new_vpc("10.98.0.0/16")
    ec2.create_vpc_peering_connection(
        VpcId=lab.vpc, PeerVpcId=peer, TagSpecifications=lab.tags("vpc-peering-connection")
    )
    lab.new_gateway()
    [balancer] = elbv2.create_load_balancer(
        Name=f"{lab.name}-one", Type="network", Scheme="internal", Subnets=[lab.subnet], Tags=lab.pairs()
    )["LoadBalancers"]
    [targets] = elbv2.create_target_group(
        Name=lab.name, Protocol="TCP", Port=6443, VpcId=lab.vpc, TargetType="ip", Tags=lab.pairs()
    )["TargetGroups"]
    elbv2.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="TCP",
        Port=6443,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": targets["TargetGroupArn"]}],
    )
    zone = lab.client("route53").create_hosted_zone(
        Name="a.example-corp.net", CallerReference=f"{lab.name}-a", VPC={"VPCId": lab.vpc, "VPCRegion": REGION}
    )["HostedZone"]["Id"]
    record = {"Name": "b.a.example-corp.net", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}]}
    below = {**record, "Name": "c.a.example-corp.net", "Type": "NS", "ResourceRecords": [{"Value": "ns.example.net"}]}
    changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": each} for each in (record, below)]}
    lab.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)
    iam.create_role(RoleName=lab.name, AssumeRolePolicyDocument=ALLOW)
    iam.put_role_policy(RoleName=lab.name, PolicyName="one", PolicyDocument=ALLOW)
    iam.create_instance_profile(InstanceProfileName=lab.name)
    iam.add_role_to_instance_profile(InstanceProfileName=lab.name, RoleName=lab.name)
    iam.create_policy(PolicyName=lab.name, PolicyDocument=ALLOW)
    s3.create_bucket(Bucket=lab.name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=lab.name, Key="lock", Body=b"x")


def test_one_of_each_is_found_and_goes_whatever_joins_it(aws: Aws, lab: Lab) -> None:
    before = things(aws)
    make_one_of_each(lab)
    made = [each for each in judge(look(aws.client).things) if each.whose is Whose.SCRATCH]
    unmade = {"AWS::EC2::DHCPOptions", "AWS::EC2::NetworkInterface", "AWS::ElasticLoadBalancing::LoadBalancer"}
    assert {each.thing.type for each in made} == {listing.type for listing in LISTINGS} - unmade
    assert {each.run for each in made} == {RUN}
    assert sweep(aws.client, aws.clock, RUN, seconds=120, looks=2) == []
    assert things(aws) == before


def test_another_runs_things_go_only_when_no_run_is_named(aws: Aws, lab: Lab) -> None:
    vpc = lab.vpc
    assert sweep(aws.client, aws.clock, "ocpprov-live-ffffff") == []
    assert vpc in {thing.id for thing in things(aws)}
    assert sweep(aws.client, aws.clock) == []
    assert vpc not in {thing.id for thing in things(aws)}


def test_what_was_made_just_before_its_own_id_was_written_goes_too(aws: Aws, lab: Lab) -> None:
    before = things(aws)
    lab.unseen_vpc("10.99.0.0/16", {})
    lab.ec2.create_internet_gateway(TagSpecifications=lab.tags("internet-gateway"))
    lab.ec2.allocate_address(Domain="vpc", TagSpecifications=lab.tags("elastic-ip"))
    assert sweep(aws.client, aws.clock) == []
    assert things(aws) == before


def copied(aws: Aws, id: str, tags: Sequence[dict[str, str]]) -> None:
    aws.client("ec2").create_tags(Resources=[id], Tags=list(tags))


def test_what_has_a_copy_of_all_tags_stays(aws: Aws, lab: Lab) -> None:
    """Of another VPC, what lies in it, an address and a gateway."""
    ec2 = aws.client("ec2")
    theirs = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(VpcId=theirs, GroupName="theirs", Description="theirs")["GroupId"]
    subnet = ec2.create_subnet(VpcId=theirs, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    before = things(aws)
    tags = lab.pairs({BOUND: lab.vpc})
    for id in (theirs, group, subnet, address, gateway):
        copied(aws, id, tags)
    assert sweep(aws.client, aws.clock) == []
    assert {thing.id for thing in things(aws)} == {thing.id for thing in before}
    unproven = {each.thing.id for each in judge(look(aws.client).things) if each.whose is Whose.UNPROVEN}
    assert unproven == {theirs, group, subnet, address, gateway}


def test_what_somebody_put_into_our_network_stays_and_aws_says_so(aws: Aws, lab: Lab) -> None:
    made = lab.ec2.create_subnet(VpcId=lab.vpc, CidrBlock="10.99.9.0/24")["Subnet"]["SubnetId"]
    [left] = sweep(aws.client, aws.clock, seconds=10)
    assert left.startswith(f"AWS::EC2::VPC {lab.vpc}: ")
    assert "DependencyViolation" in left
    assert made in {thing.id for thing in things(aws)}


def test_a_listing_that_is_refused_is_told_and_the_others_are_made(aws: Aws, lab: Lab) -> None:
    vpc = lab.vpc
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListRoles")
    found = look(failing(aws.client, "iam", "list_roles", denied))
    assert found.unseen == (
        "AWS::IAM::Role: An error occurred (AccessDenied) when calling the ListRoles operation: no",
    )
    assert vpc in {thing.id for thing in found.things}


def test_what_the_lab_makes_carries_run_and_own_id(aws: Aws, lab: Lab) -> None:
    ids = {lab.vpc, lab.address, lab.gateway}
    tags = {thing.id: thing.tags for thing in things(aws) if thing.id in ids}
    assert tags == {id: {TAG: RUN, "Name": f"{RUN}-lab", BOUND: id} for id in ids}
