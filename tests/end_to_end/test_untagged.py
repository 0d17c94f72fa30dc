"""What is ours and has no tag: a file that somebody put over ours, and what a killed run had no time to tag."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.exchange import Request
from tests.end_to_end.test_partitions import UNTAGGED
from tests.end_to_end.world import CRASH
from tests.support.forking import Points
from tests.support.in_process import Bastion, Moment
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import snapshot

FILE: Final = "bootstrap.ign"
NAME: Final = "bucket-of-tests"
BUCKET: Final = """\
name: storing
region: eu-west-1
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: bucket-of-tests}}
"""
GENERATED: Final = BUCKET.replace(", Properties: {BucketName: bucket-of-tests}", "")
OBJECT: Final = f"""\
{BUCKET}Metadata:
  Ocpprov:
    Resources:
      Ignition:
        Type: Ocpprov::S3::Object
        Properties: {{Bucket: !Ref Bucket, Key: {FILE}, Source: SOURCE}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A bucket with an ignition file in it."""
    (tmp_path / FILE).write_text('{"ignition": {"version": "3.2.0"}}')
    return written(tmp_path, OBJECT.replace("SOURCE", str(tmp_path / FILE)))


def written(folder: Path, text: str) -> Path:
    file = folder / "plan.yaml"
    file.write_text(text)
    return file


def tags(bastion: Bastion, bucket: str = NAME, key: str = FILE) -> dict[str, str]:
    rows = bastion.client("s3").get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
    return {row["Key"]: row["Value"] for row in rows}


def buckets(bastion: Bastion) -> list[str]:
    return [row["Name"] for row in bastion.client("s3").list_buckets()["Buckets"]]


@pytest.mark.parametrize("same_content", [True, False])
def test_a_file_put_by_hand_over_ours_is_drift_and_mended(bastion: Bastion, plan: Path, same_content: bool) -> None:
    assert bastion.apply(plan).code == 0
    s3, ours = bastion.client("s3"), tags(bastion)
    content = (plan.parent / FILE).read_bytes()
    s3.put_object(Bucket=NAME, Key=FILE, Body=content if same_content else b"{}")
    shown = bastion.plan(plan)
    assert (shown.code, "update  Ignition" in shown.said) == (2, True), shown.said
    assert ("ETag: " in shown.said) is not same_content
    applied = bastion.apply(plan)
    assert applied.code == 0, applied.said
    assert tags(bastion) == ours
    assert s3.get_object(Bucket=NAME, Key=FILE)["Body"].read() == content
    assert bastion.plan(plan).code == 0
    s3.put_object(Bucket=NAME, Key=FILE, Body=b"{}")
    assert bastion.destroy(plan).code == 0
    assert buckets(bastion) == []


def test_tags_of_others_on_such_a_file_stay(bastion: Bastion, plan: Path) -> None:
    assert bastion.apply(plan).code == 0
    bastion.client("s3").put_object(Bucket=NAME, Key=FILE, Body=b"{}", Tagging="owner=team-a")
    assert bastion.apply(plan).code == 0
    assert (
        tags(bastion).items() >= {"owner": "team-a", "ocpprov:plan": "storing", "ocpprov:resource": "Ignition"}.items()
    )


def test_a_file_put_by_hand_goes_with_a_destroy_without_the_plan(bastion: Bastion, plan: Path) -> None:
    assert bastion.apply(plan).code == 0
    bastion.client("s3").put_object(Bucket=NAME, Key=FILE, Body=b"{}")
    assert bastion.destroy(None, name="storing", region="eu-west-1").code == 0  # type: ignore[arg-type]
    assert buckets(bastion) == []


def test_a_file_of_another_plan_under_our_key_stays_in_the_way(bastion: Bastion, plan: Path) -> None:
    assert bastion.apply(plan).code == 0
    theirs = "ocpprov%3Aplan=another&ocpprov%3Aresource=Ignition"
    bastion.client("s3").put_object(Bucket=NAME, Key=FILE, Body=b"{}", Tagging=theirs)
    refused = bastion.apply(plan)
    assert (refused.code, refused.sent) == (2, [])
    assert "is not of this plan" in refused.said


def test_a_file_that_the_plan_has_no_more_is_not_taken_from_whoever_puts_it_there(bastion: Bastion, plan: Path) -> None:
    assert bastion.apply(plan).code == 0
    written(plan.parent, BUCKET)
    assert bastion.apply(plan).code == 0
    bastion.client("s3").put_object(Bucket=NAME, Key=FILE, Body=b"{}")
    assert bastion.plan(plan).code == 0
    assert bastion.apply(plan).sent == []


def test_a_file_is_not_put_into_somebody_elses_bucket(bastion: Bastion, plan: Path) -> None:
    s3 = bastion.client("s3")
    s3.create_bucket(Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="theirs", Key=FILE, Body=b"theirs")
    ours = OBJECT.replace("SOURCE", str(plan.parent / FILE)).replace("!Ref Bucket", "theirs")
    applied = bastion.apply(written(plan.parent, ours))
    assert (applied.code, applied.sent) == (2, []), applied.said
    assert "Ignition: theirs is not of this plan" in applied.said
    ours = ours.replace("Bucket: theirs", f"Bucket: {NAME}")
    assert bastion.apply(written(plan.parent, ours)).code == 0
    assert bastion.plan(plan).code == 0
    assert s3.get_object(Bucket="theirs", Key=FILE)["Body"].read() == b"theirs"


Then = Callable[[Bastion, Path], None]


def applies(bastion: Bastion, plan: Path) -> None:
    shown = bastion.plan(plan)
    assert shown.code == 2
    assert "adopt   Bucket" in shown.said, shown.said
    applied = bastion.apply(plan)
    assert applied.code == 0, applied.said
    assert "CreateBucket" not in applied.sent
    [name] = buckets(bastion)
    rows = bastion.client("s3").get_bucket_tagging(Bucket=name)["TagSet"]
    assert {"Key": "ocpprov:resource", "Value": "Bucket"} in rows
    assert bastion.plan(plan).code == 0
    # From here on it is as any other: without its tags nobody knows it.
    bastion.client("s3").delete_bucket_tagging(Bucket=name)
    assert bastion.plan(plan).code == 2
    assert "is not of this plan" in bastion.apply(plan).said


def destroys(bastion: Bastion, plan: Path) -> None:
    destroyed = bastion.destroy(plan)
    assert destroyed.code == 0, destroyed.said
    assert buckets(bastion) == []


def destroys_without_the_plan(bastion: Bastion, plan: Path) -> None:
    destroyed = bastion.destroy(None, name="storing", region="eu-west-1")  # type: ignore[arg-type]
    assert destroyed.code == 0, destroyed.said
    assert buckets(bastion) == []


def leaves_it_without_the_journal(bastion: Bastion, plan: Path) -> None:
    shutil.rmtree(bastion.home / ".ocpprov")
    [name] = buckets(bastion)
    refused = bastion.apply(plan)
    assert (refused.code, refused.sent) == (2, [])
    assert f"AWS::S3::Bucket {name} has the same" in refused.said
    # Nothing of the plan is there, as far as anybody knows.
    assert bastion.destroy(plan).code == 1
    assert buckets(bastion) == [name]


def leaves_one_that_was_made_later(bastion: Bastion, plan: Path) -> None:
    s3, [name] = bastion.client("s3"), buckets(bastion)
    s3.delete_bucket(Bucket=name)
    bastion.clock.sleep(120)
    assert bastion.destroy(plan).code == 0
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert bastion.destroy(plan).sent == []
    assert bastion.apply(plan).code == 2
    assert buckets(bastion) == [name]


def leaves_one_with_tags(bastion: Bastion, plan: Path) -> None:
    [name] = buckets(bastion)
    rows = [{"Key": "owner", "Value": "team-a"}]
    bastion.client("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": rows})
    assert bastion.apply(plan).sent == []
    assert bastion.destroy(plan).sent == []


NEXT: Final[dict[str, Then]] = {
    "apply": applies,
    "destroy": destroys,
    "destroy without the plan": destroys_without_the_plan,
    "no journal": leaves_it_without_the_journal,
    "others' tags": leaves_one_with_tags,
    "made later": leaves_one_that_was_made_later,
}


@pytest.mark.parametrize(
    ("text", "old_journal"),
    [
        pytest.param(BUCKET, False, id="given name"),
        pytest.param(GENERATED, True, id="generated name, journal without keys"),
        pytest.param(BUCKET, True, id="given name, journal without keys", marks=pytest.mark.torture),
        pytest.param(GENERATED, False, id="generated name", marks=pytest.mark.torture),
    ],
)
def test_a_bucket_that_a_killed_run_had_no_time_to_tag_is_known_by_the_journal(
    bastion: Bastion, tmp_path: Path, text: str, old_journal: bool, record_property: Callable[[str, object], None]
) -> None:
    file, points = written(tmp_path, text), Points()

    def next_runs(then: Then, home: Path) -> None:
        home.mkdir()
        shutil.copytree(bastion.home / ".ocpprov", home / ".ocpprov")
        bastion.moved_to(home)
        [name] = buckets(bastion)
        bastion.client("s3").delete_bucket_tagging(Bucket=name)
        if old_journal:
            without_keys(home / ".ocpprov" / "storing" / "journal.jsonl")
        then(bastion, file)

    def at_call(number: int, moment: Moment, request: Request) -> None:
        made = (request.operation, moment) == ("CreateBucket", Moment.AFTER)
        if made or (request.operation, moment) == ("PutBucketTagging", Moment.BEFORE):
            for name, then in NEXT.items() if made else (("apply", applies),):
                if not (old_journal and text == BUCKET and then is destroys_without_the_plan):
                    home = tmp_path / f"{request.operation} {name}"
                    points.try_in_a_copy(f"{request.operation}, {name}", partial(next_runs, then, home))

    bastion.watch = at_call
    assert bastion.apply(file).code == 0
    bastion.watch = None
    points.judge(record_property)
    assert points.tried >= len(NEXT)


def without_keys(journal: Path) -> None:
    """As versions wrote it that had no keys in it."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in journal.read_text().splitlines()]
    lines = [json.dumps({name: value for name, value in row.items() if name not in ("key", "where")}) for row in rows]
    journal.write_text("".join(f"{line}\n" for line in lines))


TAGGING: Final = ("AddTags", "CreateTags", "TagInstanceProfile", "TagPolicy", "TagRole")


@pytest.mark.parametrize(
    "name",
    ["small-access", *(pytest.param(name, marks=pytest.mark.torture) for name in ("small-balancer", "small-network"))],
)
def test_whatever_a_killed_run_had_no_time_to_tag_is_gone_on_with_in_partitions_where_tags_follow(
    one_bastion: Bastion, tmp_path: Path, name: str, record_property: Callable[[str, object], None]
) -> None:
    bastion, points = one_bastion, Points()
    bastion.moved_in(tmp_path, "us-iso-east-1")
    bastion.pipeline.set_conditions(Conditions(untagged=UNTAGGED))
    file = written(tmp_path, (CRASH / f"{name}.yaml").read_text().replace("eu-west-1", "us-iso-east-1"))
    empty = likeness(snapshot(bastion.client))

    def next_runs(commands: Sequence[str], home: Path) -> None:
        home.mkdir()
        shutil.copytree(bastion.home / ".ocpprov", home / ".ocpprov")
        bastion.moved_to(home)
        for command in commands:
            ended = getattr(bastion, command)(file)
            assert ended.code == 0, ended.said
        assert unlike(likeness(snapshot(bastion.client)), empty) == []

    def at_call(number: int, moment: Moment, request: Request) -> None:
        if request.operation in TAGGING and moment is Moment.BEFORE:
            for commands in (("apply", "plan", "destroy"), ("destroy",)):
                place = f"{number} {request.operation} {len(commands)}"
                points.try_in_a_copy(place, partial(next_runs, commands, tmp_path / place))

    bastion.watch = at_call
    applied = bastion.apply(file)
    assert applied.code == 0, applied.said
    points.judge(record_property)
    assert points.tried > 0
