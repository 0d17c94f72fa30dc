"""What an answer of AWS lacks is no difference, but where AWS leaves it out to say something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ocpprov.engine.drift import changes_in_place, create_only_changes
from ocpprov.engine.kind_facts import Identity, Property, PropertyType
from ocpprov.engine.resources import Live
from ocpprov.engine.same import identical, same
from ocpprov.engine.values import GetAtt, Join, Ref, Select, Unknown, Value, is_to_come, resolve
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.reads import Pages, read
from ocpprov.kinds.registry import KINDS

VALUES: Mapping[str, Any] = {"string": "wanted", "integer": 7, "boolean": True, "list": ["wanted"], "object": {"a": 1}}
_TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
)
_ROUTING = ("Failover", "HealthCheckId", "MultiValueAnswer", "Region", "Weight")
_ON_BUCKETS = (
    "BucketEncryption",
    "LifecycleConfiguration",
    "OwnershipControls",
    "PublicAccessBlockConfiguration",
    "VersioningConfiguration",
)
_DHCP = ("DomainName", "DomainNameServers", "NetbiosNameServers", "NetbiosNodeType", "NtpServers")
TELLING = {
    *(("AWS::EC2::DHCPOptions", name) for name in _DHCP),
    ("AWS::IAM::ManagedPolicy", "Description"),
    # A route has one target, an entry one block, a record a target or values.
    *(("AWS::EC2::Route", name) for name in _TARGETS),
    ("AWS::EC2::NetworkAclEntry", "CidrBlock"),
    ("AWS::EC2::NetworkAclEntry", "Ipv6CidrBlock"),
    *(("AWS::Route53::RecordSet", name) for name in ("AliasTarget", "ResourceRecords", "TTL")),
    *(("AWS::Route53::RecordSet", name) for name in _ROUTING),
    # What nobody has set isn't in the answer, or is an error in place of one.
    ("AWS::EC2::SecurityGroupIngress", "Description"),
    ("AWS::EC2::SecurityGroupEgress", "Description"),
    ("AWS::IAM::Role", "Description"),
    ("AWS::IAM::Role", "PermissionsBoundary"),
    ("AWS::ElasticLoadBalancingV2::Listener", "AlpnPolicy"),
    # A network balancer may be in none.
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "SecurityGroups"),
    *(("AWS::S3::Bucket", name) for name in _ON_BUCKETS),
}
"""What AWS leaves out where it has no value: nothing else is a difference only because an answer doesn't say it."""
_MEMBERS_TELLING = {
    "AWS::EC2::VPCEndpoint.DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint",
    "AWS::ElasticLoadBalancing::LoadBalancer.Listeners.Listener.SSLCertificateId",
    "AWS::ElasticLoadBalancingV2::Listener.DefaultActions.Action.ForwardConfig",
    "AWS::ElasticLoadBalancingV2::Listener.DefaultActions.Action.TargetGroupArn",
    "AWS::ElasticLoadBalancingV2::LoadBalancer.SubnetMappings.SubnetMapping.AllocationId",
    "AWS::ElasticLoadBalancingV2::LoadBalancer.SubnetMappings.SubnetMapping.PrivateIPv4Address",
    "AWS::S3::Bucket.BucketEncryption.ServerSideEncryptionConfiguration.Rule.ServerSideEncryptionByDefault"
    ".KMSMasterKeyID",
    "AWS::S3::Bucket.LifecycleConfiguration.Rules.Rule.AbortIncompleteMultipartUpload",
    "AWS::S3::Bucket.LifecycleConfiguration.Rules.Rule.ExpirationInDays",
    "AWS::S3::Bucket.LifecycleConfiguration.Rules.Rule.NoncurrentVersionExpiration",
}
"""The same, of members of objects."""
ROWS = [
    pytest.param(kind, row, id=f"{kind.type}.{row.name}")
    for kind in KINDS.values()
    if kind.identity is Identity.TAGS
    for row in kind.properties
    if row.create_only
]


def _inside(row: Property, path: str) -> Iterator[tuple[str, Property]]:
    for member in (*row.properties, *([row.items] if row.items else [])):
        where = f"{path}.{member.name}"
        yield where, member
        yield from _inside(member, where)


def test_only_what_aws_leaves_out_to_say_something_may_be_absent() -> None:
    rows = [(kind.type, row) for kind in KINDS.values() for row in kind.properties]
    whole = ("AWS::Route53::RecordSetGroup", "AWS::EC2::SecurityGroup")
    members = [each for type, row in rows if type not in whole for each in _inside(row, f"{type}.{row.name}")]
    assert {(type, row.name) for type, row in rows if row.may_be_absent} == TELLING
    assert {path for path, member in members if member.may_be_absent} == _MEMBERS_TELLING


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


def _row(name: str, type: PropertyType = "object", **more: Any) -> Property:
    return Property(name, type, **more)


_OBJECT = _row("Check", properties=(_row("Path", "string"), _row("Port", "string", may_be_absent=True)))


@pytest.mark.parametrize(
    ("live", "equal"),
    [
        ({"Path": "/", "Port": "1"}, True),
        ({"Port": "1"}, True),
        ({"Path": None, "Port": "1"}, True),
        ({"Path": "/"}, False),
        ({"Path": "/x", "Port": "1"}, False),
        ({"Port": "2"}, False),
    ],
)
@pytest.mark.parametrize("ordered", [True, False])
def test_a_member_that_an_answer_does_not_say_is_no_difference(
    live: Mapping[str, Value], equal: bool, ordered: bool
) -> None:
    wanted = {"Path": "/", "Port": "1"}
    assert same(wanted, live, row=_OBJECT) is equal
    whole = _row("Checks", "list", items=_OBJECT)
    assert same([wanted], [live], row=whole, ordered=ordered) is equal
    assert same({"Inner": wanted}, {"Inner": live}, row=_row("Outer", properties=(_row("Inner"),))) is (
        live == {**wanted}
    )


def test_keys_that_no_property_describes_are_always_compared() -> None:
    assert not same({"a.b": "1"}, {}, row=_OBJECT)


UNSAID = Unknown(GetAtt("Balancer", "DNSName"), is_unanswered=True)
TO_COME = Unknown(GetAtt("Balancer", "DNSName"))


def test_what_a_kept_resource_does_not_say_is_no_difference_and_what_is_to_come_is() -> None:
    kind, live = KINDS["AWS::Route53::RecordSet"], {"AliasTarget": {"DNSName": "x", "HostedZoneId": "Z"}}
    record = Live(kind.type, "x", live)
    for value, changed in ((UNSAID, []), (TO_COME, ["AliasTarget"])):
        wanted: Mapping[str, Value] = {"AliasTarget": {"DNSName": value, "HostedZoneId": "Z"}}
        assert [each.property for each in changes_in_place(kind, wanted, record, ()).changes] == changed
    other: Mapping[str, Value] = {"AliasTarget": {"DNSName": UNSAID, "HostedZoneId": "Y"}}
    assert changes_in_place(kind, other, record, ()).changes
    assert same([UNSAID, "b"], ["b", "a"])
    assert not same([UNSAID, TO_COME], ["b", "a"])
    policy = KINDS["AWS::S3::BucketPolicy"]
    for value, changed in ((UNSAID, []), (TO_COME, ["PolicyDocument"])):
        document: Mapping[str, Value] = {"PolicyDocument": {"Statement": [{"Resource": value}]}}
        bucket = Live(policy.type, "x", {"PolicyDocument": {"Statement": [{"Resource": "arn"}]}})
        assert [each.property for each in changes_in_place(policy, document, bucket, ()).changes] == changed


def test_what_is_put_together_from_what_is_not_said_is_not_said_either() -> None:
    def lookup(reference: Ref | GetAtt) -> Value:
        return {"Kept": Unknown(reference, is_unanswered=True), "New": Unknown(reference)}.get(
            reference.logical_id, ["a"]
        )

    for expression, unanswered in (
        (Join("", (GetAtt("Kept", "X"), "-")), True),
        (Join("", (GetAtt("Kept", "X"), GetAtt("New", "X"))), False),
        (Select(0, GetAtt("Kept", "X")), True),
        (Select(0, GetAtt("New", "X")), False),
    ):
        resolved = resolve(expression, lookup)
        assert isinstance(resolved, Unknown)
        assert resolved.is_unanswered is unanswered
        assert is_to_come([{"a": resolved}]) is not unanswered
    assert not is_to_come({"a": ["b"]})
    assert is_to_come(Ref("A"))


def test_a_part_that_is_no_part_of_its_key_is_no_reason_for_another_either() -> None:
    kind = KINDS["Ocpprov::ElasticLoadBalancingV2::Target"]
    place: Mapping[str, Value] = {"TargetGroupArn": "arn", "Id": "10.0.0.1", "Port": 6443}
    wanted: Mapping[str, Value] = {**place, "AvailabilityZone": "all"}
    assert create_only_changes(kind, wanted, Live(kind.type, "x", place)) == []
    assert create_only_changes(kind, wanted, Live(kind.type, "x", {**place, "AvailabilityZone": "eu-west-1a"}))


@pytest.mark.parametrize(("unanswered", "changed"), [(frozenset({"GatewayId"}), []), (frozenset(), ["GatewayId"])])
def test_what_an_answer_says_neither_of_nor_that_there_is_none_is_no_difference(
    unanswered: frozenset[str], changed: list[str]
) -> None:
    kind = KINDS["AWS::EC2::Route"]
    place = {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0"}
    live = Live(kind.type, "x", place, unanswered=unanswered)
    found = changes_in_place(kind, {**place, "GatewayId": "igw-1"}, live, ())
    assert [each.property for each in found.changes] == changed


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
