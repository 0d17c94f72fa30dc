"""What a policy of IAM allows: IAM's user guide, condition operators, set operators, and wildcards."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.sandbox.policy_evaluation import Context, RequiredAction, allows, is_policy

VPC = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1"


def document(condition: dict[str, Any] | None = None, resource: str = "*", effect: str = "Allow") -> dict[str, Any]:
    statement = {"Effect": effect, "Action": "ec2:Delete*", "Resource": resource}
    return {"Statement": [{**statement, **({"Condition": condition} if condition else {})}]}


@pytest.mark.parametrize(
    ("operator", "wanted", "present", "allowed"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", ["b", "a"], "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", "a", None, False),
        ("StringEquals", "a*", "ab", False),
        ("StringEqualsIfExists", "a", None, True),
        ("StringEqualsIfExists", "a", "b", False),
        ("StringLike", "a?c*", "abcd", True),
        ("StringLike", "a?c", "ac", False),
        ("StringLike", r"\052.x", r"\052.x", True),
        ("StringLike", "a[b]c", "abc", False),
        ("StringLike", "a[b]c", "a[b]c", True),
        ("ArnLike", "arn:aws:iam::*:policy/x", "arn:aws:iam::1:policy/x", True),
        ("ArnLike", "arn:*:policy/x", "arn:aws:iam::1:policy/x", False),
        ("ArnEquals", "arn:aws:iam::1:policy/*", "arn:aws:iam::1:policy/a/b", True),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), True),
        ("ForAllValues:StringEquals", ["a"], ("a", "b"), False),
        ("ForAllValues:StringEquals", ["a"], None, True),
        ("ForAllValues:StringLike", ["*.x"], ("a.x", "b.y"), False),
        ("ForAnyValue:StringEquals", ["a"], ("a", "b"), True),
        ("ForAnyValue:StringEquals", ["a"], None, False),
        ("Null", "false", "a", True),
        ("Null", "false", None, False),
        ("Null", "true", None, True),
        ("Null", "true", ("a",), False),
    ],
)
def test_a_condition_holds(operator: str, wanted: Any, present: str | tuple[str, ...] | None, allowed: bool) -> None:
    context: Context = {} if present is None else {"key": present}
    policy = document({operator: {"key": wanted}})
    assert is_policy(policy)
    assert allows(policy, RequiredAction("ec2:DeleteVpc", VPC, context)) is allowed


def test_all_conditions_of_a_statement_have_to_hold() -> None:
    policy = document({"StringEquals": {"one": "1", "two": "2"}, "Null": {"three": "true"}})
    assert allows(policy, RequiredAction("ec2:DeleteVpc", VPC, {"one": "1", "two": "2"}))
    for context in ({"one": "1"}, {"one": "1", "two": "2", "three": "3"}):
        assert not allows(policy, RequiredAction("ec2:DeleteVpc", VPC, context))


@pytest.mark.parametrize(
    ("pattern", "resource", "allowed"),
    [
        ("*", "*", True),
        ("arn:aws:ec2:*:*:vpc/*", "*", False),
        ("arn:aws:ec2:eu-west-1:*:*/*", VPC, True),
        ("arn:aws:ec2:eu-west-1:*:subnet/*", VPC, False),
        ("arn:aws:iam::*:role/lab-????????", "arn:aws:iam::1:role/lab-01234567", True),
        ("arn:aws:iam::*:role/lab-????????", "arn:aws:iam::1:role/lab-eu-01234567", False),
    ],
)
def test_a_resource_is_covered(pattern: str, resource: str, allowed: bool) -> None:
    assert allows(document(resource=pattern), RequiredAction("ec2:DeleteVpc", resource)) is allowed


def test_a_denial_is_stronger() -> None:
    both = {"Statement": [*document()["Statement"], *document(effect="Deny", resource=VPC)["Statement"]]}
    assert not allows(both, RequiredAction("ec2:DeleteVpc", VPC))
    assert allows(both, RequiredAction("ec2:DeleteVpc", f"{VPC}2"))
    assert not allows(both, RequiredAction("ec2:CreateVpc", VPC))


def test_what_cannot_be_judged_is_no_policy() -> None:
    assert not is_policy(document({"NumericLessThan": {"key": "1"}}))
    assert not is_policy(document({"ForSomeValues:StringEquals": {"key": "1"}}))
