"""AWS::S3::BucketPolicy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, ListRule, Property, UniqueKey
from ocpprov.engine.ownership import remembered_as
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value, to_json
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.policy_documents import document, document_text, with_documents
from ocpprov.kinds.reads import Found, Pages, Read, read
from ocpprov.kinds.s3.common import buckets_to_look_into

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients


_DIGITS: Final = 16
"""Of a statement's hash."""


class BucketPolicy(Kind):
    """Who may do what with a bucket. A bucket has one policy: statements that others added to that of one of ours stay.
    A statement is known by its Sid, one without by what it allows or denies, and under which sort of condition: what
    else it says may be known only when it is made."""

    type = "AWS::S3::BucketPolicy"
    noun = "bucket policy"
    service = "s3"
    properties = (
        Property("Bucket", "string", required=True, create_only=True, documentation="The bucket's name."),
        Property(
            "PolicyDocument",
            "json",
            required=True,
            list_rule=ListRule.CONTAINS,
            documentation="Who may do what. Statements that others add stay.",
        ),
    )
    permissions = Permissions(
        read=("s3:GetBucketPolicy",),
        create=("s3:PutBucketPolicy",),
        update=("s3:PutBucketPolicy",),
        delete=("s3:DeleteBucketPolicy",),
    )
    identity = Identity.LINK
    tags_property = ""
    tag_limit = 0
    parent_property = "Bucket"
    goes_with_parent = True

    def reads(self, found: Found) -> Sequence[Read]:
        return [read("s3", "get_bucket_policy", Bucket=name) for name in buckets_to_look_into(found)]

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [
            _live(made.arguments()["Bucket"], document(json.loads(page["Policy"])))
            for made, page in pages.documents("s3", "get_bucket_policy")
        ]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        """Putting one that is there overwrites it, so sending it again changes nothing."""
        _put(clients, request.properties)
        return Created(request.properties["Bucket"])

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        _put(clients, desired)

    def delete(self, clients: Clients, live: Live) -> None:
        clients.s3.delete_bucket_policy(Bucket=live.id)

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_documents(properties, "PolicyDocument")

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        bucket = properties.get("Bucket")
        return (bucket,) if isinstance(bucket, str) else None

    def member(self, name: str, item: Value) -> str | None:
        sid = item.get("Sid") if isinstance(item, Mapping) else None
        if isinstance(sid, str) and sid:
            return remembered_as(f"statement {sid}")
        return f"statement :{_digest(item)}" if isinstance(item, Mapping) else None

    def former_member(self, name: str, item: Value) -> str | None:
        return None if isinstance(item, Mapping) and item.get("Sid") else "statement"

    def references(self, live: Live) -> Sequence[str]:
        return [live.id]


def _digest(statement: Mapping[str, Value]) -> str:
    conditions = statement.get("Condition")
    keys = (
        {operator: sorted(each) if isinstance(each, Mapping) else [] for operator, each in conditions.items()}
        if isinstance(conditions, Mapping)
        else {}
    )
    said = {name: to_json(statement[name]) for name in ("Effect", "Action", "NotAction") if name in statement}
    return hashlib.sha256(json.dumps([said, keys], sort_keys=True).encode()).hexdigest()[:_DIGITS]


def _put(clients: Clients, properties: Mapping[str, Any]) -> None:
    clients.s3.put_bucket_policy(Bucket=properties["Bucket"], Policy=document_text(properties["PolicyDocument"]))


def _live(bucket: str, policy: Value) -> Live:
    return Live(type=BucketPolicy.type, id=bucket, properties={"Bucket": bucket, "PolicyDocument": policy})
