"""The bucket and what is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.end_to_end.breaking.cases import Breakage, Make, call
from tests.end_to_end.breaking.requirements import row_of
from tests.end_to_end.breaking.site import Site, Thing


def breakages(site: Site) -> Iterator[Breakage]:
    """Of the bucket, its policy and each object."""
    for thing in site.of("AWS::S3::Bucket"):
        yield from _of_bucket(thing)
    for thing in site.of("AWS::S3::BucketPolicy"):
        yield from _of_policy(site, thing)
    for thing in site.of("Ocpprov::S3::Object"):
        yield from _of_object(thing)


def _of_bucket(thing: Thing) -> Iterator[Breakage]:
    named, row, bucket = (thing.logical_id, thing.id), row_of(thing.logical_id), {"Bucket": thing.id}
    yield Breakage("no block of public access", row, named, call("s3", "delete_public_access_block", **bucket))
    switches = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    for off in switches:
        blocks = {switch: switch != off for switch in switches}
        put = call("s3", "put_public_access_block", **bucket, PublicAccessBlockConfiguration=blocks)
        yield Breakage(f"{off} off", row, named, put)
    yield Breakage("no encryption", row, named, call("s3", "delete_bucket_encryption", **bucket))
    lost = call("s3", "delete_bucket_tagging", **bucket)
    yield Breakage("the bucket without its tags", row, named, lost)
    yield Breakage("delete the bucket", row, named, _deleted(thing.id))


def _deleted(bucket: str) -> Make:
    """With all that is in it, as S3 wants it."""

    def deleted(site: Site) -> None:
        s3 = site.client("s3")
        for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
            s3.delete_object(Bucket=bucket, Key=each["Key"])
        s3.delete_bucket(Bucket=bucket)

    return deleted


def _of_policy(site: Site, thing: Thing) -> Iterator[Breakage]:
    named, row, bucket = (thing.logical_id, thing.id), row_of(thing.logical_id), {"Bucket": thing.id}
    yield Breakage("no bucket policy", row, named, call("s3", "delete_bucket_policy", **bucket))
    document = json.loads(site.client("s3").get_bucket_policy(Bucket=thing.id)["Policy"])
    [statement, *rest] = document["Statement"]
    others: dict[str, Any] = {
        "for one action": {**statement, "Action": "s3:PutObject"},
        "under another condition": {**statement, "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        "for another resource": {**statement, "Resource": f"arn:aws:s3:::{thing.id}/theirs"},
    }
    for what, other in others.items():
        changed = json.dumps({**document, "Statement": [other, *rest]})
        put = call("s3", "put_bucket_policy", **bucket, Policy=changed)
        yield Breakage(f"the bucket's policy {what}", row, named, put)
    objects = f"arn:aws:s3:::{thing.id}/*"
    everything = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": objects}
    denied = json.dumps({**document, "Statement": [*document["Statement"], everything]})
    put = call("s3", "put_bucket_policy", **bucket, Policy=denied)
    yield Breakage("a denial of theirs in the bucket's policy", row, named, put)


def _of_object(thing: Thing) -> Iterator[Breakage]:
    bucket, _, key = thing.id.removeprefix("s3://").partition("/")
    named, row, which = (thing.logical_id, thing.id), row_of(thing.logical_id), {"Bucket": bucket, "Key": key}
    yield Breakage("delete bootstrap.ign", row, named, call("s3", "delete_object", **which))
    yield Breakage("another bootstrap.ign", row, named, call("s3", "put_object", **which, Body=b"{}"))
    no_tags = call("s3", "delete_object_tagging", **which)
    yield Breakage("bootstrap.ign without its tags", row, named, no_tags)
