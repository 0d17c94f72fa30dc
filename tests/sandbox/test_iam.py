"""IAM: what it refuses where moto would not."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.sandbox.world import World, refused

DOCUMENT: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}
)
TRUST: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)


def role(iam: Any, name: str = "master", **more: Any) -> None:
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, **more)


def policy(iam: Any) -> str:
    return str(iam.create_policy(PolicyName="bound", PolicyDocument=DOCUMENT)["Policy"]["Arn"])


def test_a_policy_in_use_is_not_deleted(world: World) -> None:
    iam = world.other("iam")
    role(iam)
    arn = policy(iam)
    iam.attach_role_policy(RoleName="master", PolicyArn=arn)
    with refused("DeleteConflict", 409):
        iam.delete_policy(PolicyArn=arn)
    iam.detach_role_policy(RoleName="master", PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)


def test_a_policy_with_old_versions_is_not_deleted(world: World) -> None:
    iam = world.other("iam")
    arn = policy(iam)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT, SetAsDefault=True)
    with refused("DeleteConflict", 409):
        iam.delete_policy(PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)


def test_names_are_taken_whatever_the_case_of_their_letters(world: World) -> None:
    iam = world.other("iam")
    role(iam, "master")
    iam.create_instance_profile(InstanceProfileName="master")
    policy(iam)
    with refused("EntityAlreadyExists", 409):
        role(iam, "Master")
    with refused("EntityAlreadyExists", 409):
        iam.create_instance_profile(InstanceProfileName="MASTER")
    with refused("EntityAlreadyExists", 409):
        iam.create_policy(PolicyName="Bound", PolicyDocument=DOCUMENT)


def test_a_boundary_has_to_be_there(world: World) -> None:
    iam = world.other("iam")
    with refused("NoSuchEntity", 404):
        role(iam, PermissionsBoundary="arn:aws:iam::123456789012:policy/bound")
    role(iam, PermissionsBoundary=policy(iam))


def test_awss_own_policies_can_be_attached(world: World) -> None:
    iam = world.other("iam")
    role(iam)
    iam.attach_role_policy(RoleName="master", PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_a_role_that_is_in_no_profile_is_not_taken_out_of_it(world: World) -> None:
    iam = world.other("iam")
    role(iam)
    iam.create_instance_profile(InstanceProfileName="p")
    with refused("NoSuchEntity", 404):
        iam.remove_role_from_instance_profile(InstanceProfileName="p", RoleName="master")
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="master")
    iam.remove_role_from_instance_profile(InstanceProfileName="p", RoleName="master")
