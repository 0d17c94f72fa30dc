"""Names of outputs as names of variables."""

from __future__ import annotations

import pytest

from ocpprov.installer.output_words import same_named, snake_case


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("VpcId", "vpc_id"),
        ("VPCId", "vpc_id"),
        ("VPC", "vpc"),
        ("S3EndpointId", "s3_endpoint_id"),
        ("NoProxy", "no_proxy"),
        ("BootstrapIgnitionSha512", "bootstrap_ignition_sha512"),
        ("ExternalApiTargetGroupArn", "external_api_target_group_arn"),
        ("PublicRecordsByHand", "public_records_by_hand"),
        ("ownName", "own_name"),
        ("own2Name", "own2_name"),
        ("9Lives", "9_lives"),
        ("x", "x"),
        ("42", "42"),
    ],
)
def test_words(name: str, words: str) -> None:
    assert snake_case(name) == words


def test_names_that_come_to_be_one() -> None:
    assert same_named(["VpcId", "VPCId", "Vpc", "vpcId"]) == {"VPCId": "VpcId", "vpcId": "VpcId"}
    assert same_named([]) == {}
