"""What the S3 types share: which buckets are looked into, and tags, which S3 only takes as a whole set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ocpprov.engine.ownership import claimed_by, lost_its_plan
from ocpprov.kinds.reads import Found

BUCKET: Final = "AWS::S3::Bucket"
BUCKET_NAME_PATTERN: Final = (
    r"(?!xn--|sthree-|amzn-s3-demo-|[0-9]+(\.[0-9]+){3}$)(?!.*(\.\.|-s3alias$|--ol-s3$|\.mrap$|--x-s3$|--table-s3$|-an$))"
    r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
)
"""As AWS takes it, without what it keeps for itself (S3 User Guide, General purpose bucket naming rules)."""
BUCKET_NAME_IN_WORDS: Final = (
    "3 to 63 lower-case letters, digits, dots and hyphens, no address, and no beginning or end that S3 keeps for itself"
)


def buckets_worth_a_look(found: Found) -> list[str]:
    """Names of the region's buckets, among those listed so far, that may be ours: whose tags are asked for."""
    return [name for name in found.ids(BUCKET) if found.may_be_ours(name)]


def buckets_to_look_into(found: Found) -> list[str]:
    """Names of the buckets whose tags are ours, or that the journal has: what is in and on them is asked for, of the
    latter in the same round as their tags. What others have in theirs is no business of a run, and often forbidden."""
    lives = found.lives.get(BUCKET, ())
    return sorted(
        live.id for live in lives if claimed_by(live, found.owner) or lost_its_plan(live) or live.id in found.made
    )


def tag_list(tags: Mapping[str, str]) -> list[Any]:
    """Tags as S3 takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tags_in(tag_set: Any) -> dict[str, str]:
    """A tag set from an answer as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in tag_set}


def edited(present: Any, set_tags: Mapping[str, str], remove: Any) -> list[Any]:
    """The tag set `present` with some tags put and others removed."""
    kept = {key: value for key, value in tags_in(present).items() if key not in remove}
    return tag_list({**kept, **set_tags})
