"""Roles, profiles and policies."""

from __future__ import annotations

from typing import Any, Final

from tests.kinds.cases import Case, Properties
from tests.kinds.world import World


def trust(service: str = "ec2.amazonaws.com") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def policy(action: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [action], "Resource": "*"}]}


def role(world: World, name: str) -> str:
    return world.make("AWS::IAM::Role", name, RoleName=name, AssumeRolePolicyDocument=trust())


def _role(world: World) -> Properties:
    return {"RoleName": "prod-master", "Path": "/cluster/", "AssumeRolePolicyDocument": trust()}


def _changed_role(world: World, properties: Properties) -> Properties:
    boundary = world.make("AWS::IAM::ManagedPolicy", ManagedPolicyName="prod-bound", PolicyDocument=policy("ec2:*"))
    return {
        "AssumeRolePolicyDocument": trust("ssm.amazonaws.com"),
        "Description": "Masters",
        "MaxSessionDuration": 7200,
        "PermissionsBoundary": boundary,
    }


def _profile(world: World) -> Properties:
    return {"InstanceProfileName": "prod-master", "Path": "/cluster/", "Roles": [role(world, "prod-master")]}


def _other_role(world: World, properties: Properties) -> Properties:
    return {"Roles": [role(world, "prod-other")]}


def _managed(world: World) -> Properties:
    return {
        "ManagedPolicyName": "prod-policy",
        "Path": "/cluster/",
        "Description": "For machines",
        "PolicyDocument": policy("ec2:DescribeVpcs"),
    }


def _inline(world: World) -> Properties:
    return {"RoleName": role(world, "prod-master"), "PolicyName": "read", "PolicyDocument": policy("ec2:DescribeVpcs")}


def _attached(world: World) -> Properties:
    arn = world.make("AWS::IAM::ManagedPolicy", ManagedPolicyName="prod-policy", PolicyDocument=policy("ec2:*"))
    return {"RoleName": role(world, "prod-master"), "PolicyArn": arn}


def _other_document(world: World, properties: Properties) -> Properties:
    return {"PolicyDocument": policy("ec2:DescribeSubnets")}


CASES: Final = (
    Case("role", "AWS::IAM::Role", _role, _changed_role),
    Case("instance profile", "AWS::IAM::InstanceProfile", _profile, _other_role),
    Case("managed policy", "AWS::IAM::ManagedPolicy", _managed, _other_document),
    Case("inline policy", "Ocpprov::IAM::RolePolicy", _inline, _other_document),
    Case("attached policy", "Ocpprov::IAM::RolePolicyAttachment", _attached),
)
