"""What the IAM types share: how they are found, tagged and compared.

Names are the account's. A listing gives no tags, so those of a role, profile or policy are asked for only where its
name may be ours: one call for each such, none for the others (API reference of ListRoles and its companions).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ocpprov.engine.properties import Property
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Found

PATH: Final = Property(
    "Path",
    "string",
    create_only=True,
    default="/",
    pattern=r"/|/[!-~]+/",
    documentation="Where the name lies; begins and ends with a slash.",
)
ROLES: Final = Property("Role", "string", documentation="The name of a role.")
NAME_PATTERN: Final = r"[A-Za-z0-9+=,.@_-]+"


def names_worth_details(found: Found, type: str) -> list[str]:
    """Names of the resources of a type, among those listed so far, that may be ours."""
    return sorted({live.ref or live.id for live in found.lives.get(type, ()) if found.may_be_ours(_name(live.id))})


def _name(id: str) -> str:
    """The name in an ARN such as `arn:aws:iam::123456789012:policy/path/name`; a name itself otherwise."""
    return id.rpartition("/")[2]


def tags_of(item: Mapping[str, Any]) -> dict[str, str]:
    """An answer's tags as a mapping."""
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}


def tag_list(tags: Mapping[str, str]) -> list[Any]:
    """Tags as IAM takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def document_text(value: Any) -> str:
    """A policy as the API takes it."""
    return value if isinstance(value, str) else json.dumps(value)


def document(value: Any) -> Value:
    """A policy from an answer or a plan, as a document."""
    read: Value = json.loads(value) if isinstance(value, str) else value
    return read


def with_documents(properties: Mapping[str, Value], *names: str) -> Mapping[str, Value]:
    """The properties with policies that were written as text read."""
    texts = {name: document(properties[name]) for name in names if isinstance(properties.get(name), str)}
    return {**properties, **texts}


def listed(value: Value) -> Sequence[Value]:
    """The items of a list; none for anything else."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
