"""What openshift-install and the cluster's operators are allowed for a plan, by what the plan brings itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.checks.iam_policy import MANAGED_POLICY_LIMIT, actions_of, parts, size_of
from ocpprov.checks.iam_policy_openshift import ClusterPurpose, cluster_policy, groups_of
from ocpprov.openshift.installer_permissions import PermissionGroup
from ocpprov.plan.model import Iam, InstanceProfiles, OpenShift
from tests.openshift.plans import SECTION_3AZ

SECTION = replace(SECTION_3AZ, version="4.18")


def of(purpose: ClusterPurpose, section: OpenShift = SECTION) -> dict[str, list[str]]:
    """The actions by the statements' sids."""
    statements = cluster_policy(section, purpose)["Statement"]
    return {each["Sid"]: each["Action"] for each in statements}


def test_the_installer_of_prepared_machines_looks_and_takes_away_what_the_cluster_made() -> None:
    found = of(ClusterPurpose.INSTALLER)
    assert list(found) == ["CreateManifests", "DestroyCluster", "MintCredentials"]
    looks, takes = set(found["CreateManifests"]), set(found["DestroyCluster"])
    wanted = {"ec2:DescribeSubnets", "ec2:DescribeRouteTables", "ec2:DescribeInstanceTypes", "iam:GetInstanceProfile"}
    assert {*wanted, "route53:ListHostedZones", "route53:GetHostedZone", "route53:ListResourceRecordSets"} <= looks
    assert {action.partition(":")[2][:3] for action in looks} == {"Des", "Get", "Lis"}
    assert {action.partition(":")[0] for action in looks} == {"ec2", "iam", "route53"}
    destroyed = {"ec2:TerminateInstances", "elasticloadbalancing:DeleteLoadBalancer", "s3:DeleteBucket"}
    assert {*destroyed, "tag:GetResources", "tag:UntagResources", "route53:ChangeResourceRecordSets"} <= takes


def test_it_makes_nothing_that_the_plan_makes() -> None:
    found = of(ClusterPurpose.INSTALLER)
    without_mint = {*found["CreateManifests"], *found["DestroyCluster"]}
    makes = ("Create", "Run", "Put", "Attach", "Allocate", "Modify", "Associate", "Pass", "Register", "Add")
    assert [action for action in without_mint if action.partition(":")[2].startswith(makes)] == []
    assert {"ec2:DeleteVpc", "ec2:DeleteSubnet", "iam:DeleteRole"} & without_mint == set()


@pytest.mark.parametrize(("zone", "there"), [("create", True), ("none", False), ("Z0ABC", False)])
def test_it_deletes_the_zone_that_the_plan_makes_for_the_cluster_and_no_other(zone: str, *, there: bool) -> None:
    found = of(ClusterPurpose.INSTALLER, replace(SECTION, hosted_zone=zone))
    assert ("route53:DeleteHostedZone" in found["DestroyCluster"]) is there


@pytest.mark.parametrize("purpose", [ClusterPurpose.INSTALLER, ClusterPurpose.CREATE_CLUSTER])
@pytest.mark.parametrize(("mode", "there"), [("", True), ("Mint", True), ("Manual", False), ("Passthrough", False)])
def test_users_are_made_in_mint_mode_alone(purpose: ClusterPurpose, mode: Any, *, there: bool) -> None:
    assert ("MintCredentials" in of(purpose, replace(SECTION, credentials_mode=mode))) is there


BASIS = {
    PermissionGroup.CREATE_BASE,
    PermissionGroup.DELETE_BASE,
    PermissionGroup.DELETE_SHARED_NETWORKING,
    PermissionGroup.DELETE_IGNITION_OBJECTS,
    PermissionGroup.VALIDATE_INSTANCE_TYPE,
}
ZONE = {PermissionGroup.CREATE_HOSTED_ZONE, PermissionGroup.DELETE_HOSTED_ZONE}
ROLES = {PermissionGroup.CREATE_INSTANCE_ROLE, PermissionGroup.CREATE_INSTANCE_PROFILE}
GIVEN_ROLES = {PermissionGroup.DELETE_SHARED_INSTANCE_ROLE, PermissionGroup.DELETE_SHARED_INSTANCE_PROFILE}


@pytest.mark.parametrize(
    ("section", "beside"),
    [
        ({}, ZONE | ROLES),
        ({"hosted_zone": "none"}, ZONE | ROLES),
        ({"hosted_zone": "Z0ABC"}, ROLES),
        ({"iam": Iam(instance_profiles=InstanceProfiles(bootstrap="b"))}, ZONE | ROLES),
        ({"iam": Iam(instance_profiles=InstanceProfiles(master="m"))}, ZONE | ROLES | GIVEN_ROLES),
        ({"iam": Iam(instance_profiles=InstanceProfiles(worker="w"))}, ZONE | ROLES | GIVEN_ROLES),
        ({"iam": Iam(instance_profiles=InstanceProfiles("m", "w"))}, ZONE | GIVEN_ROLES),
    ],
)
def test_create_cluster_asks_for_the_groups_of_what_the_plan_leaves_to_it(
    section: dict[str, Any], beside: set[PermissionGroup]
) -> None:
    found = groups_of(replace(SECTION, **section))
    assert (len(found), set(found)) == (len(set(found)), BASIS | beside)


def test_create_cluster_has_a_statement_for_each_group_and_one_to_mint() -> None:
    found = of(ClusterPurpose.CREATE_CLUSTER, replace(SECTION, hosted_zone="Z0ABC"))
    sids = ["CreateBase", "DeleteBase", "DeleteSharedNetworking", "DeleteIgnitionObjects", "ValidateInstanceType"]
    assert list(found) == [*sids, "CreateInstanceRole", "CreateInstanceProfile", "MintCredentials"]
    assert {"ec2:RunInstances", "iam:PassRole"} <= set(found["CreateBase"])
    roles = ["iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:PutRolePolicy"]
    assert found["CreateInstanceRole"] == roles


def test_the_operators_have_a_statement_each_and_keys_for_aws_alone() -> None:
    found = of(ClusterPurpose.CLUSTER)
    assert list(found) == [
        "MachineApi",
        "MachineApiKeys",
        "MachineApiGrants",
        "Ingress",
        "ImageRegistry",
        "EbsCsiDriver",
        "CloudNetworkConfig",
        "CloudCredential",
    ]
    document = cluster_policy(SECTION, ClusterPurpose.CLUSTER)
    conditions = {each["Sid"]: each["Condition"] for each in document["Statement"] if "Condition" in each}
    assert conditions == {"MachineApiGrants": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}


@pytest.mark.parametrize("purpose", ClusterPurpose)
def test_nothing_of_a_service_that_the_plan_does_without_is_in_it(purpose: ClusterPurpose) -> None:
    left_out = frozenset({"iam", "route53"})
    whole, rest = cluster_policy(SECTION, purpose), cluster_policy(SECTION, purpose, left_out)
    kept = [action for action in actions_of(whole) if action.split(":")[0] not in left_out]
    assert (actions_of(rest), kept != actions_of(whole)) == (kept, True)


@pytest.mark.parametrize("purpose", ClusterPurpose)
def test_names_no_resources_and_fits_into_managed_policies_in_parts(purpose: ClusterPurpose) -> None:
    document = cluster_policy(SECTION, purpose)
    assert {each["Resource"] for each in document["Statement"]} == {"*"}
    divided = parts(document)
    assert all(size_of(part) <= MANAGED_POLICY_LIMIT for part in divided)
    assert {action for part in divided for action in actions_of(part)} == set(actions_of(document))


ROLE = "arn:aws:iam::210987654321:role/zones"


@pytest.mark.parametrize(
    ("purpose", "sid"),
    [
        (ClusterPurpose.INSTALLER, "TakeZoneRole"),
        (ClusterPurpose.CREATE_CLUSTER, "TakeZoneRole"),
        (ClusterPurpose.CLUSTER, "IngressZoneRole"),
    ],
)
def test_a_zone_of_another_account_needs_its_role(purpose: ClusterPurpose, sid: str) -> None:
    section = replace(SECTION, hosted_zone="Z0ABC", hosted_zone_role=ROLE)
    statements = {each["Sid"]: each for each in cluster_policy(section, purpose)["Statement"]}
    assert (statements[sid]["Action"], statements[sid]["Resource"]) == (["sts:AssumeRole"], ROLE)
    assert "sts:AssumeRole" not in actions_of(cluster_policy(SECTION, purpose))
