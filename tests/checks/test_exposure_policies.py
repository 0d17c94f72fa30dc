"""Statements of policies as an auditor reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pytest

from ocpprov.checks.exposure_policies import may, name, statements, strangers

OWN: Final = "123456789012"


def allow(principal: Any, condition: Any = None, **more: Any) -> dict[str, Any]:
    whole = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "*", **more}
    return {**whole, "Condition": condition} if condition else whole


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (allow("*"), ["everybody"]),
        (allow({"AWS": "*"}), ["everybody"]),
        (allow({"AWS": ["999999999999", OWN]}), ["999999999999"]),
        (allow({"AWS": f"arn:aws:iam::{OWN}:role/x"}), []),
        (allow({"AWS": "arn:aws-us-gov:iam::999999999999:root"}), ["arn:aws-us-gov:iam::999999999999:root"]),
        (allow({"AWS": f"arn:aws:sts::{OWN}:assumed-role/x/y"}), []),
        (allow({"CanonicalUser": "79a5"}), ["79a5"]),
        (allow({"Federated": "cognito-identity.amazonaws.com"}), ["cognito-identity.amazonaws.com"]),
        (allow({"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}), ["lambda.amazonaws.com"]),
        (allow("*", {"StringEquals": {"aws:PrincipalAccount": OWN}}), []),
        (allow("*", {"StringEquals": {"AWS:SourceAccount": [OWN]}}), []),
        (allow("*", {"StringEquals": {"aws:PrincipalAccount": [OWN, "999999999999"]}}), ["everybody"]),
        (allow("*", {"StringNotEquals": {"aws:PrincipalAccount": OWN}}), ["everybody"]),
        (allow("*", {"IpAddress": {"aws:SourceIp": "192.0.2.1/32"}}), ["everybody"]),
        (allow("*", Effect="Deny"), []),
        ({"Effect": "Allow", "NotPrincipal": {"AWS": OWN}, "Action": "*"}, [f"everybody but {OWN}"]),
    ],
)
def test_who_isnt_of_the_account_is_named(statement: dict[str, Any], told: Sequence[str]) -> None:
    assert strangers(statement, OWN, ["ec2.amazonaws.com"]) == told


def test_without_an_account_everybody_counts_but_who_is_known() -> None:
    whom = {"AWS": OWN, "Service": "ec2.amazonaws.com"}
    assert strangers(allow(whom), "", ["ec2.amazonaws.com"]) == [OWN]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (allow("*"), "s3:GetObject on everything"),
        (allow("*", Action="*", Resource="arn:x"), "every action on arn:x"),
        (allow("*", Action=["a:1", "a:2", "a:3", "a:4", "a:5", "a:6"]), "a:1, a:2, a:3, a:4 and 2 more on everything"),
        (
            {"Effect": "Allow", "NotAction": "iam:*", "NotResource": ["arn:x", "arn:y"]},
            "every action but iam:* on everything but arn:x, arn:y",
        ),
        ({"Effect": "Allow", "Action": "sts:AssumeRole"}, "sts:AssumeRole"),
        (
            allow("*", {"IpAddress": {"aws:SourceIp": "x"}, "Bool": {"aws:SecureTransport": "true"}}),
            "s3:GetObject on everything, under conditions on aws:SourceIp, aws:SecureTransport",
        ),
    ],
)
def test_what_is_given_is_told(statement: dict[str, Any], told: str) -> None:
    assert may(statement) == told


def test_a_statement_is_found_by_its_sid_or_its_number() -> None:
    assert [name({"Sid": "Open"}, 2), name({"Sid": ""}, 2), name({}, 3)] == [
        "statement Open",
        "statement 2",
        "statement 3",
    ]


def test_what_is_no_policy_has_no_statements() -> None:
    one = {"Effect": "Allow"}
    assert [
        statements({"Statement": one}),
        statements({"Statement": [one, "x"]}),
        statements("{"),
        statements(None),
    ] == [
        [one],
        [one],
        [],
        [],
    ]
