"""Ocpprov::S3::Object: an ignition file in a bucket, which CloudFormation has no type for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from ocpprov.engine.bound import strings
from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.ownership import RESOURCE, claimed_by, identity_tags
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.reads import Found, Pages, Read, read
from ocpprov.kinds.s3.common import BUCKET, buckets_to_look_into, edited, tags_in
from ocpprov.runs.input_files import read_file

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_DIGEST: Final = "ocpprov:sha512"
"""The tag that holds the digest of the content, in hexadecimal. Metadata would do, but asking for it is reading the
object (HeadObject needs s3:GetObject), which a bucket that is open to its endpoint only forbids everybody else."""
_SUFFIX: Final = ".ign"
_MOST_BYTES: Final = 5 * 1024**3
"""What S3 takes in one piece (user guide, "Uploading objects")."""


class S3Object(Kind):
    """The content of a local ignition file. It may hold secrets: it is read when it is sent, and never kept, shown or
    logged. What is compared is its SHA-512, which stands in a tag, and S3's own ETag, which tells of somebody who put
    another content there and left the tag.

    Only objects `*.ign` at the top of our buckets are looked at, one call for each: whatever else lies there is
    somebody else's. One that was put by hand under the plan's key, and so has none of our tags, is the plan's.
    """

    type = "Ocpprov::S3::Object"
    tells = ("Key",)
    service = "s3"
    properties = (
        Property("Bucket", "string", required=True, create_only=True, documentation="The bucket's name."),
        Property(
            "Key",
            "string",
            required=True,
            create_only=True,
            pattern=r"[^/]+\.ign",
            documentation="The object's name in the bucket.",
        ),
        Property("Source", "string", required=True, compared=False, documentation="Path of the local file."),
        Property("Sha512", "string", documentation="Digest of the content; worked out from the file."),
        Property("ETag", "string", documentation="S3's tag of the content; worked out from the file."),
    )
    attributes = ("Location", "Sha512")
    permissions = Permissions(
        read=("s3:ListBucket", "s3:GetObjectTagging"),
        create=("s3:PutObject", "s3:PutObjectTagging"),
        update=("s3:PutObject", "s3:PutObjectTagging"),
        delete=("s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion"),
    )
    bound_by = ("Bucket", "Key")
    tags_property = ""
    lies_in = "Bucket"
    # S3 takes ten on an object, and one is the digest's.
    tag_limit = 9

    def reads(self, found: Found) -> Sequence[Read]:
        objects = [(live.properties["Bucket"], live.properties["Key"]) for live in found.lives.get(self.type, ())]
        return [
            *(read("s3", "list_objects_v2", Bucket=name, Delimiter="/") for name in buckets_to_look_into(found)),
            *(read("s3", "get_object_tagging", Bucket=bucket, Key=key) for bucket, key in objects),
        ]

    def by_id(self, id: str) -> Read | None:
        bucket, _, key = id.partition("/")
        return read("s3", "get_object_tagging", Bucket=bucket, Key=key)

    def parse(self, pages: Pages) -> Sequence[Live]:
        tags = {_place(made): tags_in(page["TagSet"]) for made, page in pages.documents("s3", "get_object_tagging")}
        lives: dict[str, Live] = {}
        for made, item in pages.with_read("s3", "list_objects_v2", "Contents"):
            if item["Key"].endswith(_SUFFIX):
                place = (made.arguments()["Bucket"], item["Key"])
                live = _live(*place, item.get("ETag"), tags.get(place, {}))
                lives[live.id] = live
        return list(lives.values())

    def claim(self, live: Live, found: Found) -> Mapping[str, str]:
        """Whoever puts an object takes the tags of the one before away: in a bucket that is ours by its tags the key
        tells, if the plan has it or the journal, that it was made."""
        key = str(live.properties["Key"])
        for bucket in found.lives.get(BUCKET, ()):
            if bucket.id == live.properties["Bucket"] and claimed_by(bucket, found.owner):
                names = (bucket.id, identity_tags(bucket).get(RESOURCE, ""))
                if live.id in found.made or any((name, key) in found.planned for name in names):
                    return found.owner_tags()
        return {}

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        """Putting one that is there overwrites it, so sending it again changes nothing. Raises ValueError when the file
        can't be read."""
        wanted = request.properties
        digest = _put(clients, wanted, request.tags)
        return Created(_id(wanted), _attributes(wanted["Bucket"], wanted["Key"], digest))

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        """The content again, with the tags that it has. Raises ValueError when the file can't be read."""
        tags = clients.s3.get_object_tagging(Bucket=desired["Bucket"], Key=desired["Key"])["TagSet"]
        _put(clients, desired, tags_in(tags))

    def delete(self, clients: Clients, live: Live) -> None:
        """With all its versions, where the bucket keeps them: they would keep the bucket."""
        names: Mapping[str, Any] = live.properties
        for version in _versions(clients, names["Bucket"], names["Key"]):
            clients.s3.delete_object(Bucket=names["Bucket"], Key=names["Key"], VersionId=version)

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        """S3 takes a set as a whole, so the present one is asked for first."""
        bucket, _, key = live_id.partition("/")
        present = clients.s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
        clients.s3.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": edited(present, set_tags, remove)})

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        """With the digest of the file as it is now. Without where it can't be read: what is there stays, and sending it
        will say what is wrong."""
        source = properties.get("Source")
        if not isinstance(source, str):
            return properties
        try:
            content = _content(source)
        except ValueError:
            return properties
        return {**properties, "Sha512": _digest(content), "ETag": _etag(content)}

    def bound_parts(self, properties: Mapping[str, Value]) -> Sequence[str] | None:
        place = strings(properties, ("Bucket", "Key"))
        return None if place is None or len(place) < 2 else ["/".join(place)]

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        bucket, key = properties.get("Bucket"), properties.get("Key")
        return [("object", bucket, key)] if isinstance(bucket, str) and isinstance(key, str) else []

    def references(self, live: Live) -> Sequence[str]:
        return [str(live.properties["Bucket"])]


def _place(made: Read) -> tuple[str, str]:
    arguments = made.arguments()
    return arguments["Bucket"], arguments["Key"]


def _content(source: str) -> bytes:
    """The file's content. Raises ValueError, which names the file, when it can't be read."""
    try:
        return read_file(Path(source), _MOST_BYTES)
    except OSError as error:
        raise ValueError(f"{source} can't be read: {error.strerror}") from error


def _digest(content: bytes) -> str:
    return hashlib.sha512(content).hexdigest()


def _etag(content: bytes) -> str:
    """As S3 has it of an object that it encrypts with keys of its own and that came in one piece (API reference,
    Object): the MD5 of the content."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _put(clients: Clients, wanted: Mapping[str, Any], tags: Mapping[str, str]) -> str:
    """Send the file; its digest."""
    content = _content(wanted["Source"])
    digest = _digest(content)
    clients.s3.put_object(
        Bucket=wanted["Bucket"],
        Key=wanted["Key"],
        Body=content,
        ContentType="application/json",
        ServerSideEncryption="AES256",
        Tagging=urlencode({**tags, _DIGEST: digest}),
    )
    return digest


def _versions(clients: Clients, bucket: str, key: str) -> Iterator[str]:
    """Ids of all versions of an object, markers of deletions included; `null` in a bucket that keeps none."""
    for page in clients.s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            if item["Key"] == key:
                yield item["VersionId"]


def _id(properties: Mapping[str, Any]) -> str:
    return f"{properties['Bucket']}/{properties['Key']}"


def _attributes(bucket: str, key: str, digest: str) -> dict[str, Value]:
    return {"Location": f"s3://{bucket}/{key}", "Sha512": digest}


def _live(bucket: str, key: str, etag: str | None, tags: Mapping[str, str]) -> Live:
    digest = tags.get(_DIGEST, "")
    properties = {"Bucket": bucket, "Key": key, "Sha512": digest, **({"ETag": etag.strip('"')} if etag else {})}
    return Live(
        type=S3Object.type,
        id=_id(properties),
        properties=properties,
        attributes=_attributes(bucket, key, digest),
        tags=tags,
    )
