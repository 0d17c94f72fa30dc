"""Which quota is told to be reached, and how more of it is asked for."""

from __future__ import annotations

import re

import pytest

from ocpprov.aws.error_causes import remedy_of
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.sentence import Said
from ocpprov.aws.errors import wrap
from tests.aws.test_errors import answer

ASKED = "aws service-quotas request-service-quota-increase"


@pytest.mark.parametrize(
    ("code", "message", "region", "commands"),
    [
        (
            "VpcLimitExceeded",
            "",
            "eu-west-1",
            [f"{ASKED} --service-code vpc --quota-code L-F678F1CE --region eu-west-1 --desired-value NUMBER"],
        ),
        # Buckets are counted for all regions of a partition, in its first.
        (
            "TooManyBuckets",
            "",
            "eu-west-1",
            [f"{ASKED} --service-code s3 --quota-code L-DC2B2D3D --region us-east-1 --desired-value NUMBER"],
        ),
        (
            "TooManyBuckets",
            "",
            "us-gov-east-1",
            [f"{ASKED} --service-code s3 --quota-code L-DC2B2D3D --region us-gov-west-1 --desired-value NUMBER"],
        ),
        (
            "TooManyLoadBalancers",
            "",
            "",
            [
                f"{ASKED} --service-code elasticloadbalancing --quota-code {code} --desired-value NUMBER"
                for code in ("L-69A177A2", "L-E9E9831D")
            ],
        ),
        ("TargetGroupAssociationLimit", "", "eu-west-1", []),
        ("LimitExceeded", "Cannot exceed quota for MoonsPerAccount: 1", "eu-west-1", []),
        ("StarsLimitExceeded", "", "eu-west-1", []),
    ],
)
def test_more_of_a_quota_is_asked_for_where_it_is_counted(
    code: str, message: str, region: str, commands: list[str]
) -> None:
    step = remedy_of(ErrorClass.QUOTA, Said("X", code, message, region=region))
    assert re.findall(r"`(aws .*?)`", step) == commands
    assert bool(step) is (code not in ("LimitExceeded", "StarsLimitExceeded"))


def test_a_quota_that_nobody_knows_is_told_as_one() -> None:
    error = wrap(answer("CreateVpc", 400, "StarsLimitExceeded", "Too many stars."))
    assert "A quota of the account is reached" in error.next_step
