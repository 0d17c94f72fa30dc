"""In company: what others add to our things stays in every apply; what only carries our tags is never deleted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion

ALLOW: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}]}
)


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
    path = bastion.home / "plan.json"
    assert bastion.apply(path).code == 0
    return path


def _by_name(bastion: Bastion) -> dict[str, str]:
    """The ids of the plan's EC2 things by logical id."""
    pages = (
        bastion.client("ec2")
        .get_paginator("describe_tags")
        .paginate(Filters=[{"Name": "key", "Values": ["ocpprov:resource"]}])
    )
    return {tag["Value"]: tag["ResourceId"] for page in pages for tag in page["Tags"]}


def _tags_of(bastion: Bastion, id: str) -> Sequence[Mapping[str, str]]:
    found = bastion.client("ec2").describe_tags(Filters=[{"Name": "resource-id", "Values": [id]}])["Tags"]
    return [{"Key": tag["Key"], "Value": tag["Value"]} for tag in found]


def _zone(bastion: Bastion) -> str:
    [zone] = bastion.client("route53").list_hosted_zones()["HostedZones"]
    return str(zone["Id"].rpartition("/")[2])


def test_what_others_link_to_ours_or_add_to_it_stays(bastion: Bastion, plan: Path) -> None:
    ec2, iam, route53, s3 = (bastion.client(service) for service in ("ec2", "iam", "route53", "s3"))
    ids = _by_name(bastion)
    vpc = ids["Vpc"]
    ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="100.66.0.0/16")
    theirs = iam.create_policy(PolicyName="quick-setup", PolicyDocument=ALLOW)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="prod-machines", PolicyArn=theirs)
    iam.put_role_policy(RoleName="prod-machines", PolicyName="scanner", PolicyDocument=ALLOW)
    quarantine = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    [default] = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [ids["Public"]]}])[
        "NetworkAcls"
    ]
    [link] = [each for each in default["Associations"] if each["SubnetId"] == ids["Public"]]
    ec2.replace_network_acl_association(AssociationId=link["NetworkAclAssociationId"], NetworkAclId=quarantine)
    hub = ec2.create_vpc(CidrBlock="10.200.0.0/16")["Vpc"]["VpcId"]
    zone = _zone(bastion)
    bastion.clock.sleep(60)
    route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC={"VPCRegion": REGION, "VPCId": hub})
    [bucket] = [each["Name"] for each in s3.list_buckets()["Buckets"]]
    document = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    document["Statement"].append(
        {"Sid": "Audit", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(document))
    watchers = ec2.create_security_group(GroupName="watchers", Description="watchers", VpcId=vpc)["GroupId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=ids["Machines"], AddSecurityGroupIds=[watchers])

    again = bastion.apply(plan)
    assert (again.code, again.sent) == (0, []), again.said
    for what in ("100.66.0.0/16", "quick-setup", "scanner", "aclassoc-", hub, "Audit", watchers):
        assert any(what in line or "VPCCidrBlock" in line for line in again.said.splitlines() if "not ours" in line), (
            what
        )
    assert ec2.describe_network_acls(NetworkAclIds=[quarantine])["NetworkAcls"][0]["Associations"] != []
    assert {each["VPCId"] for each in route53.get_hosted_zone(Id=zone)["VPCs"]} == {vpc, hub}

    # A change of ours beside theirs leaves theirs as it is.
    changed = json.loads(plan.read_text())
    changed["Resources"]["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"][0]["Action"] = "s3:Get*"
    plan.write_text(json.dumps(changed))
    # A statement without a Sid is remembered by what it does: written before it is there, and the old one afterwards.
    assert bastion.apply(plan).sent == ["PutBucketTagging", "PutBucketPolicy", "PutBucketTagging"]
    plan.write_text(json.dumps(PLAN))
    statements = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert [(each.get("Sid"), each["Action"]) for each in statements] == [
        (None, "s3:Get*"),
        ("Audit", "s3:DeleteBucket"),
    ]


def test_what_only_carries_our_tags_is_listed_and_stays(bastion: Bastion, plan: Path) -> None:
    ec2, iam, route53 = (bastion.client(service) for service in ("ec2", "iam", "route53"))
    ids = _by_name(bastion)
    tags = _tags_of(bastion, ids["Vpc"])
    corp = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    groups = {
        vpc: ec2.create_security_group(VpcId=vpc, GroupName="theirs", Description="theirs")["GroupId"]
        for vpc in (corp, ids["Vpc"])
    }
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=corp)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_tags(Resources=[*groups.values(), gateway, address], Tags=tags)
    twin = ec2.create_security_group(VpcId=corp, GroupName="machines", Description="theirs")["GroupId"]
    ec2.create_tags(Resources=[twin], Tags=_tags_of(bastion, ids["Group"]))
    iam.create_instance_profile(InstanceProfileName="corp-profile")
    iam.tag_role(RoleName="prod-machines", Tags=[{"Key": "ocpprov:vouches-for", "Value": "Profile corp-profile"}])
    payments = route53.create_hosted_zone(Name="payments.corp", CallerReference="theirs")["HostedZone"]["Id"]
    record = {"Name": "db.payments.corp.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.9"}]}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=payments, ChangeBatch=batch)
    elbv2 = bastion.client("elbv2")
    [balancer] = elbv2.describe_load_balancers()["LoadBalancers"]
    forged = f"{payments.rpartition('/')[2]} rr db.payments.corp A"
    elbv2.add_tags(ResourceArns=[balancer["LoadBalancerArn"]], Tags=[{"Key": "ocpprov:records.7", "Value": forged}])

    def theirs() -> list[Any]:
        return [
            sorted(
                each["GroupId"]
                for each in ec2.describe_security_groups(GroupIds=[*groups.values(), twin])["SecurityGroups"]
            ),
            ec2.describe_internet_gateways(InternetGatewayIds=[gateway])["InternetGateways"][0]["Attachments"],
            ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]["AllocationId"],
            iam.get_instance_profile(InstanceProfileName="corp-profile")["InstanceProfile"]["Roles"],
            [each["Name"] for each in route53.list_resource_record_sets(HostedZoneId=payments)["ResourceRecordSets"]],
        ]

    before = theirs()
    again = bastion.apply(plan)
    assert again.code == 0, again.said
    # What the tag said of somebody's record isn't true, and is forgotten.
    assert set(again.sent) == {"AddTags", "RemoveTags"}
    assert bastion.apply(plan).sent == []
    assert theirs() == before
    for id in (*groups.values(), gateway, address, twin, "db.payments.corp"):
        assert any(id in line for line in again.said.splitlines() if "left alone" in line), id

    destroyed = bastion.destroy(plan)
    assert destroyed.code == 1
    assert f"AWS::EC2::SecurityGroup {groups[ids['Vpc']]}" in destroyed.said
    assert theirs() == before
    ec2.delete_security_group(GroupId=groups.pop(ids["Vpc"]))
    before = theirs()
    assert bastion.destroy(plan).code == 0
    assert theirs() == before
    assert ids["Vpc"] not in [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]]


def test_an_existing_network_that_the_plan_names_stays_whatever_its_tags_say(bastion: Bastion, plan: Path) -> None:
    """With the plan's file, and without it by the note in the run folder."""
    assert bastion.destroy(plan).code == 0
    ec2 = bastion.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.88.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.88.0.0/24")["Subnet"]["SubnetId"]
    tables = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    resources = {
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": vpc, "GroupDescription": "ours"}},
        "Storage": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {"VpcId": vpc, "ServiceName": f"com.amazonaws.{REGION}.s3", "RouteTableIds": [tables]},
        },
        "Machines": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {
                "VpcId": vpc,
                "VpcEndpointType": "Interface",
                "ServiceName": f"com.amazonaws.{REGION}.ec2",
                "SubnetIds": [subnet],
            },
        },
    }
    guest = bastion.home / "guest.json"
    guest.write_text(json.dumps({"name": "guest", "region": REGION, "Resources": resources}))
    for options in ({"plan": guest}, {"plan": None, "name": "guest", "region": REGION}):
        assert bastion.apply(guest).code == 0
        group = _by_name(bastion)["Group"]
        ec2.create_tags(Resources=[vpc, subnet, tables], Tags=_tags_of(bastion, group))
        ec2.create_tags(Resources=[vpc], Tags=[{"Key": "ocpprov:resource", "Value": "Vpc"}])
        destroyed = bastion.destroy(**options)
        assert destroyed.code == 0, destroyed.said
        for id in (vpc, subnet, tables):
            assert f"{id} carries this plan's tags, but" in destroyed.said
        assert ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"] == vpc
        assert ec2.describe_route_tables(RouteTableIds=[tables])["RouteTables"][0]["VpcId"] == vpc
        assert (
            ec2.describe_security_groups(Filters=[{"Name": "tag:ocpprov:plan", "Values": ["guest"]}])["SecurityGroups"]
            == []
        )
