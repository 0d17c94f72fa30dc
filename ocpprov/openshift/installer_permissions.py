"""The groups of permissions that openshift-install asks for, as data.

Source: pkg/asset/installconfig/aws/permissions.go of openshift/installer, whose groups these are, under its names: its
lists of release 4.12, of September 2024 (4.18) and of April 2025 (after 4.19 was branched). Where an action is in one
of them and not in the next, the releases between count as having it. The groups `create-networking` and
`delete-networking` are left out: the network is the plan's, whatever else the installer makes.

The installer checks them at `create cluster` only (its asset PlatformPermsCheck), by SimulatePrincipalPolicy without
resources: a policy that names resources fails the check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final

from ocpprov.plan.releases import Release, release_of


class PermissionGroup(Enum):
    """The installer's groups that a plan can have to do with; the value is the installer's word."""

    CREATE_BASE = "create-base"
    DELETE_BASE = "delete-base"
    DELETE_SHARED_NETWORKING = "delete-shared-networking"
    CREATE_INSTANCE_ROLE = "create-instance-role"
    DELETE_SHARED_INSTANCE_ROLE = "delete-shared-instance-role"
    CREATE_INSTANCE_PROFILE = "create-instance-profile"
    DELETE_SHARED_INSTANCE_PROFILE = "delete-shared-instance-profile"
    CREATE_HOSTED_ZONE = "create-hosted-zone"
    DELETE_HOSTED_ZONE = "delete-hosted-zone"
    DELETE_IGNITION_OBJECTS = "delete-ignition-objects"
    VALIDATE_INSTANCE_TYPE = "permission-validate-instance-type"
    DEFAULT_ZONES = "permission-default-zones"
    ASSUME_ROLE = "permission-assume-role"
    MINT_CREDS = "permission-mint-creds"


# fmt: off
GROUPS: Final[Mapping[PermissionGroup, Mapping[str, Sequence[str]]]] = {
    PermissionGroup.CREATE_BASE: {
        "ec2": (
            "AttachNetworkInterface", "AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "CopyImage",
            "CreateNetworkInterface", "CreateSecurityGroup", "CreateTags", "CreateVolume", "DeleteSecurityGroup",
            "DeleteSnapshot", "DeregisterImage", "DescribeAccountAttributes", "DescribeAddresses",
            "DescribeAvailabilityZones", "DescribeDhcpOptions", "DescribeImages", "DescribeInstanceAttribute",
            "DescribeInstanceCreditSpecifications", "DescribeInstanceTypeOfferings", "DescribeInstances",
            "DescribeInternetGateways", "DescribeKeyPairs", "DescribeNatGateways", "DescribeNetworkAcls",
            "DescribeNetworkInterfaces", "DescribePrefixLists", "DescribeRegions", "DescribeRouteTables",
            "DescribeSecurityGroupRules", "DescribeSecurityGroups", "DescribeSubnets", "DescribeTags",
            "DescribeVolumes", "DescribeVpcAttribute", "DescribeVpcClassicLink", "DescribeVpcClassicLinkDnsSupport",
            "DescribeVpcEndpoints", "DescribeVpcs", "GetConsoleOutput", "GetEbsDefaultKmsKeyId",
            "ModifyInstanceAttribute", "ModifyNetworkInterfaceAttribute", "RevokeSecurityGroupEgress",
            "RevokeSecurityGroupIngress", "RunInstances", "TerminateInstances",
        ),
        "elasticloadbalancing": (
            "AddTags", "ApplySecurityGroupsToLoadBalancer", "AttachLoadBalancerToSubnets", "ConfigureHealthCheck",
            "CreateListener", "CreateLoadBalancer", "CreateLoadBalancerListeners", "CreateTargetGroup",
            "DeleteLoadBalancer", "DeregisterInstancesFromLoadBalancer", "DeregisterTargets", "DescribeInstanceHealth",
            "DescribeListeners", "DescribeLoadBalancerAttributes", "DescribeLoadBalancers", "DescribeTags",
            "DescribeTargetGroupAttributes", "DescribeTargetHealth", "ModifyLoadBalancerAttributes",
            "ModifyTargetGroup", "ModifyTargetGroupAttributes", "RegisterInstancesWithLoadBalancer",
            "RegisterTargets", "SetLoadBalancerPoliciesOfListener", "SetSecurityGroups",
        ),
        "iam": (
            "GetInstanceProfile", "GetRole", "GetRolePolicy", "GetUser", "ListInstanceProfilesForRole", "ListRoles",
            "ListUsers", "PassRole", "SimulatePrincipalPolicy", "TagInstanceProfile", "TagRole",
        ),
        "route53": (
            "ChangeResourceRecordSets", "ChangeTagsForResource", "GetChange", "GetHostedZone", "ListHostedZones",
            "ListHostedZonesByName", "ListResourceRecordSets", "ListTagsForResource", "UpdateHostedZoneComment",
        ),
        "s3": (
            "CreateBucket", "GetAccelerateConfiguration", "GetBucketAcl", "GetBucketCORS", "GetBucketLocation",
            "GetBucketLogging", "GetBucketObjectLockConfiguration", "GetBucketPolicy", "GetBucketRequestPayment",
            "GetBucketTagging", "GetBucketVersioning", "GetBucketWebsite", "GetEncryptionConfiguration",
            "GetLifecycleConfiguration", "GetObject", "GetObjectAcl", "GetObjectTagging", "GetObjectVersion",
            "GetReplicationConfiguration", "ListBucket", "PutBucketAcl", "PutBucketPolicy", "PutBucketTagging",
            "PutEncryptionConfiguration", "PutObject", "PutObjectAcl", "PutObjectTagging",
        ),
    },
    PermissionGroup.DELETE_BASE: {
        "autoscaling": ("DescribeAutoScalingGroups",),
        "ec2": ("DeleteNetworkInterface", "DeletePlacementGroup", "DeleteTags", "DeleteVolume"),
        "elasticloadbalancing": ("DeleteTargetGroup", "DescribeTargetGroups"),
        "iam": (
            "DeleteAccessKey", "DeleteUser", "ListAttachedRolePolicies", "ListInstanceProfiles", "ListRolePolicies",
            "ListUserPolicies",
        ),
        "s3": ("DeleteBucket", "DeleteObject", "ListBucketVersions"),
        "tag": ("GetResources",),
    },
    PermissionGroup.DELETE_SHARED_NETWORKING: {"tag": ("UntagResources",)},
    PermissionGroup.CREATE_INSTANCE_ROLE: {"iam": ("CreateRole", "DeleteRole", "DeleteRolePolicy", "PutRolePolicy")},
    PermissionGroup.DELETE_SHARED_INSTANCE_ROLE: {"iam": ("UntagRole",)},
    PermissionGroup.CREATE_INSTANCE_PROFILE: {
        "iam": (
            "AddRoleToInstanceProfile", "CreateInstanceProfile", "DeleteInstanceProfile",
            "RemoveRoleFromInstanceProfile",
        ),
    },
    PermissionGroup.DELETE_SHARED_INSTANCE_PROFILE: {"iam": ("UntagInstanceProfile",), "tag": ("UntagResources",)},
    PermissionGroup.CREATE_HOSTED_ZONE: {"route53": ("CreateHostedZone",)},
    PermissionGroup.DELETE_HOSTED_ZONE: {"route53": ("DeleteHostedZone",)},
    PermissionGroup.DELETE_IGNITION_OBJECTS: {"s3": ("DeleteBucket", "DeleteObject")},
    PermissionGroup.VALIDATE_INSTANCE_TYPE: {"ec2": ("DescribeInstanceTypes",)},
    PermissionGroup.DEFAULT_ZONES: {"ec2": ("DescribeAvailabilityZones", "DescribeInstanceTypeOfferings")},
    PermissionGroup.ASSUME_ROLE: {"sts": ("AssumeRole",)},
    PermissionGroup.MINT_CREDS: {
        "iam": (
            "CreateAccessKey", "CreateUser", "DeleteAccessKey", "DeleteUser", "DeleteUserPolicy", "GetUser",
            "GetUserPolicy", "ListAccessKeys", "PutUserPolicy", "SimulatePrincipalPolicy", "TagUser",
        ),
    },
}
"""The actions of each group, by their prefix: those of any release from 4.12 on."""

SINCE: Final[Mapping[str, Release]] = {
    "ec2:DeletePlacementGroup": (4, 13),
    "ec2:DescribeInstanceTypeOfferings": (4, 13),
    "ec2:DescribeSecurityGroupRules": (4, 13),
    "ec2:GetConsoleOutput": (4, 13),
    "elasticloadbalancing:SetSecurityGroups": (4, 13),
    "iam:ListAttachedRolePolicies": (4, 13),
    "iam:TagInstanceProfile": (4, 13),
    "s3:GetBucketPolicy": (4, 13),
    "s3:PutBucketPolicy": (4, 13),
}
"""The first release that asks for it, of those that 4.12 doesn't ask for."""

UNTIL: Final[Mapping[str, Release]] = {"autoscaling:DescribeAutoScalingGroups": (4, 19)}
"""The last release that asks for it, of those that the newest doesn't ask for."""
# fmt: on


def actions_of_group(group: PermissionGroup, version: str) -> list[str]:
    """The actions of a group in the release of a version, sorted. An older release than 4.12 has those of 4.12."""
    release = release_of(version)
    named = sorted(f"{service}:{name}" for service, names in GROUPS[group].items() for name in names)
    return [
        action
        for action in named
        if action not in SINCE or SINCE[action] <= release
        if action not in UNTIL or release <= UNTIL[action]
    ]
