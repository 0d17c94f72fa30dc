"""Policies of endpoints that let everything through."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from ocpprov.checks.exposure import Belongings, Exposure, Exposures
from ocpprov.checks.exposure_endpoints import ENDPOINT, exposed_endpoints, lets_everything_through
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Resource

ALL: Final[dict[str, Any]] = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
SOME: Final[dict[str, Any]] = {**ALL, "Action": "s3:GetObject"}
DENIAL: Final[dict[str, Any]] = {**ALL, "Effect": "Deny", "Action": "s3:DeleteObject"}


def policy(*statements: Any) -> dict[str, Any]:
    return {"Statement": list(statements)}


def judged(live: Any, wanted: Any, id: str = "vpce-1") -> Exposures:
    resource = Resource("S3Endpoint", ENDPOINT, {"PolicyDocument": wanted} if wanted else {})
    whose = Belongings(
        "eu-west-1", "123456789012", "ocpprov apply", {(ENDPOINT, "vpce-1"): "S3Endpoint"}, {"S3Endpoint": resource}
    )
    properties = {"ServiceName": "com.amazonaws.eu-west-1.s3", "PolicyDocument": live}
    return exposed_endpoints(Inventory({ENDPOINT: [Live(ENDPOINT, id, properties)]}), whose)


@pytest.mark.parametrize("wanted", [None, policy(ALL), json.dumps(policy(ALL))])
def test_what_aws_gives_by_default_is_known(wanted: Any) -> None:
    told = "the policy of S3Endpoint (vpce-1) allows all that callers may do anyway: AWS's default"
    assert judged(policy(ALL), wanted) == Exposures([], [told])


def test_where_the_plan_has_a_narrower_one_the_default_is_an_opening() -> None:
    assert judged(policy(ALL), policy(SOME)).open == [
        Exposure(
            "vpce-1",
            "S3Endpoint",
            "every action on everything to everybody",
            "com.amazonaws.eu-west-1.s3, in any account, to whoever gets to the endpoint",
            "",
            "otherwise than the plan has it",
            "ocpprov apply",
        )
    ]


@pytest.mark.parametrize("live", [policy(SOME), policy(ALL, DENIAL), None])
def test_a_policy_that_keeps_something_back_isnt_told(live: Any) -> None:
    assert judged(live, None) == Exposures([], [])


def test_endpoints_of_others_are_no_matter_of_the_plans() -> None:
    assert judged(policy(ALL), None, "vpce-2") == Exposures([], [])


@pytest.mark.parametrize(
    ("statement", "through"),
    [
        (ALL, True),
        ({**ALL, "Principal": {"AWS": "*"}, "Action": ["*"], "Resource": ["*"]}, True),
        ({**ALL, "Principal": {"AWS": "123456789012"}}, False),
        ({**ALL, "Action": "s3:*"}, False),
        ({**ALL, "Resource": "arn:aws:s3:::b/*"}, False),
        ({**ALL, "Condition": {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}}, False),
        ({**ALL, "Effect": "Deny"}, False),
    ],
)
def test_only_everything_to_everybody_is_everything(statement: dict[str, Any], through: bool) -> None:
    assert lets_everything_through(policy(statement)) is through
