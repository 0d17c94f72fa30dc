"""One of each protected type in a template, and names given to them that somebody else has."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import boto3
import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.world import REGION, Operator, client, everything
from tests.support.warm import Finished

TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
CLASSIC: Final = {"LoadBalancerPort": "6443", "InstancePort": "6443", "Protocol": "TCP"}
PROTECTED: Final[dict[str, dict[str, Any]]] = {
    "Net": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}},
    "Sub": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {
            "VpcId": {"Ref": "Net"},
            "CidrBlock": "10.9.0.0/20",
            "AvailabilityZone": f"{REGION}a",
        },
    },
    "Zone": {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "guarded.example-corp.net."}},
    "Address": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}},
    "Balancer": {
        "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Properties": {"Type": "network", "Scheme": "internal", "Name": "guarded", "Subnets": [{"Ref": "Sub"}]},
    },
    "ClassicBalancer": {
        "Type": "AWS::ElasticLoadBalancing::LoadBalancer",
        "Properties": {
            "Scheme": "internal",
            "LoadBalancerName": "guarded",
            "Subnets": [{"Ref": "Sub"}],
            "Listeners": [CLASSIC],
        },
    },
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "guarded", "AssumeRolePolicyDocument": TRUST}},
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "guarded-bucket"}},
}
"""One of each type that OWNERSHIP's rule of `--allow` protects."""
TAKEN: Final = ["Role", "Bucket", "Group", "Profile", "Balancer", "ClassicBalancer"]
"""Whose names somebody else has already, in the order of the message."""
HOLDS: Final = {"Net": ("Sub", "Balancer", "ClassicBalancer"), "Sub": ("Balancer", "ClassicBalancer")}
"""What refers to a resource, and so can't stay without it."""
OTHERWISE: Final[dict[str, tuple[str, str]]] = {
    "Net": ("InstanceTenancy", "dedicated"),
    "Sub": ("CidrBlock", "10.9.16.0/20"),
    "Zone": ("Name", "other.example-corp.net."),
    "Balancer": ("Scheme", "internet-facing"),
    "ClassicBalancer": ("Scheme", "internet-facing"),
    "Role": ("Path", "/other/"),
    "Bucket": ("BucketName", "other-bucket"),
}
"""A value for each that it can only have from its creation on; an address has no such property that a plan gives."""


def written(operator: Operator, resources: Mapping[str, Any]) -> str:
    """A plan of these resources, as a file in the operator's folder."""
    document = {"name": "guarded", "region": REGION, "Resources": resources}
    (operator.folder / "plan.yaml").write_text(json.dumps(document))
    return "plan.yaml"


def refused(operator: Operator, admin: SandboxAdmin, *arguments: str) -> Finished:
    """The command ends with 2, nothing on stdout, and nothing touched."""
    before = everything(operator.url)
    admin.clear_calls()
    finished = operator.run(*arguments, "--sandbox", "--yes")
    assert (finished.code, finished.out) == (2, ""), finished.err
    assert "Traceback" not in finished.err
    assert [call["operation"] for call in admin.calls() if call["mutating"]] == []
    assert everything(operator.url) == before
    return finished


def _command_told(finished: Finished) -> list[str]:
    """The command line that a refusal ends with."""
    return shlex.split(finished.err.strip().splitlines()[-1])


def _asked_for(finished: Finished) -> set[str]:
    words = _command_told(finished)
    return {word for before, word in pairwise(words) if before == "--allow"}


def _replaced(*names: str) -> dict[str, Any]:
    """The resources, these with a value that needs another one in their place."""
    changed = dict(PROTECTED)
    for name in names:
        property_, value = OTHERWISE[name]
        changed[name] = {**PROTECTED[name], "Properties": {**PROTECTED[name]["Properties"], property_: value}}
    return changed


@pytest.fixture
def guarded(operator: Operator) -> Operator:
    """An operator who has applied one of each protected type."""
    operator.good("apply", written(operator, PROTECTED), "--sandbox", "--yes")
    return operator


def test_replacing_or_deleting_each_protected_type_needs_its_own_allow(guarded: Operator, admin: SandboxAdmin) -> None:
    replacing = refused(guarded, admin, "apply", written(guarded, _replaced(*OTHERWISE)))
    assert _asked_for(replacing) == set(OTHERWISE)
    plan = written(guarded, {"Options": {"Type": "AWS::EC2::DHCPOptions", "Properties": {"DomainName": "x.org"}}})
    first = refused(guarded, admin, "apply", plan)
    assert _asked_for(first) == set(PROTECTED)
    some = ["--allow", "Net", "--allow", "Role"]
    second = refused(guarded, admin, "apply", plan, *some)
    assert "replace or delete Address, Balancer, Bucket, ClassicBalancer, Sub, Zone," in second.err
    told = _command_told(second)
    assert told[:2] == ["ocpprov", "apply"]
    assert _asked_for(second) == set(PROTECTED)
    guarded.good(*told[1:])
    left = everything(guarded.url)
    assert (left["Buckets"], left["Roles"], left["HostedZones"], left["Addresses"]) == ([], [], [], [])
    assert left["LoadBalancers"] == left["LoadBalancerDescriptions"] == []


@pytest.mark.torture
def test_each_protected_type_alone_needs_allow(guarded: Operator, admin: SandboxAdmin) -> None:
    for name in OTHERWISE:
        finished = refused(guarded, admin, "apply", written(guarded, _replaced(name)))
        # Whatever stands in it goes with it.
        assert name in _asked_for(finished) <= {name, *HOLDS.get(name, ())}, finished.err
    for name in PROTECTED:
        rest = {key: value for key, value in PROTECTED.items() if key != name and key not in HOLDS.get(name, ())}
        finished = refused(guarded, admin, "apply", written(guarded, rest))
        assert _asked_for(finished) == {name, *HOLDS.get(name, ())}, finished.err


def test_names_that_others_have_are_all_named(operator: Operator, admin: SandboxAdmin) -> None:
    ec2, elbv2, elb = (client(service, operator.url) for service in ("ec2", "elbv2", "elb"))
    iam, s3 = client("iam", operator.url), client("s3", operator.url)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/20")["Subnet"]["SubnetId"]
    balancer = {"Name": "guarded", "Type": "network", "Scheme": "internal", "Subnets": [subnet]}
    elbv2.create_load_balancer(**balancer)
    elbv2.create_target_group(Name="guarded", Protocol="TCP", Port=6443, VpcId=vpc, TargetType="ip")
    listener = {"LoadBalancerPort": 6443, "InstancePort": 6443, "Protocol": "TCP"}
    elb.create_load_balancer(LoadBalancerName="guarded", Listeners=[listener], Subnets=[subnet])
    iam.create_role(RoleName="guarded", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.create_instance_profile(InstanceProfileName="guarded")
    s3.create_bucket(Bucket="guarded-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    group = {"Name": "guarded", "Protocol": "TCP", "Port": 6443, "VpcId": {"Ref": "Net"}, "TargetType": "ip"}
    more = {
        "Group": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": group},
        "Profile": {
            "Type": "AWS::IAM::InstanceProfile",
            "Properties": {"InstanceProfileName": "guarded", "Roles": [{"Ref": "Role"}]},
        },
    }
    plan = written(operator, {**PROTECTED, **more})
    finished = refused(operator, admin, "apply", plan)
    lines = finished.err.splitlines()
    assert [line.partition(":")[0] for line in lines] == TAKEN
    assert [
        line for line in lines if "is not of this plan; change the plan, or remove that one by hand" not in line
    ] == []


def test_a_name_that_a_bucket_of_another_account_has_is_told_when_it_is_made(
    operator: Operator, admin: SandboxAdmin
) -> None:
    # Listing shows the account's own buckets; of the others' S3 tells when one is made.
    _in_another_account(operator.url).create_bucket(
        Bucket="guarded-bucket", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    plan = written(operator, {"Bucket": PROTECTED["Bucket"]})
    before = everything(operator.url)
    admin.clear_calls()
    finished = operator.run("apply", plan, "--sandbox", "--yes")
    assert finished.code == 1
    assert "BucketAlreadyExists" in finished.err
    assert "missing:  Bucket\n" in finished.err
    assert [call["operation"] for call in admin.calls() if call["mutating"]] == ["CreateBucket"]
    assert everything(operator.url) == before


def _in_another_account(url: str) -> Any:
    sts = client("sts", url)
    role = sts.assume_role(RoleArn="arn:aws:iam::999988887777:role/theirs", RoleSessionName="theirs")["Credentials"]
    make: Any = boto3.client
    return make(
        "s3",
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )
