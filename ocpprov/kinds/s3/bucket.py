"""AWS::S3::Bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.aws.partitions import partition_of
from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.ownership import is_generated_name, remembered_as
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.ec2.common import TAGS
from ocpprov.kinds.reads import Found, Pages, Read, read, read_if_allowed
from ocpprov.kinds.s3.common import (
    BUCKET,
    BUCKET_NAME_IN_WORDS,
    BUCKET_NAME_PATTERN,
    buckets_to_look_into,
    buckets_worth_a_look,
    edited,
    tag_list,
    tags_in,
)
from ocpprov.kinds.s3.settings import SETTINGS

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

# The region whose buckets have no location constraint (CreateBucket).
_NO_CONSTRAINT: Final = "us-east-1"
_PUTTING: Final = tuple(f"s3:Put{setting.action}" for setting in SETTINGS)


class Bucket(Kind):
    """A bucket. One that holds anything which isn't the plan's is not deleted: AWS refuses, and that is said.

    Listing gives no tags, so those of a bucket are asked for only where its name may be ours: one call for each such
    bucket in the region, none for the others, and its settings only where the tags are ours, or the journal has it.
    Somebody else's bucket may forbid even the one. Of the settings those are read that the plan gives: the others it
    leaves as they are.
    """

    type = BUCKET
    tells = ("BucketName",)
    service = "s3"
    properties = (
        Property(
            "BucketName",
            "string",
            create_only=True,
            pattern=BUCKET_NAME_PATTERN,
            documentation=(
                f"A name that nobody else in the partition has: {BUCKET_NAME_IN_WORDS}. Generated when not given."
            ),
        ),
        *(setting.row for setting in SETTINGS),
        TAGS,
    )
    attributes = ("Arn", "DomainName", "RegionalDomainName")
    permissions = Permissions(
        read=("s3:ListAllMyBuckets", "s3:GetBucketTagging", *(f"s3:Get{setting.action}" for setting in SETTINGS)),
        create=("s3:CreateBucket", "s3:TagResource", "s3:PutBucketTagging", *_PUTTING),
        update=("s3:PutBucketTagging", *_PUTTING),
        delete=("s3:ListBucketVersions", "s3:DeleteBucket"),
    )
    bound_by = ("BucketName",)
    name_property = "BucketName"
    name_limit = 63
    protected = True
    # CreateBucket takes tags, but not in every partition: they are put once more, and until then the name tells.
    tags_at_create = False
    tags_may_follow = True
    # S3 knows at once what is in a bucket, so what isn't ours won't go by waiting.
    delete_deadline = 60

    def reads(self, found: Found) -> Sequence[Read]:
        return [
            read("s3", "list_buckets", BucketRegion=found.owner.region),
            *(self._tags_read(name, found) for name in buckets_worth_a_look(found)),
            *(
                read("s3", setting.reading, Bucket=name)
                for name in buckets_to_look_into(found)
                for setting in SETTINGS
                if found.compares(self.type, setting.row.name)
            ),
        ]

    def _tags_read(self, name: str, found: Found) -> Read:
        """A bucket with one of the plan's own names has to be looked at: closed, it would count as somebody else's."""
        is_ours_by_name = name in (found.names or ()) or is_generated_name(self, found.owner, found.logical_ids, name)
        return (read if is_ours_by_name else read_if_allowed)("s3", "get_bucket_tagging", Bucket=name)

    def by_id(self, id: str) -> Read | None:
        return read("s3", "get_bucket_versioning", Bucket=id)

    def parse(self, pages: Pages) -> Sequence[Live]:
        tags = {
            made.arguments()["Bucket"]: tags_in(page["TagSet"])
            for made, page in pages.documents("s3", "get_bucket_tagging")
        }
        configured: dict[str, dict[str, Value]] = {}
        for setting in SETTINGS:
            for made, page in pages.documents("s3", setting.reading):
                value = setting.parse(page)
                if value:
                    configured.setdefault(made.arguments()["Bucket"], {})[setting.row.name] = value
        lives: dict[str, Live] = {}
        for made, item in pages.with_read("s3", "list_buckets", "Buckets"):
            name, region = item["Name"], str(made.arguments()["BucketRegion"])
            lives[name] = Live(
                type=BUCKET,
                id=name,
                properties={"BucketName": name, **configured.get(name, {})},
                attributes=_attributes(name, region),
                tags=tags.get(name, {}),
            )
        return list(lives.values())

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        name, region = request.properties["BucketName"], request.owner.region
        configuration: dict[str, Any] = {"Tags": tag_list(request.tags)} if request.tags else {}
        if region != _NO_CONSTRAINT:
            configuration["LocationConstraint"] = region
        given: dict[str, Any] = {"CreateBucketConfiguration": configuration} if configuration else {}
        clients.s3.create_bucket(Bucket=name, **given)
        return Created(name, _attributes(name, region))

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        for setting in SETTINGS:
            if setting.row.name in changed:
                setting.put(clients, live.id, desired[setting.row.name])

    def delete(self, clients: Clients, live: Live) -> None:
        clients.s3.delete_bucket(Bucket=live.id)

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        """S3 takes a set as a whole, so the present one is asked for first."""
        try:
            present: Any = clients.s3.get_bucket_tagging(Bucket=live_id)["TagSet"]
        except clients.s3.exceptions.ClientError as error:
            # Without tags there is no set. Without a bucket the next call says so.
            if not clients.says_missing(error):
                raise
            present = ()
        clients.s3.put_bucket_tagging(Bucket=live_id, Tagging={"TagSet": edited(present, set_tags, remove)})

    def generated(self, name: str) -> str:
        return name.lower()

    def member(self, name: str, item: Value) -> str | None:
        """Of a rule about when objects go: its name."""
        id = item.get("Id") if isinstance(item, Mapping) else None
        return remembered_as(f"rule {id}") if isinstance(id, str) else None

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        name = properties.get("BucketName")
        return [("bucket", name)] if isinstance(name, str) else []


def _attributes(name: str, region: str) -> dict[str, Value]:
    partition = partition_of(region)
    return {
        "Arn": f"arn:{partition.id}:s3:::{name}",
        "DomainName": f"{name}.s3.{partition.dns_suffix}",
        "RegionalDomainName": f"{name}.s3.{region}.{partition.dns_suffix}",
    }
