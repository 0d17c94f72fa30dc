"""The tags that make a resource ours: their text, their formats, the names made from them, and the ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.engine.ownership import (
    PLAN,
    RESOURCE,
    RUN,
    LedgerEntries,
    claimed_by,
    decode_ledger,
    desired_tags,
    encode_ledger,
    generated_name,
    is_generated_name,
    lost_its_plan,
    newer_format,
    older_format,
    plan_tags,
    remembered_as,
    revision,
    revision_hash,
    tags_left_out,
    with_certain_name,
    with_name,
)
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.values import Ref, Unknown, Value
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import ROUTE, RULE, ZONE
from tests.engine.planning import GROUP, OWNER, ROLE, SUBNET, VPC

CLUSTERED: Final = replace(OWNER, cluster="prod.example.com", user_tags={"cost": "4711", "own": "user's"})


def _tags(type: str, owner: Owner = OWNER, **more: Any) -> dict[str, str]:
    return desired_tags(owner, KINDS[type], Resource("One", type, **more), "2-0123456789ab", LedgerEntries())


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param(
            _tags(SUBNET),
            {
                "ocpprov:plan": "lab",
                "ocpprov:resource": "One",
                "ocpprov:revision": "2-0123456789ab",
                "ocpprov:run": OWNER.run,
                "Name": "lab-One",
                "ocpprov:tags": "Name",
            },
            id="a subnet",
        ),
        pytest.param(
            _tags(VPC),
            {
                "ocpprov:plan": "lab",
                "ocpprov:resource": "One",
                "ocpprov:revision": "2-0123456789ab",
                "ocpprov:run": OWNER.run,
            },
            id="a VPC has no Name",
        ),
        pytest.param(
            _tags(ROLE, CLUSTERED, properties={"Tags": [{"Key": "own", "Value": 7}, {"Key": "Name", "Value": "mine"}]}),
            {
                "ocpprov:plan": "lab",
                "ocpprov:resource": "One",
                "ocpprov:cluster": "prod.example.com",
                "ocpprov:region": "eu-west-1",
                "ocpprov:revision": "2-0123456789ab",
                "ocpprov:run": OWNER.run,
                "own": "7",
                "Name": "mine",
                "cost": "4711",
                "ocpprov:tags": "Name + cost + own",
            },
            id="a role's name the region, and its own tags come before the user's",
        ),
        pytest.param(
            _tags(SUBNET, deletion_policy="Retain", properties={"Tags": [{"Key": "Name", "Value": "n"}]}),
            {
                "ocpprov:plan": "lab",
                "ocpprov:resource": "One",
                "ocpprov:on-delete": "retain",
                "ocpprov:revision": "2-0123456789ab",
                "ocpprov:run": OWNER.run,
                "Name": "n",
                "ocpprov:tags": "Name",
            },
            id="what is retained says so",
        ),
        pytest.param(
            _tags(ZONE, CLUSTERED),
            {
                "ocpprov:plan": "lab",
                "ocpprov:resource": "One",
                "ocpprov:cluster": "prod.example.com",
                "ocpprov:region": "eu-west-1",
                "Name": "lab-One",
                "cost": "4711",
                "own": "user's",
                "ocpprov:tags": "Name + cost + own",
            },
            id="a zone, of ten tags, has neither revision nor run",
        ),
        pytest.param(
            _tags(RULE, CLUSTERED),
            {"ocpprov:plan": "lab", "ocpprov:run": OWNER.run, "ocpprov:cluster": "prod.example.com"},
            id="the rules of one call share them",
        ),
        pytest.param(
            _tags(SUBNET, replace(OWNER, protect=True)),
            {
                "ocpprov:plan": "lab",
                "ocpprov:resource": "One",
                "ocpprov:revision": "2-0123456789ab",
                "ocpprov:run": OWNER.run,
                "ocpprov:protect": "true",
                "Name": "lab-One",
                "ocpprov:tags": "Name",
            },
            id="what no destroy may take says so",
        ),
        pytest.param(
            _tags(ZONE, replace(OWNER, protect=True)), _tags(ZONE), id="where there is room: a zone takes ten tags"
        ),
        pytest.param(_tags(RULE, replace(OWNER, protect=True)), _tags(RULE), id="rules are protected by their group"),
        pytest.param(
            _tags(RULE), {"ocpprov:plan": "lab", "ocpprov:run": OWNER.run}, id="without a cluster they name none"
        ),
        pytest.param(_tags(ROUTE, CLUSTERED), {}, id="a route takes no tags"),
    ],
)
def test_what_a_resource_carries(tags: dict[str, str], expected: dict[str, str]) -> None:
    assert tags == expected


def test_a_zone_keeps_one_of_its_ten_tags_for_the_memory_of_the_others() -> None:
    owner = replace(OWNER, user_tags={f"user{number}": "x" for number in range(9)})
    kind, zone = KINDS[ZONE], Resource("Zone", ZONE)
    tags = desired_tags(owner, kind, zone, "1-0", LedgerEntries())
    assert len(tags) == 10
    assert tags["ocpprov:tags"] == "Name + user0 + user1 + user2 + user3 + user4"
    assert tags_left_out(owner, kind, zone, tags) == ["user5", "user6", "user7", "user8"]


def test_long_keys_of_a_zone_leave_room_for_what_remembers_them() -> None:
    owner = replace(OWNER, user_tags={str(number) * 120: "x" for number in range(9)})
    kind, zone = KINDS[ZONE], Resource("Zone", ZONE)
    tags = desired_tags(owner, kind, zone, "1-0", LedgerEntries())
    assert len(tags) == 10
    assert [key[0] for key in tags if len(key) == 120] == ["0", "1", "2", "3"]
    assert tags_left_out(owner, kind, zone, tags) == [str(number) * 120 for number in range(4, 9)]
    assert [len(tags[key]) for key in ("ocpprov:tags", "ocpprov:tags.2")] == [243, 250]


def test_a_name_for_people_is_as_long_as_a_tag_may_be() -> None:
    subnet = Resource("S" * 255, SUBNET)
    tags = desired_tags(OWNER, KINDS[SUBNET], subnet, "1-0", LedgerEntries())
    assert tags["Name"] == f"lab-{'S' * 252}"
    assert tags[RESOURCE] == "S" * 255


def test_without_visible_tags_none_is_remembered() -> None:
    assert "ocpprov:tags" not in _tags(VPC)
    assert plan_tags(KINDS[RULE], Resource("One", RULE, {"Tags": "no list"})) == {}
    assert plan_tags(KINDS[SUBNET], Resource("One", SUBNET, {"Tags": ["no pair"]})) == {}


NET: Final = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "eu-west-1a"}
"""What a revision is of. Its hash is in tags that earlier versions wrote, and never changes."""


@pytest.mark.parametrize(
    ("type", "properties", "expected"),
    [
        (SUBNET, NET, "2-92581a623430"),
        (SUBNET, {**NET, "MapPublicIpOnLaunch": True, "Tags": []}, "2-92581a623430"),
        (SUBNET, dict(reversed(NET.items())), "2-92581a623430"),
        (SUBNET, {**NET, "CidrBlock": "10.0.1.0/24"}, ""),
        (VPC, {"EnableDnsSupport": True}, "2-44136fa355b3"),
    ],
)
def test_the_revision_is_of_the_properties_that_cant_be_changed(
    type: str, properties: Mapping[str, Any], expected: str
) -> None:
    found = revision(KINDS[type], properties)
    assert found == expected if expected else found != "2-92581a623430"


@pytest.mark.parametrize(
    ("said", "newer"),
    [
        ("3-0123", True),
        ("10-0123", True),
        ("2-0123", False),
        ("1-0123", False),
        ("0-1", False),
        ("", False),
        ("x-1", False),
    ],
)
def test_the_format_is_told_by_the_revision(said: str, newer: bool) -> None:
    tags = {"ocpprov:revision": said}
    assert newer_format(Live(SUBNET, "subnet-1", {}, tags=tags)) is newer
    assert older_format(tags) is (said in ("1-0123", "0-1"))


@pytest.mark.parametrize(("said", "hashed"), [("1-0123", "0123"), ("2-0123", "0123"), ("2-01-23", "01-23"), ("", "")])
def test_two_formats_of_one_request_have_the_hash_in_common(said: str, hashed: str) -> None:
    assert revision_hash(said) == hashed


@pytest.mark.parametrize(
    ("type", "owner", "name", "expected"),
    [
        (GROUP, OWNER, "Machines", "lab-Machines-01234567"),
        (GROUP, replace(OWNER, region="us-east-1", account="999999999999"), "Machines", "lab-Machines-01234567"),
        (GROUP, OWNER, "Policy/of.Two", "lab-Policy-of-Two-01234567"),
        (ROLE, OWNER, "Role", "lab-Role-c335f27a"),
        (ROLE, replace(OWNER, region="us-east-1"), "Role", "lab-Role-9d5c8132"),
        (ROLE, replace(OWNER, account="999999999999"), "Role", "lab-Role-73babc26"),
        ("AWS::S3::Bucket", OWNER, "Bucket", "lab-bucket-c335f27a"),
        ("Ocpprov::S3::Object", OWNER, "Object", "lab-Object-c335f27a"),
        ("AWS::Route53::HostedZone", OWNER, "Zone", "lab-Zone-c335f27a"),
    ],
)
def test_generated_names_differ_where_the_plan_does(type: str, owner: Owner, name: str, expected: str) -> None:
    assert generated_name(KINDS[type], owner, name, "2-0123456789ab") == expected
    # What an older version named must not get another name from this one.
    assert generated_name(KINDS[type], owner, name, "1-0123456789ab") == expected


def test_a_generated_name_keeps_to_its_limit_and_to_its_tail() -> None:
    name = generated_name(KINDS["AWS::ElasticLoadBalancingV2::LoadBalancer"], OWNER, "B" * 40, "2-0123456789ab")
    assert name == f"lab-{'B' * 19}-01234567"
    assert len(name) == 32


@pytest.mark.parametrize(
    ("name", "logical_ids", "ours"),
    [
        ("lab-bucket-c335f27a", ["Bucket"], True),
        ("lab-bucket-00000000", ["Other", "Bucket"], True),
        ("lab-bucket-00000000", ["Other"], False),
        ("lab-bucket-00000000", [], False),
        ("lab-bucket-00000000", None, True),
        ("labs-bucket-00000000", None, False),
        ("lab-bucket-0000000", ["Bucket"], False),
        ("lab-bucket-0000000g", None, False),
        ("lab-of-two-00000000", ["Of/Two"], True),
        (f"lab-{'b' * 50}-00000000", ["B" * 80], True),
        (f"lab-{'b' * 49}-00000000", ["B" * 80], False),
    ],
)
def test_a_generated_name_is_known_again_whatever_the_revision(
    name: str, logical_ids: list[str] | None, ours: bool
) -> None:
    assert is_generated_name(KINDS["AWS::S3::Bucket"], OWNER, logical_ids, name) is ours


def test_a_name_is_generated_only_where_the_plan_gives_none() -> None:
    group, bucket = KINDS[GROUP], KINDS["AWS::S3::Bucket"]
    made = {"GroupDescription": "d", "GroupName": "lab-Group-01234567"}
    assert with_name(group, OWNER, "Group", {"GroupDescription": "d"}, "2-0123456789ab") == made
    assert with_name(group, OWNER, "Group", {"GroupName": "mine"}, "2-0123456789ab") == {"GroupName": "mine"}
    assert with_name(KINDS[VPC], OWNER, "Vpc", {"CidrBlock": "10.0.0.0/16"}, "1-0") == {"CidrBlock": "10.0.0.0/16"}
    assert with_name(bucket, OWNER, "Bucket", {}, "2-0123456789ab") == {"BucketName": "lab-bucket-c335f27a"}


def test_a_name_is_certain_once_all_that_it_depends_on_is_known() -> None:
    group, properties = KINDS[GROUP], {"GroupDescription": "d", "VpcId": "vpc-1"}
    certain = with_certain_name(group, OWNER, "Group", properties)
    assert certain == {**properties, "GroupName": f"lab-Group-{revision(group, properties)[2:10]}"}
    unknown: dict[str, Value] = {"GroupDescription": "d", "VpcId": Unknown(Ref("Vpc"))}
    assert with_certain_name(group, OWNER, "Group", unknown) == unknown


@pytest.mark.parametrize(
    ("entries", "tags"),
    [
        ([], {}),
        (["b", "a", "b"], {"L": "a + b"}),
        (["r 0.0.0.0/0", "rr *.apps +x A"], {"L": "r 0.0.0.0/0 + rr =2a.apps =2bx A"}),
        (["Ü="], {"L": "=c3=9c=3d"}),
        (["a" * 126, "b" * 127], {"L": f"{'a' * 126} + {'b' * 127}"}),
        (["a" * 126, "b" * 128], {"L": "a" * 126, "L.2": "b" * 128}),
        (["a" * 200, "b" * 200, "c" * 200], {"L": "a" * 200, "L.2": "b" * 200, "L.3": "c" * 200}),
    ],
)
def test_a_ledger_is_written_into_as_few_tags_as_hold_it(entries: list[str], tags: dict[str, str]) -> None:
    assert encode_ledger("L", entries) == tags
    assert decode_ledger("L", {**tags, "Name": "x", "L.x": "no part", "Lx": "nor this", "L2.2": "nor this"}) == {
        *entries
    }


@given(st.sets(st.text(min_size=1, max_size=80), max_size=12))
@settings(max_examples=30)
def test_whatever_is_remembered_is_read_again(entries: set[str]) -> None:
    tags = encode_ledger("L", entries)
    assert decode_ledger("L", tags) == {remembered_as(entry) for entry in entries}
    assert all(len(value) <= 256 for value in tags.values())


@pytest.mark.parametrize(
    ("entry", "read"),
    [
        ("a" * 256, "a" * 256),
        ("a" * 257, "aaaaaaaaaaaaaaaa-e8d95cc2b4bc198c54b40bd2"),
        # Each of its characters is nine in a tag.
        ("部" * 28, "部" * 28),
        ("部" * 29, "部部部部部部部部部部部部部部部部-bf6ece31fe55e88a4d088d10"),
        ("\U0001f680" * 99, "\U0001f680" * 16 + "-bb6cea8add72f4be564ed5a3"),
    ],
)
def test_what_no_tag_can_hold_is_remembered_by_its_beginning_and_a_hash(entry: str, read: str) -> None:
    assert remembered_as(entry) == read
    assert remembered_as(remembered_as(entry)) == read
    assert decode_ledger("L", encode_ledger("L", [entry, "b"])) == {read, "b"}


@pytest.mark.parametrize(
    ("type", "tags", "claim", "ours"),
    [
        (VPC, {PLAN: "lab"}, {}, True),
        (VPC, {PLAN: "lab", "ocpprov:region": "us-east-1"}, {}, False),
        (VPC, {PLAN: "other"}, {}, False),
        (VPC, {}, {}, False),
        (VPC, {RESOURCE: "Vpc"}, {PLAN: "lab"}, True),
        (VPC, {PLAN: "other"}, {PLAN: "lab"}, False),
        (ROLE, {PLAN: "lab", "ocpprov:region": "us-east-1"}, {}, False),
        (ROLE, {PLAN: "lab", "ocpprov:region": "eu-west-1"}, {}, True),
        (ROLE, {PLAN: "lab"}, {}, True),
        ("Ocpprov::S3::Object", {PLAN: "lab", "ocpprov:region": "us-east-1"}, {}, False),
    ],
)
def test_what_names_this_plan_is_a_claim(type: str, tags: dict[str, str], claim: dict[str, str], ours: bool) -> None:
    assert claimed_by(Live(type, "x", {}, tags=tags, claim=claim), OWNER) is ours


@pytest.mark.parametrize(
    ("tags", "lost"),
    [
        ({RESOURCE: "Vpc"}, True),
        ({RUN: "r"}, True),
        ({PLAN: "", RUN: "r"}, True),
        ({PLAN: "lab", RESOURCE: "Vpc"}, False),
        ({PLAN: "other", RESOURCE: "Vpc"}, False),
        ({"Name": "x"}, False),
    ],
)
def test_a_tag_of_the_plan_is_lost_where_another_of_ours_is_left(tags: dict[str, str], lost: bool) -> None:
    assert lost_its_plan(Live(VPC, "vpc-1", {}, tags=tags)) is lost
