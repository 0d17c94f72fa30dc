"""AWS::S3::Bucket."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.aws.partitions import partition_of
from ocpprov.engine.properties import Property
from ocpprov.engine.protocols import UniqueKey
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Created, CreateRequest, Found, Kind, Pages, Permissions, Read, read
from ocpprov.kinds.ec2.common import TAGS
from ocpprov.kinds.s3.common import BUCKET, buckets_worth_details, tag_list, tags_in

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

# The region whose buckets have no location constraint (CreateBucket).
_NO_CONSTRAINT: Final = "us-east-1"
_ENCRYPTION: Final = "ServerSideEncryptionConfiguration"
_BY_DEFAULT: Final = "ServerSideEncryptionByDefault"
_BLOCKS: Final = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")

_DETAILS: Final = {
    "BucketEncryption": "get_bucket_encryption",
    "PublicAccessBlockConfiguration": "get_public_access_block",
    "OwnershipControls": "get_bucket_ownership_controls",
    "VersioningConfiguration": "get_bucket_versioning",
}


def _members(*names: str, type: Any = "string") -> tuple[Property, ...]:
    return tuple(Property(name, type, documentation="As in the S3 API.") for name in names)


class Bucket(Kind):
    """A bucket. One that holds anything which isn't the plan's is not deleted: AWS refuses, and that is said.

    Listing gives no tags, so those of a bucket are asked for only where its name may be ours: five calls for each such
    bucket in the region, none for the others.
    """

    type = BUCKET
    service = "s3"
    properties = (
        Property(
            "BucketName",
            "string",
            create_only=True,
            pattern=r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
            documentation="A name that nobody else in the partition has; generated when not given.",
        ),
        Property(
            "PublicAccessBlockConfiguration",
            "object",
            after_create=True,
            properties=_members(*_BLOCKS, type="boolean"),
            documentation="What the public is kept from, whatever policies say. AWS's default blocks all.",
        ),
        Property(
            "BucketEncryption",
            "object",
            after_create=True,
            properties=(
                Property(
                    _ENCRYPTION,
                    "list",
                    required=True,
                    items=Property(
                        "Rule",
                        "object",
                        properties=(
                            Property(
                                _BY_DEFAULT,
                                "object",
                                properties=(
                                    Property("SSEAlgorithm", "string", required=True, documentation="The algorithm."),
                                    Property("KMSMasterKeyID", "string", documentation="The key."),
                                ),
                                documentation="How objects are encrypted that don't say it themselves.",
                            ),
                            Property("BucketKeyEnabled", "boolean", documentation="Fewer calls to the key service."),
                        ),
                    ),
                    documentation="One rule.",
                ),
            ),
            documentation="How objects are encrypted. AWS's default is AES256.",
        ),
        Property(
            "OwnershipControls",
            "object",
            after_create=True,
            properties=(
                Property(
                    "Rules",
                    "list",
                    required=True,
                    items=Property("Rule", "object", properties=_members("ObjectOwnership")),
                    documentation="One rule.",
                ),
            ),
            documentation="Whose objects are that others put there. AWS's default is the bucket's owner.",
        ),
        Property(
            "VersioningConfiguration",
            "object",
            after_create=True,
            properties=_members("Status"),
            documentation="Whether old versions are kept.",
        ),
        TAGS,
    )
    attributes = ("Arn", "DomainName", "RegionalDomainName")
    permissions = Permissions(
        read=(
            "s3:ListAllMyBuckets",
            "s3:GetBucketTagging",
            "s3:GetEncryptionConfiguration",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketOwnershipControls",
            "s3:GetBucketVersioning",
        ),
        create=(
            "s3:CreateBucket",
            "s3:TagResource",
            "s3:PutBucketTagging",
            "s3:PutEncryptionConfiguration",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketOwnershipControls",
            "s3:PutBucketVersioning",
        ),
        update=(
            "s3:PutBucketTagging",
            "s3:PutEncryptionConfiguration",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketOwnershipControls",
            "s3:PutBucketVersioning",
        ),
        delete=("s3:DeleteBucket",),
    )
    name_property = "BucketName"
    name_limit = 63
    protected = True
    # CreateBucket takes tags, but not in every partition: they are put once more.
    tags_at_create = False

    def reads(self, found: Found) -> Sequence[Read]:
        return [
            read("s3", "list_buckets", BucketRegion=found.owner.region),
            *(
                read("s3", operation, Bucket=name)
                for name in buckets_worth_details(found)
                for operation in ("get_bucket_tagging", *_DETAILS.values())
            ),
        ]

    def parse(self, pages: Pages) -> Sequence[Live]:
        tags = {
            made.arguments()["Bucket"]: tags_in(page["TagSet"])
            for made, page in pages.documents("s3", "get_bucket_tagging")
        }
        details: dict[str, dict[str, Value]] = {}
        for name, operation in _DETAILS.items():
            for made, page in pages.documents("s3", operation):
                details.setdefault(made.arguments()["Bucket"], {})[name] = _detail(name, page)
        lives: dict[str, Live] = {}
        for made, item in pages.with_read("s3", "list_buckets", "Buckets"):
            name, region = item["Name"], str(made.arguments()["BucketRegion"])
            known = {key: value for key, value in details.get(name, {}).items() if value}
            lives[name] = Live(
                type=BUCKET,
                id=name,
                properties={"BucketName": name, **known},
                attributes=_attributes(name, region),
                tags=tags.get(name, {}),
            )
        return list(lives.values())

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        name, region = request.properties["BucketName"], request.owner.region
        configuration: dict[str, Any] = {"Tags": tag_list(request.tags)}
        if region != _NO_CONSTRAINT:
            configuration["LocationConstraint"] = region
        clients.s3.create_bucket(Bucket=name, CreateBucketConfiguration=configuration)  # type: ignore[arg-type]
        return Created(name, _attributes(name, region))

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        for name in changed:
            _PUT[name](clients, live.id, desired[name])

    def delete(self, clients: Clients, live: Live) -> None:
        clients.s3.delete_bucket(Bucket=live.id)

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        """S3 takes a set as a whole, so the present one is asked for first."""
        try:
            present = tags_in(clients.s3.get_bucket_tagging(Bucket=live_id)["TagSet"])
        except clients.s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchTagSet":
                raise
            present = {}
        kept = {key: value for key, value in present.items() if key not in remove}
        clients.s3.put_bucket_tagging(Bucket=live_id, Tagging={"TagSet": tag_list({**kept, **set_tags})})

    def generated(self, name: str) -> str:
        return name.lower()

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        name = properties.get("BucketName")
        return [("bucket", name)] if isinstance(name, str) else []


def _put_encryption(clients: Clients, bucket: str, value: Any) -> None:
    rules: Any = [
        {("Apply" + name if name == _BY_DEFAULT else name): setting for name, setting in rule.items()}
        for rule in value[_ENCRYPTION]
    ]
    clients.s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def _put_public_access_block(clients: Clients, bucket: str, value: Any) -> None:
    clients.s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=value)


def _put_ownership_controls(clients: Clients, bucket: str, value: Any) -> None:
    clients.s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=value)


def _put_versioning(clients: Clients, bucket: str, value: Any) -> None:
    clients.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=value)


_PUT: Final[Mapping[str, Callable[[Clients, str, Any], None]]] = {
    "BucketEncryption": _put_encryption,
    "PublicAccessBlockConfiguration": _put_public_access_block,
    "OwnershipControls": _put_ownership_controls,
    "VersioningConfiguration": _put_versioning,
}


def _detail(name: str, page: Mapping[str, Any]) -> Value:
    """One property from the answer that has it, in CloudFormation's words."""
    match name:
        case "BucketEncryption":
            rules = [
                {
                    _BY_DEFAULT: rule.get(f"Apply{_BY_DEFAULT}", {}),
                    "BucketKeyEnabled": rule.get("BucketKeyEnabled", False),
                }
                for rule in page[_ENCRYPTION]["Rules"]
            ]
            return {_ENCRYPTION: rules}
        case "VersioningConfiguration":
            return {"Status": page["Status"]} if "Status" in page else {}
        case _:
            found: Value = page[name]
            return found


def _attributes(name: str, region: str) -> dict[str, Value]:
    partition = partition_of(region)
    return {
        "Arn": f"arn:{partition.id}:s3:::{name}",
        "DomainName": f"{name}.s3.{partition.dns_suffix}",
        "RegionalDomainName": f"{name}.s3.{region}.{partition.dns_suffix}",
    }
