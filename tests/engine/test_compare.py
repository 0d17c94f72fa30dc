"""What an answer of AWS lacks is no difference, but where AWS leaves it out to say something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ocpprov.engine.compare import create_only_changes
from ocpprov.engine.properties import Property
from ocpprov.engine.protocols import Identity
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
