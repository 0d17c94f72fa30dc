"""What the IAM types share: how they are found, tagged and compared.

Names are the account's. A listing gives no tags, so those of a role, profile or policy are asked for only where its
name may be ours: one call for each such, none for the others (API reference of ListRoles and its companions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ocpprov.aws.partitions import partition_of
from ocpprov.engine.kind_facts import Property
from ocpprov.engine.ownership import claimed_by, lost_its_plan
from ocpprov.engine.resources import Owner
from ocpprov.engine.values import Value
from ocpprov.kinds.reads import Found, read

PATH: Final = Property(
    "Path",
    "string",
    create_only=True,
    default="/",
    pattern=r"/|/[!-~]+/",
    documentation="Where the name lies; begins and ends with a slash.",
)
MOST_ITEMS: Final = 1000
"""What a page of a listing of IAM may have; a hundred where nobody asks for more (API reference of ListRoles)."""
LIST_ROLES: Final = read("iam", "list_roles", MaxItems=MOST_ITEMS)
LIST_PROFILES: Final = read("iam", "list_instance_profiles", MaxItems=MOST_ITEMS)
LIST_POLICIES: Final = read("iam", "list_policies", MaxItems=MOST_ITEMS, Scope="Local")
PATIENCE: Final = 120.0
"""Seconds in which IAM has noticed everywhere that something was taken out of a role, a profile or a policy. What still
holds on to it then is somebody else's."""
NAME_PATTERN: Final = r"[A-Za-z0-9+=,.@_-]+"
ROLE_NAME_LIMIT: Final = 64
NAME_LIMIT: Final = 128
DESCRIPTION_LIMIT: Final = 1000
"""Of roles, of profiles and policies, of what is said of them (API reference of IAM)."""
ROLES: Final = Property(
    "Role", "string", pattern=NAME_PATTERN, longest=ROLE_NAME_LIMIT, documentation="The name of a role."
)
POLICY_ARN: Final = Property(
    "ManagedPolicyArn", "string", pattern=r"[\s\S]{20,}", longest=2048, documentation="The policy's ARN."
)


def names_worth_details(found: Found, type: str) -> list[str]:
    """Names of the resources of a type, among those listed so far, that may be ours."""
    return sorted({live.ref or live.id for live in found.lives.get(type, ()) if found.may_be_ours(name_in(live.id))})


def names_of_ours(found: Found, type: str) -> list[str]:
    """Names of the resources of a type whose parts are worth a look: those that may be ours, or, while nobody knows the
    plan's names, only those whose tags say so."""
    if found.names is not None:
        return names_worth_details(found, type)
    lives = found.lives.get(type, ())
    return sorted(live.id for live in lives if claimed_by(live, found.owner) or lost_its_plan(live))


def name_in(id: str) -> str:
    """The name in an ARN such as `arn:aws:iam::123456789012:policy/path/name`; a name itself otherwise."""
    return id.rpartition("/")[2]


def arn_of(owner: Owner, resource: str, properties: Mapping[str, Value], name: str) -> str:
    """The ARN that something of this name has; `resource` is the word for its type in ARNs, such as `role`."""
    return f"arn:{partition_of(owner.region).id}:iam::{owner.account}:{resource}{properties.get('Path') or '/'}{name}"


def tags_of(item: Mapping[str, Any]) -> dict[str, str]:
    """An answer's tags as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}


def tag_list(tags: Mapping[str, str]) -> list[Any]:
    """Tags as IAM takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def listed(value: Value) -> Sequence[Value]:
    """The items of a list; none for anything else."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
