"""Who of other people holds a role, a policy or a bucket, where AWS refuses to delete it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.engine.resources import Live
from ocpprov.kinds.reads import Pages, read_if_allowed
from ocpprov.reconcile.blocker import Blocker
from ocpprov.reconcile.context import Context

_SHOWN: Final = 5
"""How many objects of a bucket are named; there may be millions."""


def in_use_by(live: Live, context: Context) -> Iterator[Blocker]:
    """Each in words; nothing where there is none, or where nobody may ask. Raises AwsError."""
    match live.type:
        case "AWS::IAM::Role":
            yield from _profiles(live, context)
        case "AWS::IAM::ManagedPolicy":
            yield from _entities(live, context)
        case "AWS::S3::Bucket":
            yield from _objects(live, context)


def _profiles(role: Live, context: Context) -> Iterator[Blocker]:
    """What we took the role out of may be listed a while longer, and is no stranger's."""
    ours = {live.id for live in context.live_state.ours_ever("AWS::IAM::InstanceProfile")}
    wanted = read_if_allowed("iam", "list_instance_profiles_for_role", RoleName=role.id)
    pages = Pages(context.reader.read([wanted]))
    for item in pages.items("iam", "list_instance_profiles_for_role", "InstanceProfiles"):
        if item["Arn"] not in ours:
            yield Blocker(f"instance profile {item['InstanceProfileName']}, which has the role,")


def _entities(policy: Live, context: Context) -> Iterator[Blocker]:
    ours = {live.id for live in context.live_state.ours_ever("AWS::IAM::Role")}
    pages = Pages(context.reader.read([read_if_allowed("iam", "list_entities_for_policy", PolicyArn=policy.id)]))
    for what, member in (("role", "PolicyRoles"), ("user", "PolicyUsers"), ("group", "PolicyGroups")):
        for item in pages.items("iam", "list_entities_for_policy", member):
            name = item[f"{what.capitalize()}Name"]
            if what != "role" or name not in ours:
                yield Blocker(f"{what} {name}, which has the policy,")


def _objects(bucket: Live, context: Context) -> Iterator[Blocker]:
    """The first few; old versions count as much as present ones."""
    wanted = read_if_allowed(
        "s3", "list_object_versions", Bucket=bucket.id, PaginationConfig={"MaxItems": _SHOWN, "PageSize": _SHOWN}
    )
    pages = Pages(context.reader.read([wanted]))
    keys = [
        item["Key"] for member in ("Versions", "DeleteMarkers") for item in pages.items("s3", wanted.operation, member)
    ]
    yield from (Blocker(f"object {key}") for key in dict.fromkeys(keys))
