"""Zones that aren't there and names that somebody has: preflight says so, with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.preflighting import cluster_plan, preflight, said


def subnet(zone: str) -> dict[str, Any]:
    properties = {"VpcId": {"Ref": "VPC"}, "CidrBlock": "10.0.200.0/24", "AvailabilityZone": zone}
    return {"Extra": {"Type": "AWS::EC2::Subnet", "Properties": properties}}


@pytest.mark.parametrize(
    ("document", "status", "detail"),
    [
        (cluster_plan(zones=["eu-west-1a", "eu-west-1c"]), "pass", "eu-west-1 has eu-west-1a, eu-west-1b, eu-west-1c"),
        (cluster_plan(zones=["eu-west-1a", "eu-west-1f"]), "fail", "there is no zone eu-west-1f in eu-west-1"),
        (cluster_plan(subnet("eu-west-1x")), "fail", "there is no zone eu-west-1x in eu-west-1"),
        (cluster_plan(region="us-west-1", zones=3), "fail", "openshift.zones asks for 3 zones, and us-west-1 has"),
    ],
    ids=["there", "not there", "not there for a resource", "too few"],
)
def test_the_zones(user: LocalOperator, document: dict[str, Any], status: str, detail: str) -> None:
    [(found, words)] = said(preflight(user, document), "zones")
    assert found == status
    assert words.startswith(detail)


def test_a_zone_without_the_endpoint_service_is_found_for_a_count_too(user: LocalOperator) -> None:
    found = said(preflight(user, cluster_plan(zones=2, endpoints=["ec2"])), "endpoint-Ec2Endpoint")
    assert [status for status, _ in found] == ["pass"]


def somebody(aws: LocalAws) -> Any:
    """S3 as another account sees it."""
    s3 = aws.new_client("s3")

    def sign(request: Any, **_: Any) -> None:
        request.headers["X-Moto-Account-Id"] = "210987654321"

    s3.meta.events.register("before-send.s3", sign)
    return s3


def make(s3: Any, name: str, region: str = "eu-west-1") -> None:
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})


@pytest.mark.parametrize(
    "document",
    [
        cluster_plan(bucket={"name": "corp-ignition"}),
        cluster_plan({"Logs": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "corp-ignition"}}}),
    ],
    ids=["the cluster's", "another"],
)
def test_a_bucket_that_somebody_else_has(user: LocalOperator, aws: LocalAws, document: dict[str, Any]) -> None:
    free = said(preflight(user, document), "bucket-name")
    assert {status for status, _ in free} == {"pass"}
    make(somebody(aws), "corp-ignition")
    taken = [words for status, words in said(preflight(user, document), "bucket-name") if status == "fail"]
    assert len(taken) == 1
    assert "corp-ignition" in taken[0]
    assert "somebody else has it" in taken[0]


def test_a_bucket_of_ours_in_another_region(user: LocalOperator, aws: LocalAws) -> None:
    make(aws.new_client("s3", "eu-central-1"), "corp-ignition", "eu-central-1")
    found = said(preflight(user, cluster_plan(bucket={"name": "corp-ignition"})), "bucket-name")
    assert [status for status, _ in found] == ["fail"]


def test_a_generated_name_is_looked_at_and_a_bucket_that_is_there_is_not(user: LocalOperator) -> None:
    [(status, words)] = said(preflight(user, cluster_plan()), "bucket-name")
    assert status == "pass"
    assert "prod-infrabucket-" in words
    user.good("apply", "plan.yaml", "--yes")
    assert said(preflight(user, cluster_plan()), "bucket-name") == []
