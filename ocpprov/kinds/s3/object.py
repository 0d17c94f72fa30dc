"""Ocpprov::S3::Object: a file in a bucket, which CloudFormation has no type for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from ocpprov.engine.properties import Property
from ocpprov.engine.protocols import UniqueKey
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Created, CreateRequest, Found, Kind, Pages, Permissions, Read, read
from ocpprov.kinds.s3.common import buckets_worth_details, tag_list, tags_in

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_DIGEST: Final = "sha512"
"""Name of the object's own metadata that holds the digest of its content, in hexadecimal."""


class S3Object(Kind):
    """The content of a local file. It may hold secrets: it is read when it is sent, and never kept, shown or logged;
    what is compared is its SHA-512, which stands in the object's metadata.

    Only objects at the top of a bucket that may be ours are looked at: two calls for each.
    """

    type = "Ocpprov::S3::Object"
    service = "s3"
    properties = (
        Property("Bucket", "string", required=True, create_only=True, documentation="The bucket's name."),
        Property("Key", "string", required=True, create_only=True, documentation="The object's name in the bucket."),
        Property("Source", "string", required=True, compared=False, documentation="Path of the local file."),
        Property("Sha512", "string", documentation="Digest of the content; worked out from the file."),
    )
    attributes = ("Location", "Sha512")
    permissions = Permissions(
        read=("s3:ListBucket", "s3:GetObject", "s3:GetObjectTagging"),
        create=("s3:PutObject", "s3:PutObjectTagging"),
        update=("s3:PutObject", "s3:PutObjectTagging"),
        delete=("s3:DeleteObject",),
    )
    tags_property = ""
    # S3 takes no more on an object.
    tag_limit = 10

    def reads(self, found: Found) -> Sequence[Read]:
        objects = [(live.properties["Bucket"], live.properties["Key"]) for live in found.lives.get(self.type, ())]
        return [
            *(read("s3", "list_objects_v2", Bucket=name, Delimiter="/") for name in buckets_worth_details(found)),
            *(
                read("s3", operation, Bucket=bucket, Key=key)
                for bucket, key in objects
                for operation in ("head_object", "get_object_tagging")
            ),
        ]

    def parse(self, pages: Pages) -> Sequence[Live]:
        digests = {
            _place(made): page.get("Metadata", {}).get(_DIGEST, "")
            for made, page in pages.documents("s3", "head_object")
        }
        tags = {_place(made): tags_in(page["TagSet"]) for made, page in pages.documents("s3", "get_object_tagging")}
        lives: dict[str, Live] = {}
        for made, item in pages.with_read("s3", "list_objects_v2", "Contents"):
            place = (made.arguments()["Bucket"], item["Key"])
            live = _live(*place, digests.get(place, ""), tags.get(place, {}))
            lives[live.id] = live
        return list(lives.values())

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        """Putting one that is there overwrites it, so sending it again changes nothing. Raises OSError when the file
        can't be read."""
        wanted = request.properties
        digest = _put(clients, wanted, request.tags)
        return Created(_id(wanted), _attributes(wanted["Bucket"], wanted["Key"], digest))

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        """The content again, with the tags that it has. Raises OSError when the file can't be read."""
        _put(clients, desired, live.tags)

    def delete(self, clients: Clients, live: Live) -> None:
        names: Mapping[str, Any] = live.properties
        clients.s3.delete_object(Bucket=names["Bucket"], Key=names["Key"])

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        """S3 takes a set as a whole, so the present one is asked for first."""
        bucket, _, key = live_id.partition("/")
        present = tags_in(clients.s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"])
        kept = {name: value for name, value in present.items() if name not in remove}
        tagging: Any = {"TagSet": tag_list({**kept, **set_tags})}
        clients.s3.put_object_tagging(Bucket=bucket, Key=key, Tagging=tagging)

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        """With the digest of the file as it is now; without where it can't be read, which sending it will say."""
        source = properties.get("Source")
        if not isinstance(source, str):
            return properties
        try:
            content = Path(source).read_bytes()
        except OSError:
            return properties
        return {**properties, "Sha512": hashlib.sha512(content).hexdigest()}

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        bucket, key = properties.get("Bucket"), properties.get("Key")
        return [("object", bucket, key)] if isinstance(bucket, str) and isinstance(key, str) else []

    def references(self, live: Live) -> Sequence[str]:
        return [str(live.properties["Bucket"])]


def _place(made: Read) -> tuple[str, str]:
    arguments = made.arguments()
    return arguments["Bucket"], arguments["Key"]


def _put(clients: Clients, wanted: Mapping[str, Any], tags: Mapping[str, str]) -> str:
    """Send the file; its digest."""
    content = Path(wanted["Source"]).read_bytes()
    digest = hashlib.sha512(content).hexdigest()
    clients.s3.put_object(
        Bucket=wanted["Bucket"],
        Key=wanted["Key"],
        Body=content,
        ContentType="application/json",
        ServerSideEncryption="AES256",
        Metadata={_DIGEST: digest},
        Tagging=urlencode(tags),
    )
    return digest


def _id(properties: Mapping[str, Any]) -> str:
    return f"{properties['Bucket']}/{properties['Key']}"


def _attributes(bucket: str, key: str, digest: str) -> dict[str, Value]:
    return {"Location": f"s3://{bucket}/{key}", "Sha512": digest}


def _live(bucket: str, key: str, digest: str, tags: Mapping[str, str]) -> Live:
    properties = {"Bucket": bucket, "Key": key, "Sha512": digest}
    return Live(
        type=S3Object.type,
        id=_id(properties),
        properties=properties,
        attributes=_attributes(bucket, key, digest),
        tags=tags,
    )
