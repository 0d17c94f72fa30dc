"""Roles, profiles, policies and buckets of a template: who may share them, and what becomes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import REGION

ALLOW: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}],
}
TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com"]}, "Action": ["sts:AssumeRole"]},
}
ROLE: Final = {
    "AssumeRolePolicyDocument": TRUST,
    "RoleName": "machines",
    "Policies": [{"PolicyName": "one", "PolicyDocument": ALLOW}],
    "ManagedPolicyArns": [{"Ref": "Managed"}],
}
RESOURCES: Final[dict[str, Any]] = {
    "Role": {"Type": "AWS::IAM::Role", "Properties": ROLE},
    "Profile": {
        "Type": "AWS::IAM::InstanceProfile",
        "Properties": {"InstanceProfileName": "machines", "Roles": [{"Ref": "Role"}]},
    },
    "Managed": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": ALLOW}},
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": {"Status": "Enabled"}}},
    "BucketPolicy": {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": "Bucket"},
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": ["s3:PutBucketAcl"],
                        "Resource": [{"Fn::GetAtt": ["Bucket", "Arn"]}],
                    }
                ],
            },
        },
    },
}


def written(user: LocalOperator, resources: dict[str, Any]) -> str:
    """A plan file with these resources."""
    path = user.folder / "prod.yaml"
    path.write_text(json.dumps({"name": "prod", "region": REGION, "Resources": resources}))
    return str(path)


@pytest.fixture
def plan(user: LocalOperator) -> str:
    """The plan with all of them, applied."""
    path = written(user, RESOURCES)
    user.good("apply", path, "--yes")
    return path


def names(aws: LocalAws) -> list[str]:
    """Everything there is, by name."""
    iam, s3 = aws.client("iam"), aws.client("s3")
    return [
        *(role["RoleName"] for role in iam.list_roles()["Roles"]),
        *(profile["InstanceProfileName"] for profile in iam.list_instance_profiles()["InstanceProfiles"]),
        *(policy["PolicyName"] for policy in iam.list_policies(Scope="Local")["Policies"]),
        *(bucket["Name"] for bucket in s3.list_buckets()["Buckets"]),
    ]


def test_a_second_plan_is_empty_and_destroy_leaves_nothing(
    user: LocalOperator, aws: LocalAws, plan: str, tmp_path: Path
) -> None:
    assert user.good("plan", plan, "--detailed-exitcode").code == 0
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    user.bastion.home = elsewhere
    user.good("destroy", "--name", "prod", "--region", REGION, "--yes")
    assert names(aws) == []


def test_a_role_of_ours_has_the_plans_policies_and_those_of_others_stay(
    user: LocalOperator, aws: LocalAws, plan: str
) -> None:
    iam = aws.client("iam")
    iam.put_role_policy(RoleName="machines", PolicyName="theirs", PolicyDocument=json.dumps(ALLOW))
    iam.delete_role_policy(RoleName="machines", PolicyName="one")
    user.good("apply", plan, "--yes")
    assert set(iam.list_role_policies(RoleName="machines")["PolicyNames"]) == {"one", "theirs"}
    again = user.good("plan", plan, "--detailed-exitcode")
    assert "not ours, left alone: Role: Ocpprov::IAM::RolePolicy machines|theirs" in again.out
    user.good("destroy", plan, "--yes")
    assert names(aws) == []


def test_a_managed_policy_is_put_right_and_attached_again(user: LocalOperator, aws: LocalAws, plan: str) -> None:
    iam = aws.client("iam")
    [policy] = iam.list_policies(Scope="Local")["Policies"]
    document = json.dumps(ALLOW).replace("s3:GetObject", "s3:*")
    iam.create_policy_version(PolicyArn=policy["Arn"], PolicyDocument=document, SetAsDefault=True)
    iam.detach_role_policy(RoleName="machines", PolicyArn=policy["Arn"])
    shown = user.run("plan", plan, "--detailed-exitcode")
    assert shown.code == 2
    assert "PolicyDocument: " in shown.out
    assert shown.out.count("create  Role/") == 1
    user.good("apply", plan, "--yes")
    attached = iam.list_attached_role_policies(RoleName="machines")["AttachedPolicies"]
    assert [row["PolicyArn"] for row in attached] == [policy["Arn"]]
    assert user.run("plan", plan, "--detailed-exitcode").code == 0


def test_who_holds_a_role_or_a_bucket_is_named(user: LocalOperator, aws: LocalAws, plan: str) -> None:
    iam, s3 = aws.client("iam"), aws.client("s3")
    (bucket,) = (each["Name"] for each in s3.list_buckets()["Buckets"])
    s3.put_object(Bucket=bucket, Key="their-report", Body=b"")
    iam.create_instance_profile(InstanceProfileName="their-profile")
    iam.add_role_to_instance_profile(InstanceProfileName="their-profile", RoleName="machines")
    destroyed = user.run("destroy", plan, "--yes")
    assert destroyed.code == 1
    assert "object their-report" in destroyed.err + destroyed.out
    assert "instance profile their-profile" in destroyed.err + destroyed.out
    assert {"machines", "their-profile", bucket} <= set(names(aws))


def test_a_retained_role_keeps_its_policies(user: LocalOperator, aws: LocalAws) -> None:
    properties = {**ROLE, "ManagedPolicyArns": []}
    kept = {"Role": {"Type": "AWS::IAM::Role", "DeletionPolicy": "Retain", "Properties": properties}}
    path = written(user, kept)
    user.good("apply", path, "--yes")
    user.good("destroy", path, "--yes")
    iam = aws.client("iam")
    assert iam.list_role_policies(RoleName="machines")["PolicyNames"] == ["one"]
    tags = {tag["Key"] for tag in iam.get_role(RoleName="machines")["Role"]["Tags"]}
    assert not {key for key in tags if key.startswith("ocpprov:")}


def test_nothing_is_put_on_other_peoples_roles_and_buckets(user: LocalOperator, aws: LocalAws) -> None:
    iam, s3 = aws.client("iam"), aws.client("s3")
    iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=json.dumps(TRUST))
    s3.create_bucket(Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": REGION})
    inline = {"PolicyName": "ours", "PolicyDocument": ALLOW, "Roles": ["theirs"]}
    on_bucket = {**RESOURCES["BucketPolicy"]["Properties"], "Bucket": "theirs"}
    resources = {
        "Bucket": RESOURCES["Bucket"],
        "Inline": {"Type": "AWS::IAM::Policy", "Properties": inline},
        "OnBucket": {"Type": "AWS::S3::BucketPolicy", "Properties": on_bucket},
    }
    refused = user.run("apply", written(user, resources), "--yes")
    assert refused.code == 2
    assert "Inline" in refused.err
    assert "OnBucket: theirs is not of this plan" in refused.err
    assert names(aws) == ["theirs", "theirs"]
    assert iam.list_role_policies(RoleName="theirs")["PolicyNames"] == []
