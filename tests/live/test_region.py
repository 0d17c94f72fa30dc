"""The zone is one of those that the account has."""

from __future__ import annotations

import pytest

from live.region import chosen, zone_of
from tests.live.support import REGION, Aws


def zone(name: str, **more: str) -> dict[str, str]:
    return {"ZoneName": name, "ZoneType": "availability-zone", "State": "available", **more}


@pytest.mark.parametrize(
    ("zones", "offered", "wanted"),
    [
        ([zone("us-west-1b"), zone("us-west-1c")], ["us-west-1b", "us-west-1c"], "us-west-1b"),
        ([zone("r-1c"), zone("r-1b")], ["r-1c"], "r-1c"),
        ([zone("r-1a", State="impaired"), zone("r-1b")], ["r-1a", "r-1b"], "r-1b"),
        ([zone("r-1-lax-1a", ZoneType="local-zone"), zone("r-1b")], ["r-1-lax-1a", "r-1b"], "r-1b"),
        ([zone("r-1a", OptInStatus="not-opted-in"), zone("r-1b", OptInStatus="opted-in")], ["r-1a", "r-1b"], "r-1b"),
        ([{"ZoneName": "r-1a"}], ["r-1a"], "r-1a"),
    ],
)
def test_the_first_that_may_be_used_and_has_endpoints(
    zones: list[dict[str, str]], offered: list[str], wanted: str
) -> None:
    assert chosen(zones, offered) == wanted


def test_without_one_it_says_so() -> None:
    with pytest.raises(LookupError, match="no availability zone in the region that has interface endpoints"):
        chosen([zone("r-1a")], ["r-1b"])


def test_aws_is_asked_for_both(aws: Aws) -> None:
    assert zone_of(aws.client, REGION) == "eu-west-1a"
    asked = [(call["operation"], call["mutating"]) for call in aws.pipeline.calls()]
    assert asked == [("DescribeAvailabilityZones", False), ("DescribeVpcEndpointServices", False)]
