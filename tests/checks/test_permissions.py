"""What is asked about the caller's permissions, and what the answers come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ocpprov.aws.error_sentences.policies import Refusal
from ocpprov.checks.permissions import PermissionQuestion, denied_of, permissions, principal_of, questions
from ocpprov.checks.result import Check, Status

ACCOUNT = "123456789012"
EC2 = "arn:aws:ec2:eu-west-1:*"
TAGGED = {"StringEquals": {"aws:RequestTag/ocpprov:plan": "lab"}}


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def statement(actions: list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Action": actions, "Resource": resource, **more}


@pytest.mark.parametrize(
    ("arn", "principal"),
    [
        ("arn:aws:iam::123456789012:user/ops/alice", "arn:aws:iam::123456789012:user/ops/alice"),
        ("arn:aws:sts::123456789012:assumed-role/Admin/session", "arn:aws:iam::123456789012:role/of/Admin"),
        ("arn:aws-cn:sts::123456789012:assumed-role/Admin/a/b", "arn:aws-cn:iam::123456789012:role/of/Admin"),
        ("arn:aws:iam::123456789012:root", ""),
        ("arn:aws:sts::123456789012:federated-user/bob", ""),
    ],
)
def test_whose_policies_hold_for_a_caller(arn: str, principal: str) -> None:
    assert principal_of(arn, lambda role: "/of/" if role == "Admin" else "/") == principal


def test_actions_are_asked_with_their_resources_and_their_context() -> None:
    made = [f"{EC2}:vpc/*", f"{EC2}:subnet/*"]
    asked = questions(
        document(
            statement(["ec2:CreateSubnet", "ec2:CreateVpc"], made, Condition=TAGGED),
            statement(["ec2:DeleteSubnet"], made),
            statement(["ec2:DescribeVpcs"]),
        ),
        ACCOUNT,
    )
    subnet, vpc = (f"arn:aws:ec2:eu-west-1:{ACCOUNT}:{type}/example" for type in ("subnet", "vpc"))
    context = (("aws:RequestTag/ocpprov:plan", "lab"),)
    assert asked == [
        PermissionQuestion(("ec2:CreateSubnet",), (subnet,), context),
        PermissionQuestion(("ec2:CreateVpc",), (vpc,), context),
        PermissionQuestion(("ec2:DeleteSubnet",), (subnet,), ()),
        PermissionQuestion(("ec2:DescribeVpcs",), ("*",), ()),
    ]


def test_fifty_actions_are_one_question() -> None:
    actions = [f"ec2:Describe{number}" for number in range(101)]
    assert [len(each.actions) for each in questions(document(statement(actions)), ACCOUNT)] == [50, 50, 1]


def test_an_example_is_what_the_pattern_covers() -> None:
    (asked,) = questions(document(statement(["ec2:CreateTags"], f"{EC2}:*/*")), ACCOUNT)
    assert asked.resources == (f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/example",)


def test_a_pattern_of_every_type_is_asked_of_each_that_the_action_is_about() -> None:
    (asked,) = questions(document(statement(["ec2:AttachInternetGateway"], f"{EC2}:*/*")), ACCOUNT)
    assert asked.resources == tuple(
        f"arn:aws:ec2:eu-west-1:{ACCOUNT}:{type}/example" for type in ("internet-gateway", "vpc")
    )


def test_keys_of_several_values_are_asked_with_all_and_patterns_filled() -> None:
    condition = {
        "ForAllValues:StringLike": {"route53:Names": ["*.lab", "lab"]},
        "ArnLike": {"iam:PolicyARN": ["arn:aws:iam::*:policy/lab-?", "arn:b"]},
        "Null": {"aws:TagKeys": "false"},
    }
    (asked,) = questions(document(statement(["route53:A"], "arn:aws:route53:::zone/*", Condition=condition)), ACCOUNT)
    assert asked.context == (
        ("route53:Names", ("example.lab", "lab")),
        ("iam:PolicyARN", "arn:aws:iam::example:policy/lab-0"),
    )
    assert asked.resources == ("arn:aws:route53:::zone/example",)
    entries = asked.read("arn:me").arguments()["ContextEntries"]
    assert [(entry["ContextKeyType"], entry["ContextKeyValues"]) for entry in entries] == [
        ("stringList", ["example.lab", "lab"]),
        ("string", ["arn:aws:iam::example:policy/lab-0"]),
    ]


def test_a_question_as_iam_takes_it() -> None:
    made = PermissionQuestion(("ec2:CreateVpc",), ("*",), (("aws:RequestedRegion", "eu-west-1"),)).read("arn:me")
    assert (made.service, made.operation) == ("iam", "simulate_principal_policy")
    assert made.arguments() == {
        "ActionNames": ["ec2:CreateVpc"],
        "ContextEntries": [
            {
                "ContextKeyName": "aws:RequestedRegion",
                "ContextKeyType": "string",
                "ContextKeyValues": ["eu-west-1"],
            }
        ],
        "PolicySourceArn": "arn:me",
        "ResourceArns": ["*"],
    }


def test_whatever_is_not_allowed_is_denied() -> None:
    rows = [("ec2:A", "allowed"), ("ec2:B", "implicitDeny"), ("ec2:C", "explicitDeny")]
    pages = [{"EvaluationResults": [{"EvalActionName": name, "EvalDecision": decision}]} for name, decision in rows]
    assert denied_of(pages) == {"ec2:B": Refusal(), "ec2:C": Refusal("some policy", denies=True)}


@pytest.mark.parametrize("decision", ["implicitDeny", "explicitDeny"])
@pytest.mark.parametrize(
    ("organisation", "boundary", "policy"),
    [
        (False, True, "service control policy"),
        (False, False, "service control policy"),
        (True, False, "permissions boundary"),
    ],
)
def test_iam_tells_whose_policy_refuses(decision: str, organisation: bool, boundary: bool, policy: str) -> None:
    result = {
        "EvalActionName": "ec2:A",
        "EvalDecision": decision,
        "OrganizationsDecisionDetail": {"AllowedByOrganizations": organisation},
        "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": boundary},
    }
    assert denied_of([{"EvaluationResults": [result]}]) == {"ec2:A": Refusal(policy)}


def test_no_permission_is_advised_against_a_policy_of_others() -> None:
    policy = document(statement(["ec2:A", "ec2:B", "ec2:C", "iam:A"]))
    organisation = Refusal("service control policy", denies=True)
    denied = {
        "ec2:A": organisation,
        "ec2:B": Refusal(),
        "ec2:C": organisation,
        "iam:A": Refusal("permissions boundary"),
    }
    assert [(each.detail, each.remedy) for each in permissions(policy, denied, set())] == [
        (
            "not allowed: ec2:A, ec2:B, ec2:C",
            "give the user the policy that `ocpprov policy` prints for the plan; A service control policy of the "
            "organisation denies ec2:A, ec2:C, so no permission of the user helps. Ask the organisation's "
            "administrators to allow it here",
        ),
        (
            "not allowed: iam:A",
            "The permissions boundary of the user or role doesn't allow iam:A, so no permission of the user helps. "
            "Have whoever set the boundary allow it",
        ),
    ]


def test_a_result_for_each_service() -> None:
    policy = document(statement(["ec2:B", "ec2:A", "iam:A", "s3:A", "s3:B"]))
    found = list(permissions(policy, dict.fromkeys(("ec2:B", "ec2:A", "other:X"), Refusal()), {"iam:A", "s3:A"}))
    assert found == [
        Check(
            "permissions-ec2",
            Status.FAIL,
            "not allowed: ec2:A, ec2:B",
            "give the user the policy that `ocpprov policy` prints for the plan",
        ),
        Check("permissions-iam", Status.PASS, "1 actions allowed"),
        Check(
            "permissions-s3",
            Status.UNKNOWN,
            "nothing told whether 1 of 2 actions are allowed",
            "let the user call iam:SimulatePrincipalPolicy, or compare with what `ocpprov policy` prints",
        ),
    ]
