"""The kinds' tables against AWS's own schemas, as cfn-lint brings them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

from ocpprov.kinds.contract import Kind
from ocpprov.kinds.registry import KINDS

# Create-only here and not in the schema, each with the reason.
STRICTER: Final[Mapping[str, Mapping[str, str]]] = {
    "AWS::EC2::VPC": {"InstanceTenancy": "EC2 only changes dedicated to default"},
    "AWS::EC2::VPCGatewayAttachment": {"InternetGatewayId": "EC2 has no call that changes an attachment"},
    "AWS::EC2::EIP": {
        "Domain": "EC2 has no call that changes it; the documentation says replacement",
        "PublicIpv4Pool": "EC2 has no call that changes it: the address itself is of the pool",
    },
    "AWS::IAM::Policy": {"PolicyName": "an inline policy is known by its name; IAM has no call that changes it"},
    "AWS::Route53::RecordSet": {
        "Name": "what the record is; the documentation says replacement",
        "Type": "what the record is; the documentation says replacement",
        "SetIdentifier": "what the record is; an UPSERT with another one adds a second record",
    },
}
# Create-only in the schema and not here.
LOOSER: Final[Mapping[str, Mapping[str, str]]] = {
    "AWS::EC2::SubnetNetworkAclAssociation": {"NetworkAclId": "ReplaceNetworkAclAssociation changes it in place"},
    "AWS::EC2::SubnetRouteTableAssociation": {"RouteTableId": "ReplaceRouteTableAssociation changes it in place"},
    "AWS::EC2::VPCDHCPOptionsAssociation": {"DhcpOptionsId": "AssociateDhcpOptions changes it in place"},
}

# Types of ours are not in AWS's schemas: parts of a resource that CloudFormation only knows inside it.
AWS_KINDS: Final = {type: kind for type, kind in KINDS.items() if type.startswith("AWS::")}
every_kind = pytest.mark.parametrize("kind", AWS_KINDS.values(), ids=list(AWS_KINDS))


def schema(kind: Kind) -> Mapping[str, Any]:
    found: Mapping[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind.type).schema
    return found


def top_level(pointers: list[str]) -> set[str]:
    names = (pointer.removeprefix("/properties/") for pointer in pointers)
    return {name for name in names if "/" not in name}


@every_kind
def test_every_property_is_cloudformations(kind: Kind) -> None:
    settable = set(schema(kind)["properties"]) - top_level(schema(kind).get("readOnlyProperties", []))
    assert {row.name for row in kind.properties} <= settable


@every_kind
def test_every_required_property_is_there_and_required(kind: Kind) -> None:
    required = {row.name for row in kind.properties if row.required}
    assert set(schema(kind).get("required", [])) <= required


@every_kind
def test_create_only_properties_are_cloudformations(kind: Kind) -> None:
    ours = {row.name for row in kind.properties if row.create_only}
    theirs = top_level(schema(kind).get("createOnlyProperties", [])) & {row.name for row in kind.properties}
    assert ours - theirs == set(STRICTER.get(kind.type, ()))
    assert theirs - ours == set(LOOSER.get(kind.type, ()))


@every_kind
def test_attributes_are_cloudformations(kind: Kind) -> None:
    assert set(kind.attributes) <= set(schema(kind)["properties"])
