"""Requests that AWS refuses by themselves. Where each code and sentence is from stands in the tables' rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import pytest
from moto.core.utils import get_service_model

from ocpprov.sandbox.exchange import error
from ocpprov.sandbox.request_checks import refusals, tag_rules, value_rules
from ocpprov.sandbox.request_checks.shapes import Operation, compiled
from ocpprov.sandbox.request_checks.values import said_in
from tests.sandbox.refused_requests import (
    BALANCER,
    PASSING,
    REFUSED,
    VPC,
    ZONE,
    ZONE_TAGS,
    Arguments,
    change,
    pairs,
    tagged,
    validation,
)
from tests.sandbox.requesting import cloud, refusal, request_of
from tests.sandbox.world import World, refused


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "code", "message"), REFUSED, ids=[f"{row[1]} {row[4]:.60}" for row in REFUSED]
)
def test_it_is_refused_as_its_service_does(
    service: str, operation: str, arguments: Arguments, code: str, message: str
) -> None:
    assert refusal(request_of(service, operation, **arguments)) == (code, message)


@pytest.mark.parametrize(("service", "operation", "arguments"), PASSING)
def test_what_is_right_passes(service: str, operation: str, arguments: Arguments) -> None:
    assert refusal(request_of(service, operation, **arguments)) is None


def operation_of(service: str, operation: str, **arguments: Any) -> Operation:
    found = cloud().operation(request_of(service, operation, **arguments))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "extra", "message"),
    [
        ("ec2", "create_vpc", VPC, {"CidrBloc": "x"}, "The parameter CidrBloc is not recognized"),
        ("ec2", "create_vpc", VPC, {"CidrBlock.1": "x"}, "The parameter 1 is not recognized"),
        ("ec2", "delete_tags", {"Resources": ["v"]}, {"Tag.x": "y"}, "The parameter x is not recognized"),
        ("ec2", "delete_tags", {"Resources": ["v"]}, {"Tag.1.Word": "y"}, "The parameter Word is not recognized"),
        ("iam", "get_role", {"RoleName": "a"}, {"Name": "b"}, "Unknown parameter 'name'"),
        ("iam", "tag_role", {"RoleName": "a"}, {"Tags.1.Key": "a"}, "Unknown parameter 'tags.1'"),
    ],
)
def test_what_the_form_has_beside_the_model_is_named(
    service: str, operation: str, arguments: Arguments, extra: Mapping[str, str], message: str
) -> None:
    request = request_of(service, operation, **arguments)
    found = refusal(request.with_form({**request.parameters, **extra}))
    assert found is not None
    assert found[1] == message


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "written", "instead", "message"),
    [
        (
            "route53", "create_hosted_zone", ZONE, b"<CallerReference>", b"<Colour>red</Colour><CallerReference>",
            "Invalid XML ; cvc-complex-type.2.4.a: Invalid content was found starting with element 'Colour'.",
        ),
        (
            "route53", "create_hosted_zone", ZONE, b"corp.net", b"<b>corp.net</b>",
            "Invalid XML ; cvc-complex-type.2.4.a: Invalid content was found starting with element 'Name'.",
        ),
        (
            "route53", "change_tags_for_resource", {**ZONE_TAGS, "AddTags": pairs(("a", "b"))},
            b"<Tag>", b"<Tac/><Tag>",
            "Invalid XML ; cvc-complex-type.2.4.a: Invalid content was found starting with element 'Tac'.",
        ),
        (
            "s3", "put_bucket_versioning", {"Bucket": "b-1", "VersioningConfiguration": {"Status": "Enabled"}},
            b"<Status>", b"<Colour/><Status>", refusals.MALFORMED[1],
        ),
        (
            "service-quotas", "get_service_quota", {"ServiceCode": "vpc", "QuotaCode": "L-1"}, b"{", b'{"A": 1, ',
            validation("''", "a", ""),
        ),
        (
            "service-quotas", "get_service_quota", {"ServiceCode": "vpc", "QuotaCode": "L-1"}, b'"vpc"', b"5",
            validation("'int'", "serviceCode", "Member must be of type string"),
        ),
    ],
)  # fmt: skip
def test_what_a_body_has_beside_the_model_is_named(
    service: str, operation: str, arguments: Arguments, written: bytes, instead: bytes, message: str
) -> None:
    request = request_of(service, operation, **arguments)
    assert written in request.body
    found = refusal(replace(request, body=request.body.replace(written, instead, 1)))
    assert found is not None
    assert found[1] == message


def test_what_the_query_has_beside_the_model_is_named() -> None:
    request = request_of("s3", "list_objects_v2", Bucket="theirs", Prefix="a b/")
    assert refusal(replace(request, query=f"{request.query}&colour=red")) == (
        "InvalidArgument",
        "Invalid Argument: colour.",
    )
    signed = f"{request.query}&X-Amz-Expires=60&x-id=ListObjectsV2"
    assert refusal(replace(request, query=signed)) is None


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "said"),
    [
        (
            "ec2", "create_vpc_endpoint",
            {
                "VpcId": "v", "ServiceName": "s", "RouteTableIds": ["r1", "r2"], "PrivateDnsEnabled": True,
                **tagged(("a", "b")),
            },
            {
                "VpcId": "v", "ServiceName": "s", "RouteTableIds": ["r1", "r2"], "PrivateDnsEnabled": "true",
                "TagSpecifications": [{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}],
            },
        ),
        (
            "elbv2", "create_load_balancer", {**BALANCER, "Tags": []},
            {"Name": "a", "Subnets": ["subnet-1"], "Tags": []},
        ),
        (
            "route53", "change_resource_record_sets", {**change(), "HostedZoneId": "Z 1"},
            {
                "HostedZoneId": "Z 1",
                "ChangeBatch": {
                    "Changes": [
                        {
                            "Action": "CREATE",
                            "ResourceRecordSet": {
                                "Name": "a.corp.net", "Type": "A", "TTL": "60",
                                "ResourceRecords": [{"Value": "10.0.0.1"}],
                            },
                        }
                    ]
                },
            },
        ),
        (
            "s3", "list_objects_v2", {"Bucket": "theirs", "Prefix": "a b/", "MaxKeys": 5},
            {"Bucket": "theirs", "Prefix": "a b/", "MaxKeys": "5", "EncodingType": "url"},
        ),
        ("s3", "head_object", {"Bucket": "theirs", "Key": "a/b c"}, {"Bucket": "theirs", "Key": "a/b c"}),
        (
            "s3", "put_bucket_encryption",
            {
                "Bucket": "theirs",
                "ServerSideEncryptionConfiguration": {
                    "Rules": [{"BucketKeyEnabled": True}, {"BucketKeyEnabled": False}]
                },
            },
            {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [{"BucketKeyEnabled": "true"}, {"BucketKeyEnabled": "false"}]
                },
            },
        ),
        (
            "service-quotas", "list_service_quotas", {"ServiceCode": "vpc", "MaxResults": 5},
            {"ServiceCode": "vpc", "MaxResults": 5},
        ),
    ],
)  # fmt: skip
def test_a_request_says_what_boto3_was_given(
    service: str, operation: str, arguments: Arguments, said: Mapping[str, Any]
) -> None:
    request = request_of(service, operation, **arguments)
    found = said_in(request, operation_of(service, operation, **arguments))
    assert found.strays == []
    assert {name: value for name, value in found.values.items() if name in said} == said
    # What boto3 adds by itself, sums and sizes, goes in headers.
    assert {name for name in found.values if name not in said} <= {
        *arguments, "ContentMD5", "ChecksumAlgorithm", "ChecksumCRC32",
    }  # fmt: skip


def test_what_nobody_has_described_passes() -> None:
    request = request_of("ec2", "describe_vpcs")
    assert refusal(replace(request, operation="DescribeWishes", parameters={"Wish": "1"})) is None
    assert refusal(replace(request, service="dynamodb")) is None


def test_it_stands_before_whatever_changes_something(world: World) -> None:
    with refused("InvalidParameterValue"):
        world.group(world.vpc(), "it's")
    # A dry run tells, too.
    with refused("InvalidParameterValue"):
        world.ec2.create_security_group(GroupName="it's", Description="a", VpcId="vpc-1", DryRun=True)


class _Row(Protocol):
    """What all tables say of a refusal."""

    @property
    def code(self) -> str: ...

    @property
    def message(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def trust(self) -> str: ...


def test_each_row_says_where_it_is_from_and_how_far_to_trust_it() -> None:
    tables: Sequence[Sequence[_Row]] = (refusals.TABLE, value_rules.TABLE, tag_rules.TABLE)
    rows = [row for table in tables for row in table]
    assert all(row.source for row in rows)
    assert {row.trust.partition(":")[0] for row in rows} == {"documented", "source", "memory"}
    assert len({(row.service, row.sort) for row in refusals.TABLE}) == len(refusals.TABLE)


def test_each_row_of_the_tables_has_refused_something() -> None:
    said = {(code, message) for _, _, _, code, message in REFUSED}
    tables: Sequence[Sequence[_Row]] = (value_rules.TABLE, tag_rules.TABLE)
    for row in (row for table in tables for row in table):
        start = row.message.split("{")[0]
        assert any(code == row.code and message.startswith(start) for code, message in said), row


def test_the_patterns_of_all_models_are_understood() -> None:
    """Java's patterns, as all services that are served have them."""
    found: set[str] = set()
    for service in ("ec2", "iam", "elb", "elbv2", "route53", "s3", "sts", "service-quotas", "resourcegroupstaggingapi"):
        model: Any = get_service_model(service)
        found |= {shape["pattern"] for shape in model._service_description["shapes"].values() if "pattern" in shape}
    assert len(found) > 50
    for pattern in found:
        assert compiled(pattern).pattern


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "Köln\xa0\u2003部署²_.:/=+-@", "a,b"),
        (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "", "a\tb"),
        (r"[\w+=,.@-]+", "a_b", "ä"),
        (r"\p{ASCII}+", "a~", "ä"),
    ],
)
def test_a_pattern_means_what_java_means(pattern: str, right: str, wrong: str) -> None:
    assert compiled(pattern).fullmatch(right)
    assert not compiled(pattern).fullmatch(wrong)


def test_an_error_is_masked_for_xml() -> None:
    request = request_of("ec2", "describe_vpcs")
    assert b"&lt;a&gt;" in error(request, "Code", "<a>").body
