"""Roles that may do more than the documentation has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.checks.exposure import Belongings, Exposure
from ocpprov.checks.exposure_roles import ATTACHED, POLICY, ROLE, exposed_roles
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Position, Resource
from ocpprov.openshift.iam import ROLES, actions_of
from ocpprov.plan.model import Bucket, Iam, OpenShift

APPLY: Final = "ocpprov apply prod.yaml"
SECTION: Final = OpenShift("prod", "example.com", infra_id="prod-x")
WHOSE: Final = Belongings(
    "eu-west-1",
    "123456789012",
    APPLY,
    {
        (ROLE, "m"): "MasterIamRole",
        (ROLE, "w"): "WorkerIamRole",
        (ROLE, "b"): "BootstrapIamRole",
        (ROLE, "own"): "Own",
        (POLICY, "w|prod-x-worker-policy"): "WorkerIamRole/policy prod-x-worker-policy",
        (POLICY, "own|p"): "OwnPolicy",
        ("AWS::S3::Bucket", "bucket"): "InfraBucket",
    },
    {"OwnPolicy": Resource("OwnPolicy", "AWS::IAM::Policy", position=Position("prod.yaml", 7, 1))},
)
EC2: Final = {"Service": "ec2.amazonaws.com"}


def role(name: str, principal: Any = EC2) -> Live:
    trust = {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
    return Live(ROLE, name, {"RoleName": name, "AssumeRolePolicyDocument": trust})


def policy(of: str, *statements: dict[str, Any], name: str = "extra") -> Live:
    document = {"Statement": list(statements)}
    return Live(POLICY, f"{of}|{name}", {"RoleName": of, "PolicyName": name, "PolicyDocument": document})


def allow(action: Any, resource: Any = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def found(*lives: Live, section: OpenShift = SECTION, whose: Belongings = WHOSE) -> Sequence[Exposure]:
    by_type = {type: [live for live in lives if live.type == type] for type in (ROLE, POLICY, ATTACHED)}
    return exposed_roles(Inventory(by_type), section, whose).open


def test_an_action_beyond_the_documentation_is_told_with_what_it_lays_open() -> None:
    assert found(role("w"), policy("w", allow(["s3:PutObject", "ec2:DescribeRegions", "kms:*"]))) == [
        Exposure(
            "w",
            "WorkerIamRole",
            "s3:PutObject, kms:* on everything (statement 1 of extra)",
            "s3, kms of the account to whatever runs on compute machines",
            "ec2:DescribeRegions",
            "not of this plan: w|extra",
            "aws iam delete-role-policy --region eu-west-1 --role-name w --policy-name extra",
        )
    ]


@pytest.mark.parametrize(
    ("statement", "services", "needed"),
    [
        (allow("*"), "all", "ec2:DescribeInstances, ec2:DescribeRegions"),
        (allow("EC2:describe*"), "EC2", "ec2:DescribeInstances, ec2:DescribeRegions"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "all", ""),
        (allow("iam:PassRole", "arn:aws:iam::123456789012:role/x"), "iam", ""),
    ],
)
def test_wildcards_are_wider_than_what_is_needed_of_them(statement: dict[str, Any], services: str, needed: str) -> None:
    (told,) = found(role("w"), policy("w", statement))
    assert (told.exposed, told.needed) == (f"{services} of the account to whatever runs on compute machines", needed)


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("ec2:*Volume", "ec2:AttachVolume, ec2:CreateVolume, ec2:DeleteVolume, ec2:DetachVolume and 1 more"),
        ("ec2:De*Volume", "ec2:DeleteVolume, ec2:DetachVolume"),
        ("ec2:[A-Z]*", ""),
        ("*:AttachLoadBalancerToSubnets", "elasticloadbalancing:AttachLoadBalancerToSubnets"),
        ("ec2:*ribe*", "ec2:Describe*"),
        (
            "ec2:*Se*",
            "ec2:AuthorizeSecurityGroupIngress, ec2:CreateSecurityGroup, ec2:DeleteSecurityGroup, "
            "ec2:RevokeSecurityGroupIngress",
        ),
    ],
)
def test_of_what_is_needed_a_few_are_told(pattern: str, needed: str) -> None:
    (told,) = found(role("m"), policy("m", allow(pattern)))
    assert told.needed == needed


@pytest.mark.parametrize(
    "statement",
    [
        allow(["ec2:DescribeInstances"]),
        allow("ec2:describeregions", "arn:aws:ec2:*:*:*"),
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
    ],
)
def test_what_the_documentation_has_and_what_only_closes_isnt_told(statement: dict[str, Any]) -> None:
    assert found(role("w"), policy("w", statement)) == []


@pytest.mark.parametrize("version", ["4.4", "4.12"])
@pytest.mark.parametrize("form", ["scoped", "documented"])
def test_all_that_the_plans_form_and_release_have_is_needed(version: str, form: Any) -> None:
    section = replace(SECTION, version=version, iam=Iam(policies=form), bucket=Bucket(create=False))
    for name, documented in zip("mwb", ROLES, strict=True):
        assert found(role(name), policy(name, allow(list(actions_of(section, documented)))), section=section) == []


def test_the_bootstrap_machine_reads_the_plans_own_bucket_alone() -> None:
    own, all_ = allow("s3:GetObject", "arn:aws:s3:::bucket/*"), allow("s3:GetObject")
    (told,) = found(role("b"), policy("b", own, all_))
    assert told.allows == "s3:GetObject on everything (statement 2 of extra)"
    assert told.exposed == "s3 of the account to whatever runs on the bootstrap machine"


def test_a_policy_of_the_plan_that_somebody_widened_is_brought_back() -> None:
    (told,) = found(role("w"), policy("w", allow("ec2:*"), name="prod-x-worker-policy"))
    assert (told.origin, told.remedy) == ("otherwise than the plan has it", APPLY)


def test_a_managed_policy_is_told_whatever_is_in_it() -> None:
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    (told,) = found(role("m"), Live(ATTACHED, f"m|{arn}", {"RoleName": "m", "PolicyArn": arn}))
    assert told == Exposure(
        "m",
        "MasterIamRole",
        f"all that {arn} allows",
        "the account, as far as that policy goes, to whatever runs on the control plane",
        "",
        f"not of this plan: m|{arn}",
        f"aws iam detach-role-policy --region eu-west-1 --role-name m --policy-arn {arn}",
    )


@pytest.mark.parametrize(
    ("principal", "whom"),
    [
        ({"AWS": "arn:aws:iam::999999999999:root", **EC2}, "arn:aws:iam::999999999999:root"),
        ({"AWS": "123456789012"}, "123456789012"),
        ({"Service": ["ec2.amazonaws.com", "ec2.application-autoscaling.amazonaws.com"]}, None),
        ("*", "everybody"),
    ],
)
def test_only_ec2_may_take_a_machines_role(principal: Any, whom: str | None) -> None:
    (told,) = found(role("m", principal))
    whom = whom or "ec2.application-autoscaling.amazonaws.com"
    assert (told.allows, told.exposed, told.origin, told.remedy) == (
        f"sts:AssumeRole to {whom}",
        f"what the role may do to {whom}",
        "otherwise than the plan has it",
        APPLY,
    )


def test_ec2_has_another_name_in_other_partitions() -> None:
    china = replace(WHOSE, region="cn-north-1")
    assert found(role("m", {"Service": "ec2.amazonaws.com.cn"}), whose=china) == []
    assert len(found(role("m", {"Service": "ec2.amazonaws.com.cn"}))) == 1


def test_roles_of_the_plans_own_are_for_the_plan_to_say_but_for_strangers_and_everything() -> None:
    lives = [
        role("own", {"Service": "lambda.amazonaws.com", "AWS": "999999999999"}),
        policy(
            "own", allow("s3:GetObject"), allow("s3:*"), allow("s3:Get*"), allow("s3:*", "arn:x"), allow("*"), name="p"
        ),
        policy("own", allow("s3:GetObject"), name="strange"),
    ]
    assert [(each.allows, each.origin) for each in found(*lives)] == [
        ("s3:* on everything (statement 2 of p)", "by the plan (prod.yaml:7:1)"),
        ("every action on everything (statement 5 of p)", "by the plan (prod.yaml:7:1)"),
        ("s3:GetObject on everything (statement 1 of strange)", "not of this plan: own|strange"),
        ("sts:AssumeRole to 999999999999", "by the plan"),
    ]


def test_roles_of_others_are_no_matter_of_the_plans() -> None:
    assert found(role("others", "*"), policy("others", allow("*"))) == []
