"""A filter that AWS doesn't document for an operation may be refused on AWS, whatever a sandbox makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from ocpprov.engine.ownership import RECORDS, encode_ledger
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Value
from ocpprov.kinds.reads import Found, Read
from ocpprov.kinds.registry import KINDS
from tests.kinds.world import OWNER


def everything_found() -> Found:
    """A round that knows of something of each type, ours by its tags, and of things that the plan only names."""
    tags = {"ocpprov:plan": OWNER.plan, **encode_ledger(RECORDS, {"rtb-1 r 0.0.0.0/0"})}
    properties: Mapping[str, Value] = {
        "VpcId": "vpc-1",
        "DhcpOptionsId": "dopt-1",
        "AllocationId": "eipalloc-1",
        "Bucket": "b",
        "Key": "k",
        "RoleName": "r",
        "PolicyName": "p",
        "PolicyArn": "arn:aws:iam::1:policy/p",
        "Name": "n",
        "HostedZoneId": "Z1",
        "LoadBalancerArn": "l",
        "TargetGroupArn": "t",
        "GroupId": "sg-1",
        "LoadBalancerName": "c",
        "RouteTableId": "rtb-1",
        "Tags": {},
    }
    lives = {type: [Live(type, f"{type}-1", properties, tags=tags)] for type in KINDS}
    prefixes = ("vpc", "subnet", "sg", "rtb", "igw", "nat", "eipalloc", "vpce", "tgw", "pcx", "acl", "dopt")
    return Found(OWNER, lives, frozenset(f"{prefix}-1" for prefix in prefixes))


def filters(wanted: Read) -> Iterator[str]:
    arguments = wanted.arguments()
    for each in arguments.get("Filters", ()) or arguments.get("Filter", ()):
        yield each["Name"]


SENT = sorted(
    {
        (wanted.operation, name)
        for kind in KINDS.values()
        for found in (Found(OWNER), everything_found(), replace(everything_found(), names=frozenset()))
        for wanted in kind.reads(found)
        if wanted.service == "ec2"
        for name in filters(wanted)
    }
)


@pytest.fixture(scope="module")
def ec2() -> Any:
    return botocore.session.get_session().get_service_model("ec2")


@pytest.mark.parametrize(("operation", "name"), SENT, ids=[" ".join(pair) for pair in SENT])
def test_a_filter_is_one_of_those_that_aws_documents(ec2: Any, operation: str, name: str) -> None:
    api_name = next(each for each in ec2.operation_names if each.lower() == operation.replace("_", "").lower())
    members = ec2.operation_model(api_name).input_shape.members
    text = (members.get("Filters") or members["Filter"]).documentation
    documented = set(re.findall(r"<code>([^<]+)</code>", text))
    assert name in documented or (name.startswith("tag:") and {"tag", "tag:"} & documented)


def test_the_filters_are_all_there() -> None:
    assert {("describe_vpcs", "tag:ocpprov:plan"), ("describe_nat_gateways", "nat-gateway-id")} <= set(SENT)
    assert ("describe_transit_gateway_vpc_attachments", "vpc-id") in SENT
    assert len({operation for operation, _ in SENT}) >= 14
