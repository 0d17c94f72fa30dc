"""Which actions the policy of a plan has, by what its resources want."""

from __future__ import annotations

import pytest

from ocpprov.checks.iam_policy import Purpose, Subject, actions_of, policy
from ocpprov.checks.permissions import questions
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.registry import KINDS

ENDPOINT = "AWS::EC2::VPCEndpoint"


def subject(region: str, **properties: Value) -> Subject:
    """A plan of one endpoint."""
    resources = {"Endpoint": Resource("Endpoint", ENDPOINT, {"VpcId": "vpc-1", **properties})}
    return Subject("lab", region, "", resources, {ENDPOINT: KINDS[ENDPOINT]})


@pytest.mark.parametrize(
    ("region", "properties", "needed"),
    [
        ("eu-west-1", {}, False),
        ("eu-west-1", {"ServiceRegion": "us-east-1"}, True),
        ("us-east-1", {"ServiceRegion": "us-east-1"}, False),
        ("us-gov-east-1", {"ServiceRegion": "us-gov-west-1"}, True),
        ("eu-west-1", {"ServiceRegion": Ref("Region")}, True),
    ],
)
def test_an_endpoint_of_another_region_needs_an_action_more(
    region: str, properties: dict[str, Value], needed: bool
) -> None:
    plan = subject(region, **properties)
    has = {purpose: "vpce:AllowMultiRegion" in actions_of(policy(plan, purpose)) for purpose in Purpose}
    assert has == {Purpose.PLAN: False, Purpose.APPLY: needed, Purpose.DESTROY: needed}


def test_the_action_is_bound_to_the_region_and_asked_about() -> None:
    document = policy(subject("eu-west-1", ServiceRegion="us-east-1"), Purpose.APPLY)
    [statement] = [each for each in document["Statement"] if "vpce:AllowMultiRegion" in each["Action"]]
    assert statement["Condition"] == {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    asked = {action for question in questions(document, "123456789012") for action in question.actions}
    assert "vpce:AllowMultiRegion" in asked
