"""Buckets and ignition files beyond their lives: whose are looked into, what others keep, what is never shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ocpprov.aws.clock import SystemClock
from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.engine.ownership import (
    CHILDREN,
    PLAN,
    REGION,
    decode_ledger,
    encode_ledger,
    generated_name,
    is_generated_name,
    remembered_as,
)
from ocpprov.engine.resources import Live
from ocpprov.kinds.reads import Found, Pages, read, read_if_allowed
from ocpprov.kinds.registry import KINDS
from tests.kinds.world import OWNER, World
from tests.support.descriptions import meta_of

BUCKET = KINDS["AWS::S3::Bucket"]
POLICY = KINDS["AWS::S3::BucketPolicy"]
OBJECT = KINDS["Ocpprov::S3::Object"]
OUR_TAGS = {PLAN: OWNER.plan, REGION: OWNER.region}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An ignition file."""
    path = tmp_path / "bootstrap.ign"
    path.write_text('{"ignition": {"version": "3.2.0"}}')
    return path


def bucket(world: World) -> str:
    return world.make(BUCKET.type, BucketName="prod-ignition")


def made(world: World, file: Path) -> Live:
    """The file in a bucket."""
    wanted = {"Bucket": bucket(world), "Key": "bootstrap.ign", "Source": str(file)}
    live = world.find(OBJECT.type, world.make(OBJECT.type, **wanted))
    assert live is not None
    return live


def test_only_the_tags_are_asked_of_a_bucket_that_may_be_ours_and_nothing_of_others() -> None:
    names = ("prod-logs", "theirs", "prod-ignition")
    tags: Mapping[str, Mapping[str, str]] = {"prod-ignition": OUR_TAGS}
    lives = [Live(BUCKET.type, name, {}, tags=tags.get(name, {})) for name in names]
    found = Found(OWNER, {BUCKET.type: lives}, names=frozenset())
    asked = [each for kind in (BUCKET, POLICY, OBJECT) for each in kind.reads(found)]
    of = {name: [each for each in asked if each.arguments().get("Bucket") == name] for name in names}
    assert of["theirs"] == []
    assert of["prod-logs"] == [read_if_allowed("s3", "get_bucket_tagging", Bucket="prod-logs")]
    assert {each.operation for each in of["prod-ignition"]} >= {"get_bucket_policy", "list_objects_v2"}


@pytest.mark.parametrize(
    ("name", "logical_ids", "must_be_read"),
    [
        ("prod-store-0a1b2c3d", frozenset({"Store"}), True),
        ("prod-logs-0a1b2c3d", frozenset({"Store"}), False),
        ("prod-store-other", frozenset({"Store"}), False),
        ("prod-store-0a1b2c3d-more", frozenset({"Store"}), False),
        ("prod-logs-0a1b2c3d", None, True),
        ("prod-logs", None, False),
        ("given", frozenset({"Store"}), True),
    ],
)
def test_a_bucket_that_bears_one_of_the_plans_names_must_let_us_look(
    name: str, logical_ids: frozenset[str] | None, must_be_read: bool
) -> None:
    found = Found(OWNER, {BUCKET.type: [Live(BUCKET.type, name, {})]}, frozenset(), frozenset({"given"}))
    reads = BUCKET.reads(replace(found, logical_ids=logical_ids))
    (asked,) = (each for each in reads if each.operation == "get_bucket_tagging")
    assert asked.may_be_denied is not must_be_read


def _asked_of(found: Found) -> set[str]:
    return {
        each.operation
        for kind in (BUCKET, POLICY, OBJECT)
        for each in kind.reads(found)
        if "Bucket" in each.arguments()
    }


def test_a_bucket_that_the_journal_has_is_looked_into_in_the_round_of_its_tags() -> None:
    lives = {BUCKET.type: [Live(BUCKET.type, "prod-ignition", {})]}
    unknown = Found(OWNER, lives, names=frozenset())
    assert _asked_of(unknown) == {"get_bucket_tagging"}
    known = _asked_of(replace(unknown, made=frozenset({"prod-ignition"})))
    assert known > {"get_bucket_tagging", "get_bucket_policy", "get_bucket_encryption", "list_objects_v2"}
    # Made by us, and not there any more, or somebody else's by now: nothing is asked of it.
    assert _asked_of(Found(OWNER, {BUCKET.type: []}, names=frozenset(), made=frozenset({"prod-ignition"}))) == set()


def test_settings_that_the_plan_gives_are_read_and_no_others() -> None:
    lives = {BUCKET.type: [Live(BUCKET.type, "prod-ignition", {}, tags=OUR_TAGS)]}
    found = Found(OWNER, lives, names=frozenset(), compared={BUCKET.type: frozenset({"BucketEncryption"})})
    assert _asked_of(found) == {"get_bucket_tagging", "get_bucket_encryption", "get_bucket_policy", "list_objects_v2"}
    every = _asked_of(replace(found, compared=None))
    assert {name for name in every if name.startswith("get_")} - _asked_of(found) == {
        "get_public_access_block",
        "get_bucket_ownership_controls",
        "get_bucket_versioning",
        "get_bucket_lifecycle_configuration",
    }


@pytest.mark.parametrize("logical_id", ["Store", "S" * 80, "Über_uns"])
def test_a_generated_name_is_known_again(logical_id: str) -> None:
    name = generated_name(BUCKET, OWNER, logical_id, "2-whatever")
    assert is_generated_name(BUCKET, OWNER, [logical_id], name)
    assert is_generated_name(BUCKET, OWNER, None, name)
    assert not is_generated_name(BUCKET, OWNER, ["Other"], name)
    assert not is_generated_name(BUCKET, replace(OWNER, plan="lab"), None, name)


@dataclass(frozen=True)
class Forbidding:
    """A client of somebody whom every bucket refuses."""

    meta: Any = field(default_factory=lambda: meta_of("s3"))

    def can_paginate(self, operation: str) -> bool:
        return False

    def get_bucket_tagging(self, **arguments: Any) -> None:
        answer: Any = {"Error": {"Code": "AccessDenied", "Message": "Access Denied"}}
        raise ClientError(answer, "GetBucketTagging")


def test_a_strangers_bucket_may_forbid_to_look() -> None:
    client: Any = Forbidding()
    reader = Reader({"s3": client}, SystemClock(), lambda retry: None)
    allowed = read_if_allowed("s3", "get_bucket_tagging", Bucket="theirs")
    assert reader.read([allowed]) == {allowed: []}
    with pytest.raises(AwsError):
        reader.read([read("s3", "get_bucket_tagging", Bucket="ours")])


def test_a_buckets_attributes_are_those_of_its_partition() -> None:
    listing = read("s3", "list_buckets", BucketRegion="cn-north-1")
    (live,) = BUCKET.parse(Pages({listing: [{"Buckets": [{"Name": "prod-ignition"}]}]}))
    assert live.attributes == {
        "Arn": "arn:aws-cn:s3:::prod-ignition",
        "DomainName": "prod-ignition.s3.amazonaws.com.cn",
        "RegionalDomainName": "prod-ignition.s3.cn-north-1.amazonaws.com.cn",
    }


def test_generated_names_are_in_lower_case() -> None:
    assert BUCKET.generated("prod-InfraBucket-1a2b") == "prod-infrabucket-1a2b"


def test_a_bucket_with_other_peoples_objects_is_not_deleted(world: World) -> None:
    name = bucket(world)
    world.clients.s3.put_object(Bucket=name, Key="theirs", Body=b"")
    live = world.find(BUCKET.type, name)
    assert live is not None
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        BUCKET.delete(world.clients, live)


def test_an_objects_location_and_digest_are_its_attributes(world: World, file: Path) -> None:
    live = made(world, file)
    digest = hashlib.sha512(file.read_bytes()).hexdigest()
    assert live.attributes == {"Location": "s3://prod-ignition/bootstrap.ign", "Sha512": digest}
    assert OBJECT.normalise({"Source": str(file)})["Sha512"] == digest


def test_the_content_is_nowhere_but_in_the_bucket(world: World, file: Path) -> None:
    live = made(world, file)
    assert "ignition" not in str({**live.properties, "Bucket": "", "Key": ""})
    answer = world.clients.s3.get_object(Bucket="prod-ignition", Key="bootstrap.ign")
    assert answer["Body"].read() == file.read_bytes()
    assert answer["ServerSideEncryption"] == "AES256"


def test_new_content_keeps_the_tags_that_were_put_meanwhile(world: World, file: Path) -> None:
    live = made(world, file)
    OBJECT.tag(world.clients, live.id, {"costCentre": "4711"}, [])
    file.write_text("{}")
    wanted = OBJECT.normalise({**live.properties, "Source": str(file)})
    OBJECT.update(world.clients, live, wanted, ["Sha512"])
    changed = world.find(OBJECT.type, live.id)
    assert changed is not None
    assert changed.tags["costCentre"] == "4711"
    assert changed.tags[PLAN] == OWNER.plan
    assert changed.properties["Sha512"] == wanted["Sha512"] != live.properties["Sha512"]


def test_a_missing_file_is_named_when_it_is_sent_and_changes_nothing_before(world: World, tmp_path: Path) -> None:
    wanted = {"Bucket": bucket(world), "Key": "bootstrap.ign", "Source": str(tmp_path / "gone.ign")}
    assert OBJECT.normalise(wanted) == wanted
    with pytest.raises(ValueError, match=r"gone\.ign can't be read: No such file or directory"):
        world.make(OBJECT.type, **wanted)


def test_an_object_goes_with_its_versions_and_leaves_its_neighbours(world: World, file: Path) -> None:
    live = made(world, file)
    s3 = world.clients.s3
    s3.put_bucket_versioning(Bucket="prod-ignition", VersioningConfiguration={"Status": "Enabled"})
    for key in ("bootstrap.ign", "bootstrap.ign.old"):
        s3.put_object(Bucket="prod-ignition", Key=key, Body=b"")
    s3.delete_object(Bucket="prod-ignition", Key="bootstrap.ign")
    OBJECT.delete(world.clients, live)
    left = s3.list_object_versions(Bucket="prod-ignition")
    assert [version["Key"] for version in left["Versions"]] == ["bootstrap.ign.old"]
    assert "DeleteMarkers" not in left


def test_other_files_in_our_bucket_are_not_looked_at(world: World, file: Path) -> None:
    live = made(world, file)
    for key in ("report.txt", "logs/one.ign"):
        world.clients.s3.put_object(Bucket="prod-ignition", Key=key, Body=b"")
    assert [each.id for each in world.lives(OBJECT.type)] == [live.id]


def test_a_statement_is_remembered_by_an_id_of_any_length() -> None:
    kind = KINDS["AWS::S3::BucketPolicy"]
    assert kind.member("Statement", {"Sid": "TlsOnly"}) == "statement TlsOnly"
    long = kind.member("Statement", {"Sid": "x" * 300})
    assert long == remembered_as(f"statement {'x' * 300}")
    assert len(long) <= 256


def test_a_statement_without_an_id_is_remembered_by_what_it_does_and_under_which_condition() -> None:
    """Not by the resource, which may be known only when the bucket is made."""
    kind = KINDS["AWS::S3::BucketPolicy"]
    deny: dict[str, Any] = {"Effect": "Deny", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    said = kind.member("PolicyDocument", deny)
    assert said is not None
    assert said == kind.member("PolicyDocument", {**deny, "Resource": "x", "Principal": "*"})
    others: list[dict[str, Any]] = [
        {**deny, "Effect": "Allow"},
        {**deny, "Action": "s3:Get*"},
        {**deny, "Condition": {"Bool": {"aws:Other": "false"}}},
        {"Effect": "Deny", "NotAction": "s3:*"},
        {"Effect": "Deny", "Action": "s3:*"},
    ]
    assert len({said, *(kind.member("PolicyDocument", each) for each in others)}) == len(others) + 1
    assert decode_ledger(CHILDREN, encode_ledger(CHILDREN, [said])) == {said}
    # Earlier versions knew no difference.
    assert kind.former_member("PolicyDocument", deny) == "statement"
    assert kind.former_member("PolicyDocument", {"Sid": "TlsOnly"}) is None
