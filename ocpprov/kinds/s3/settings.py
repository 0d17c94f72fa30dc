"""What of a bucket has calls of its own: each setting with its row, how it is asked for, read and put.

CloudFormation and the S3 API name some members differently; the plan's words are CloudFormation's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import ListRule, Property, PropertyType
from ocpprov.engine.values import Value
from ocpprov.kinds.ec2.common import given

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_ENCRYPTION: Final = "ServerSideEncryptionConfiguration"
_BY_DEFAULT: Final = "ServerSideEncryptionByDefault"
_MULTIPART: Final = "AbortIncompleteMultipartUpload"
_ANSWERED: Final = "Answered"
"""The member of a live rule that has it as S3 does, where a plan has no words for all of it: others may have added it,
and it is put back as it was."""
_OLD_VERSIONS: Final = "NoncurrentVersionExpiration"


@dataclass(frozen=True)
class Setting:
    """One setting. `action` is the part of its IAM actions after `s3:Get` and `s3:Put`; `reading` is boto3's name of
    the call that asks for it; `parse` makes of its answer the property, empty where nothing is set."""

    row: Property
    action: str
    reading: str
    parse: Callable[[Mapping[str, Any]], Value]
    put: Callable[[Clients, str, Any], None]


def _members(*names: str, type: PropertyType = "string") -> tuple[Property, ...]:
    return tuple(Property(name, type, documentation="As in the S3 API.") for name in names)


def _rules(name: str, *members: Property, documentation: str = "One rule.") -> Property:
    items = Property("Rule", "object", properties=members)
    return Property(name, "list", required=True, items=items, documentation=documentation)


def _row(name: str, documentation: str, *members: Property, rule: ListRule = ListRule.EXCLUSIVE) -> Property:
    """S3 refuses to speak of a setting that isn't made."""
    return Property(
        name,
        "object",
        after_create=True,
        may_be_absent=True,
        properties=members,
        list_rule=rule,
        documentation=documentation,
    )


def _put_encryption(clients: Clients, bucket: str, value: Any) -> None:
    rules: Any = [
        {("Apply" + name if name == _BY_DEFAULT else name): setting for name, setting in rule.items()}
        for rule in value[_ENCRYPTION]
    ]
    clients.s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def _encryption(page: Mapping[str, Any]) -> Value:
    rules = [
        {_BY_DEFAULT: rule.get(f"Apply{_BY_DEFAULT}", {}), **given(rule, "BucketKeyEnabled")}
        for rule in page[_ENCRYPTION]["Rules"]
    ]
    return {_ENCRYPTION: rules}


def _put_public_access_block(clients: Clients, bucket: str, value: Any) -> None:
    clients.s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=value)


def _put_ownership_controls(clients: Clients, bucket: str, value: Any) -> None:
    clients.s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=value)


def _put_versioning(clients: Clients, bucket: str, value: Any) -> None:
    clients.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=value)


def _put_lifecycle(clients: Clients, bucket: str, value: Any) -> None:
    rules: Any = [_lifecycle_request(rule) for rule in value["Rules"]]
    clients.s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})


def _lifecycle_request(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule in the API's words. Numbers may come as text, which the API doesn't take."""
    if _ANSWERED in rule:
        return dict(rule[_ANSWERED])
    request: dict[str, Any] = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if "Id" in rule:
        request["ID"] = rule["Id"]
    if "ExpirationInDays" in rule:
        request["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
    for name, member in ((_MULTIPART, "DaysAfterInitiation"), (_OLD_VERSIONS, "NoncurrentDays")):
        if name in rule:
            request[name] = {member: int(rule[name][member])}
    return request


def _lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {"Status": rule["Status"]}
    found["Prefix"] = rule.get("Filter", {}).get("Prefix", rule.get("Prefix", ""))
    if "ID" in rule:
        found["Id"] = rule["ID"]
    if "Days" in rule.get("Expiration", {}):
        found["ExpirationInDays"] = rule["Expiration"]["Days"]
    found |= {name: rule[name] for name in (_MULTIPART, _OLD_VERSIONS) if name in rule}
    request = _lifecycle_request(found)
    plain = {**rule, "Filter": rule.get("Filter") or {"Prefix": rule.get("Prefix", "")}}
    plain.pop("Prefix", None)
    return found if request == plain else {**found, _ANSWERED: rule}


def _as_answered(name: str) -> Callable[[Mapping[str, Any]], Value]:
    def parse(page: Mapping[str, Any]) -> Value:
        found: Value = page[name]
        return found

    return parse


SETTINGS: Final = (
    Setting(
        _row(
            "PublicAccessBlockConfiguration",
            "What the public is kept from, whatever policies say. AWS's default blocks all.",
            *_members(
                "BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets", type="boolean"
            ),
        ),
        "BucketPublicAccessBlock",
        "get_public_access_block",
        _as_answered("PublicAccessBlockConfiguration"),
        _put_public_access_block,
    ),
    Setting(
        _row(
            "BucketEncryption",
            "How objects are encrypted. AWS's default is AES256.",
            _rules(
                _ENCRYPTION,
                Property(
                    _BY_DEFAULT,
                    "object",
                    properties=(
                        Property(
                            "SSEAlgorithm",
                            "string",
                            required=True,
                            allowed=("AES256", "aws:kms", "aws:kms:dsse"),
                            documentation="The algorithm.",
                        ),
                        Property("KMSMasterKeyID", "string", may_be_absent=True, documentation="The key."),
                    ),
                    documentation="How objects are encrypted that don't say it themselves.",
                ),
                Property("BucketKeyEnabled", "boolean", documentation="Fewer calls to the key service."),
            ),
        ),
        "EncryptionConfiguration",
        "get_bucket_encryption",
        _encryption,
        _put_encryption,
    ),
    Setting(
        _row(
            "OwnershipControls",
            "Whose objects are that others put there. AWS's default is the bucket's owner.",
            _rules("Rules", *_members("ObjectOwnership")),
        ),
        "BucketOwnershipControls",
        "get_bucket_ownership_controls",
        _as_answered("OwnershipControls"),
        _put_ownership_controls,
    ),
    Setting(
        _row(
            "VersioningConfiguration",
            "Whether old versions are kept.",
            Property("Status", "string", required=True, allowed=("Enabled", "Suspended"), documentation="Kept or not."),
        ),
        "BucketVersioning",
        "get_bucket_versioning",
        lambda page: {"Status": page["Status"]} if "Status" in page else {},
        _put_versioning,
    ),
    Setting(
        _row(
            "LifecycleConfiguration",
            "When objects go by themselves.",
            _rules(
                "Rules",
                Property("Status", "string", required=True, allowed=("Enabled", "Disabled"), documentation="In force?"),
                Property("Id", "string", documentation="The rule's name; generated when not given."),
                Property("Prefix", "string", documentation="How the keys begin that it is for; all without."),
                Property(
                    "ExpirationInDays",
                    "integer",
                    minimum=1,
                    may_be_absent=True,
                    documentation="Days after which objects go.",
                ),
                Property(
                    _MULTIPART,
                    "object",
                    may_be_absent=True,
                    properties=_members("DaysAfterInitiation", type="integer"),
                    documentation="Days after which uploads that were never finished go.",
                ),
                Property(
                    _OLD_VERSIONS,
                    "object",
                    may_be_absent=True,
                    properties=_members("NoncurrentDays", type="integer"),
                    documentation="Days after which old versions go.",
                ),
                documentation="The rules. Those that others add stay.",
            ),
            rule=ListRule.CONTAINS,
        ),
        "LifecycleConfiguration",
        "get_bucket_lifecycle_configuration",
        lambda page: {"Rules": [_lifecycle_rule(rule) for rule in page["Rules"]]},
        _put_lifecycle,
    ),
)
"""In the order in which a new bucket gets them: closed to the public first."""
