"""What an answer of AWS lacks is no difference, but where AWS leaves it out to say something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ocpprov.engine.drift import changes_in_place, create_only_changes, identical, same
from ocpprov.engine.kind_facts import Identity, Property
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Ref, Unknown, Value
from ocpprov.kinds.contract import Kind, Pages, read
from ocpprov.kinds.registry import KINDS

VALUES: Mapping[str, Any] = {"string": "wanted", "integer": 7, "boolean": True, "list": ["wanted"], "object": {"a": 1}}
TELLING = {
    ("AWS::EC2::DHCPOptions", "DomainName"),
    ("AWS::EC2::DHCPOptions", "DomainNameServers"),
    ("AWS::EC2::DHCPOptions", "NtpServers"),
    ("AWS::EC2::DHCPOptions", "NetbiosNameServers"),
    ("AWS::EC2::DHCPOptions", "NetbiosNodeType"),
    ("AWS::IAM::ManagedPolicy", "Description"),
}
"""What AWS leaves out where it has no value."""
ROWS = [
    pytest.param(kind, row, id=f"{kind.type}.{row.name}")
    for kind in KINDS.values()
    if kind.identity is Identity.TAGS
    for row in kind.properties
    if row.create_only
]


@pytest.mark.parametrize(("kind", "row"), ROWS)
def test_absence_replaces_only_where_it_says_something(kind: Kind, row: Property) -> None:
    wanted: Mapping[str, Value] = {row.name: VALUES[row.type]}
    changed = [change.property for change in create_only_changes(kind, wanted, Live(kind.type, "x", {}))]
    assert changed == ([row.name] if (kind.type, row.name) in TELLING else [])
    # What is there is compared as ever, and what is not known yet is never the same.
    other = create_only_changes(kind, wanted, Live(kind.type, "x", {row.name: "another"}))
    assert [change.property for change in other] == [row.name]
    unknown: Mapping[str, Value] = {row.name: Unknown(Ref("Other"))}
    assert [change.property for change in create_only_changes(kind, unknown, Live(kind.type, "x", {}))] == [row.name]


def test_what_is_known_by_its_properties_is_another_without_one() -> None:
    kind = KINDS["AWS::EC2::Route"]
    live = Live(kind.type, "x", {"RouteTableId": "rtb-1"})
    assert create_only_changes(kind, {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0"}, live)


@pytest.mark.parametrize("dropped", ["NatGatewayAddresses", "ConnectivityType", "AllocationId"])
@pytest.mark.parametrize("type", ["public", "private"])
def test_a_gateway_of_which_an_answer_tells_too_little_is_the_same_one(dropped: str, type: str) -> None:
    kind = KINDS["AWS::EC2::NatGateway"]
    address = {"AllocationId": "eipalloc-1"} if type == "public" else {"PrivateIp": "10.0.0.9"}
    gateway: dict[str, Any] = {
        "NatGatewayId": "nat-1",
        "SubnetId": "subnet-1",
        "State": "available",
        "ConnectivityType": type,
        "NatGatewayAddresses": [{name: value for name, value in address.items() if name != dropped}],
    }
    gateway.pop(dropped, None)
    (live,) = kind.parse(Pages({read("ec2", "describe_nat_gateways"): [{"NatGateways": [gateway]}]}))
    wanted = {"SubnetId": "subnet-1", "ConnectivityType": type}
    assert (
        create_only_changes(kind, {**wanted, **({"AllocationId": "eipalloc-1"} if type == "public" else {})}, live)
        == []
    )
    assert create_only_changes(kind, {**wanted, "SubnetId": "subnet-2"}, live)


def test_of_an_object_only_what_the_plan_says_is_shown() -> None:
    kind = KINDS["AWS::EC2::VPCEndpoint"]
    live = Live(
        kind.type, "vpce-1", {"DnsOptions": {"DnsRecordIpType": "ipv4", "PrivateDnsOnlyForInboundResolver": True}}
    )
    [change] = changes_in_place(kind, {"DnsOptions": {"DnsRecordIpType": "ipv6"}}, live, ()).changes
    assert (change.before, change.after) == ({"DnsRecordIpType": "ipv4"}, {"DnsRecordIpType": "ipv6"})
    assert changes_in_place(kind, {"DnsOptions": {"DnsRecordIpType": "ipv4"}}, live, ()).changes == []


@pytest.mark.parametrize(
    ("wanted", "live", "equal"),
    [
        (None, None, True),
        (None, "None", False),
        ("None", None, False),
        (1, "1", True),
        (True, "true", True),
        (True, "True", False),
        ("x", ["x"], False),
        (["x"], "x", False),
        ([], "", False),
        ({"a": "1"}, {"a": 1, "b": 2}, True),
        ({"a": "1", "b": None}, {"a": 1}, True),
        ({"a": "1"}, {}, False),
        ({"a": "1"}, "a", False),
        ("a", {"a": "1"}, False),
        ({}, None, False),
        (["a"], ["a", "b"], False),
        (["a", "b"], ["b", "a"], True),
        (Unknown(Ref("A")), "a", False),
        ([Unknown(Ref("A"))], ["a"], False),
        ({"a": Ref("A")}, {"a": "x"}, False),
    ],
)
def test_values_are_the_same_when_aws_has_what_is_wanted(wanted: Value, live: Value, equal: bool) -> None:
    assert same(wanted, live) is equal


def test_in_an_ordered_list_the_place_of_an_item_counts_and_so_does_its_number() -> None:
    assert same(["a", "b"], ["a", "b"], ordered=True)
    assert not same(["a", "b"], ["b", "a"], ordered=True)
    assert not same(["a"], ["a", "b"], ordered=True)


def test_documents_are_identical_whatever_the_order_of_their_keys() -> None:
    assert identical({"a": 1, "b": [1, 2]}, {"b": [1, 2], "a": 1})
    assert not identical({"a": 1}, {"a": 1, "b": 2})
    assert not identical({"b": [1, 2]}, {"b": [2, 1]})
    assert not identical({"a": Ref("A")}, {"a": Ref("A")})


def test_of_a_document_all_counts_also_what_the_plan_does_not_say() -> None:
    kind = KINDS["AWS::IAM::Role"]
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "ec2.amazonaws.com"},
    }
    wanted: dict[str, Any] = {"AssumeRolePolicyDocument": {"Statement": [statement]}}
    wider: dict[str, Any] = {"AssumeRolePolicyDocument": {"Statement": [{**statement, "Sid": "Added"}]}}
    assert changes_in_place(kind, wanted, Live(kind.type, "r", wanted), ()).changes == []
    [change] = changes_in_place(kind, wanted, Live(kind.type, "r", wider), ()).changes
    assert (change.property, change.before) == ("AssumeRolePolicyDocument", wider["AssumeRolePolicyDocument"])
