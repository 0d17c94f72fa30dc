"""What the S3 types share: which buckets are looked into, and tags, which S3 only takes as a whole set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ocpprov.kinds.contract import Found

BUCKET: Final = "AWS::S3::Bucket"


def buckets_worth_details(found: Found) -> list[str]:
    """Names of the region's buckets, among those listed so far, that may be ours."""
    return [name for name in found.ids(BUCKET) if found.may_be_ours(name)]


def tag_list(tags: Mapping[str, str]) -> list[Any]:
    """Tags as S3 takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tags_in(tag_set: Any) -> dict[str, str]:
    """A tag set from an answer as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in tag_set}
