"""Roles and profiles, against the lists of templates 03 and 04 and the documentation's table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.openshift.expand import expand
from ocpprov.plan.model import Bucket, Iam, InstanceProfiles, OpenShift
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

ROLES = {"MasterIamRole", "WorkerIamRole", "BootstrapIamRole"}
PROFILES = {"MasterInstanceProfile", "WorkerInstanceProfile", "BootstrapInstanceProfile"}

# Template 03_cluster_security.yaml, release-4.12.
MASTER_ACTIONS = """
    ec2:AttachVolume ec2:AuthorizeSecurityGroupIngress ec2:CreateSecurityGroup ec2:CreateTags ec2:CreateVolume
    ec2:DeleteSecurityGroup ec2:DeleteVolume ec2:Describe* ec2:DetachVolume ec2:ModifyInstanceAttribute
    ec2:ModifyVolume ec2:RevokeSecurityGroupIngress elasticloadbalancing:AddTags
    elasticloadbalancing:AttachLoadBalancerToSubnets elasticloadbalancing:ApplySecurityGroupsToLoadBalancer
    elasticloadbalancing:CreateListener elasticloadbalancing:CreateLoadBalancer
    elasticloadbalancing:CreateLoadBalancerPolicy elasticloadbalancing:CreateLoadBalancerListeners
    elasticloadbalancing:CreateTargetGroup elasticloadbalancing:ConfigureHealthCheck
    elasticloadbalancing:DeleteListener elasticloadbalancing:DeleteLoadBalancer
    elasticloadbalancing:DeleteLoadBalancerListeners elasticloadbalancing:DeleteTargetGroup
    elasticloadbalancing:DeregisterInstancesFromLoadBalancer elasticloadbalancing:DeregisterTargets
    elasticloadbalancing:Describe* elasticloadbalancing:DetachLoadBalancerFromSubnets
    elasticloadbalancing:ModifyListener elasticloadbalancing:ModifyLoadBalancerAttributes
    elasticloadbalancing:ModifyTargetGroup elasticloadbalancing:ModifyTargetGroupAttributes
    elasticloadbalancing:RegisterInstancesWithLoadBalancer elasticloadbalancing:RegisterTargets
    elasticloadbalancing:SetLoadBalancerPoliciesForBackendServer
    elasticloadbalancing:SetLoadBalancerPoliciesOfListener kms:DescribeKey
"""


def properties(section: OpenShift, logical_id: str, region: str = "eu-west-1") -> dict[str, Value]:
    return dict(expand(plan_of(section, region), FACTS)[logical_id].properties)


def statements(section: OpenShift, role: str) -> Any:
    policies: Any = properties(section, role)["Policies"]
    (policy,) = policies
    return policy["PolicyDocument"]["Statement"]


def on_everything(*actions: str) -> Value:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


def with_iam(**changes: object) -> OpenShift:
    return replace(SECTION_3AZ, iam=replace(Iam(), **changes))  # type: ignore[arg-type]


def test_the_masters_role_is_trusted_by_ec2_and_has_the_templates_policy() -> None:
    assert properties(SECTION_3AZ, "MasterIamRole") == {
        "Path": "/",
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        },
        "Policies": [
            {
                "PolicyName": "prod-x7k2p-master-policy",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [on_everything(*MASTER_ACTIONS.split())],
                },
            }
        ],
    }
    assert len(MASTER_ACTIONS.split()) == 38


def test_the_scoped_worker_and_bootstrap() -> None:
    assert statements(SECTION_3AZ, "WorkerIamRole") == [on_everything("ec2:DescribeInstances", "ec2:DescribeRegions")]
    assert statements(SECTION_3AZ, "BootstrapIamRole") == [
        on_everything("ec2:Describe*", "ec2:AttachVolume", "ec2:DetachVolume"),
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": Join("", (GetAtt("InfraBucket", "Arn"), "/*")),
        },
    ]


def test_without_a_bucket_of_ours_the_bootstrap_machine_may_read_any() -> None:
    section = replace(SECTION_3AZ, bucket=Bucket(create=False))
    assert statements(section, "BootstrapIamRole") == [
        on_everything("ec2:Describe*", "ec2:AttachVolume", "ec2:DetachVolume", "s3:GetObject")
    ]


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("MasterIamRole", ["ec2:*", "elasticloadbalancing:*", "iam:PassRole", "s3:GetObject"]),
        ("WorkerIamRole", ["ec2:Describe*"]),
        ("BootstrapIamRole", ["ec2:Describe*", "ec2:AttachVolume", "ec2:DetachVolume"]),
    ],
)
def test_the_documented_policies_are_the_documents_table(role: str, actions: list[str]) -> None:
    assert statements(with_iam(policies="documented"), role) == [on_everything(*actions)]


def test_releases_before_4_5_have_the_broad_policies() -> None:
    broad = on_everything("ec2:*", "elasticloadbalancing:*", "iam:PassRole", "s3:GetObject")
    assert statements(replace(SECTION_3AZ, version="4.4"), "MasterIamRole") == [broad]
    assert statements(replace(SECTION_3AZ, version="4.5"), "MasterIamRole") != [broad]


@pytest.mark.parametrize(
    ("region", "principal"),
    [
        ("cn-north-1", "ec2.amazonaws.com.cn"),
        ("us-gov-west-1", "ec2.amazonaws.com"),
        ("us-iso-east-1", "ec2.c2s.ic.gov"),
    ],
)
def test_the_principal_has_the_partitions_domain(region: str, principal: str) -> None:
    trust = properties(SECTION_3AZ, "WorkerIamRole", region)["AssumeRolePolicyDocument"]
    assert isinstance(trust, dict)
    assert trust["Statement"][0]["Principal"] == {"Service": principal}


def test_path_and_boundary_go_where_they_can() -> None:
    section = with_iam(path="/ocp/", permissions_boundary="arn:aws:iam::123456789012:policy/limit")
    role = properties(section, "BootstrapIamRole")
    assert (role["Path"], role["PermissionsBoundary"]) == ("/ocp/", "arn:aws:iam::123456789012:policy/limit")
    assert properties(section, "BootstrapInstanceProfile") == {"Path": "/ocp/", "Roles": [Ref("BootstrapIamRole")]}
    assert "PermissionsBoundary" not in properties(SECTION_3AZ, "MasterIamRole")


def test_given_profiles_are_used_and_neither_role_nor_profile_is_made() -> None:
    section = with_iam(instance_profiles=InstanceProfiles(master="corp-master", bootstrap="corp-bootstrap"))
    assert (ROLES | PROFILES) & expand(plan_of(section), FACTS).keys() == {"WorkerIamRole", "WorkerInstanceProfile"}


def test_the_bootstrap_role_goes_when_bootstrap_is_off() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, bootstrap=False)), FACTS)
    assert (ROLES | PROFILES) & resources.keys() == {
        "MasterIamRole",
        "MasterInstanceProfile",
        "WorkerIamRole",
        "WorkerInstanceProfile",
    }


def test_no_role_before_the_cluster_has_an_infra_id() -> None:
    assert not (ROLES | PROFILES) & expand(plan_of(replace(SECTION_3AZ, infra_id="")), FACTS).keys()
