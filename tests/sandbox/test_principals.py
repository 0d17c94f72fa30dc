"""Principals that aren't there, and what somebody may do who has taken a role.

That IAM and S3 look principals up is in IAM's user guide (documented); their sentences are those of many public logs
(source)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.sandbox.world import REGION, InThisProcess, World, refused
from tests.support.transport import answer_in_this_process

HERE = "arn:aws:iam::123456789012"


def document(principal: object, member: str = "Principal") -> str:
    statement = {"Effect": "Allow", member: principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def of_bucket(principal: object) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-1/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


@pytest.fixture
def iam(world: World) -> Any:
    found = world.other("iam")
    found.create_role(RoleName="there", Path="/deep/", AssumeRolePolicyDocument=document({"AWS": "*"}))
    found.create_user(UserName="somebody")
    world.s3.create_bucket(Bucket="b-1", CreateBucketConfiguration={"LocationConstraint": REGION})
    return found


GOOD = (
    "*",
    {"AWS": "*"},
    {"AWS": [f"{HERE}:role/deep/there", f"{HERE}:user/somebody", f"{HERE}:root"]},
    {"AWS": "123456789012"},
    {"AWS": "arn:aws:iam::111122223333:role/of-others"},
    {"AWS": "arn:aws:sts::123456789012:assumed-role/none/session"},
    {"AWS": "AROAABCDEFGHIJKLMNOPQ"},
    {"Service": "ec2.amazonaws.com"},
    {"Service": "ec2.amazonaws.com", "AWS": f"{HERE}:role/deep/there"},
)
BAD = (
    {"AWS": f"{HERE}:role/none"},
    {"AWS": f"{HERE}:user/there"},
    {"AWS": "arn:aws:iam::000000000000:role/none"},
    {"AWS": "000000000000"},
    {"AWS": "none"},
    {"AWS": [f"{HERE}:root", f"{HERE}:role/none"]},
)


@pytest.mark.parametrize("principal", GOOD, ids=str)
def test_policies_with_principals_that_are_there_are_taken(iam: Any, world: World, principal: Any) -> None:
    iam.create_role(RoleName="new", AssumeRolePolicyDocument=document(principal))
    iam.update_assume_role_policy(RoleName="new", PolicyDocument=document(principal))
    world.s3.put_bucket_policy(Bucket="b-1", Policy=of_bucket(principal))


@pytest.mark.parametrize("principal", BAD, ids=str)
def test_policies_with_others_are_refused(iam: Any, world: World, principal: Mapping[str, Any]) -> None:
    named = principal["AWS"] if isinstance(principal["AWS"], str) else principal["AWS"][-1]
    sentence = f'Invalid principal in policy: "AWS":"{named}"'
    calls: tuple[Callable[[], Any], ...] = (
        lambda: iam.create_role(RoleName="new", AssumeRolePolicyDocument=document(principal)),
        lambda: iam.update_assume_role_policy(RoleName="there", PolicyDocument=document(principal, "NotPrincipal")),
    )
    for call in calls:
        with pytest.raises(ClientError) as caught:
            call()
        assert caught.value.response["Error"]["Code"] == "MalformedPolicyDocument"
        assert caught.value.response["Error"]["Message"] == sentence
    with pytest.raises(ClientError) as caught:
        world.s3.put_bucket_policy(Bucket="b-1", Policy=of_bucket(principal))
    assert caught.value.response["Error"]["Code"] == "MalformedPolicy"
    assert caught.value.response["Error"]["Message"] == "Invalid principal in policy"


def allow(*actions: str) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def as_role(sandbox: InThisProcess, name: str) -> Any:
    """A client of EC2 for somebody who has taken a role."""
    sts = World(sandbox.endpoint_url, sandbox.pipeline).other("sts")
    keys = sts.assume_role(RoleArn=f"{HERE}:role/{name}", RoleSessionName="one")["Credentials"]
    make: Any = boto3.client
    client = make(
        "ec2",
        region_name=REGION,
        endpoint_url=sandbox.endpoint_url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    answer_in_this_process(client, sandbox.pipeline.answer)
    return client


def test_whoever_has_taken_a_role_may_do_what_its_policies_allow(
    iam: Any, world: World, sandbox: InThisProcess
) -> None:
    ec2, vpc = as_role(sandbox, "deep/there"), world.vpc()
    with refused("UnauthorizedOperation", 403):
        ec2.describe_vpcs()
    iam.put_role_policy(RoleName="there", PolicyName="one", PolicyDocument=allow("ec2:Describe*", "route53:*"))
    policy = iam.create_policy(PolicyName="more", PolicyDocument=allow("ec2:CreateVpcEndpoint"))["Policy"]["Arn"]
    assert ec2.describe_vpcs()["Vpcs"]
    wanted = {"VpcId": vpc, "VpcEndpointType": "Interface", "DryRun": True}
    here = {"ServiceName": f"com.amazonaws.{REGION}.ec2"}
    with refused("UnauthorizedOperation", 403):
        ec2.create_vpc_endpoint(**wanted, **here)
    iam.attach_role_policy(RoleName="there", PolicyArn=policy)
    with refused("DryRunOperation", 412):
        ec2.create_vpc_endpoint(**wanted, **here)
    with pytest.raises(ClientError) as caught:
        ec2.create_vpc_endpoint(**wanted, ServiceName="com.amazonaws.iam", ServiceRegion="us-east-1")
    assert "vpce:AllowMultiRegion" in caught.value.response["Error"]["Message"]
    # A role that nobody made here, as of another account, may do everything.
    assert as_role(sandbox, "none").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]
