"""What each service asks of tags, and what no model says."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from ocpprov.sandbox.exchange import Answer, Request, error

Tag = tuple[str, str]

_LISTS: Final = ("Tags", "TagSet", "AddTags")
_HEADER: Final = ("PutObject", "CreateMultipartUpload")
_PLAIN: Final = "_.:/=+-@"
_LONGEST_KEY: Final = 128
_LONGEST_VALUE: Final = 256
_MOST: Final = 50

_EC2_GUIDE: Final = "EC2 User Guide, Tag restrictions"
_TAGS_OF_S3: Final = "S3 User Guide, Using cost allocation S3 bucket tags"


@dataclass(frozen=True)
class TagRule:
    """One row: what a service refuses in a set of tags. `offence` gives what to name in the message, `{tag}`; nothing
    where the set is right. `trust` is documented, source (somebody's log of it), memory or seen."""

    service: str
    offence: Callable[[Sequence[Tag]], str | None]
    code: str
    message: str
    source: str
    trust: str
    operations: Sequence[str] = ()
    """Those that it holds for; all where none is named."""


def _odd(tags: Sequence[Tag]) -> str | None:
    # Whether a value such as AWS::EC2::VPC is meant, too, isn't known: until somebody has seen it is.
    values = (value for _, value in tags if value.lower().startswith("aws:"))
    return next((text for tag in tags for text in tag if text != text.strip()), next(values, None))


def _nameless(tags: Sequence[Tag]) -> str | None:
    return "" if any(not key for key, _ in tags) else None


def _reserved(tags: Sequence[Tag]) -> str | None:
    return next((key for key, _ in tags if key.lower().startswith("aws:")), None)


def _strange_key(tags: Sequence[Tag]) -> str | None:
    return next((key for key, _ in tags if not all(map(_is_plain, key))), None)


def _strange_value(tags: Sequence[Tag]) -> str | None:
    return next((value for _, value in tags if not all(map(_is_plain, value))), None)


def _strange(tags: Sequence[Tag]) -> str | None:
    found = _strange_key(tags)
    return found if found is not None else _strange_value(tags)


def _long_key(tags: Sequence[Tag]) -> str | None:
    return next((key for key, _ in tags if len(key) > _LONGEST_KEY), None)


def _long_value(tags: Sequence[Tag]) -> str | None:
    return next((value for _, value in tags if len(value) > _LONGEST_VALUE), None)


def _repeated(tags: Sequence[Tag]) -> str | None:
    return _second(key for key, _ in tags)


def _repeated_in_any_case(tags: Sequence[Tag]) -> str | None:
    return _second(key.lower() for key, _ in tags)


def _too_many(tags: Sequence[Tag]) -> str | None:
    own = [key for key, _ in tags if not key.lower().startswith("aws:")]
    return own[_MOST] if len(own) > _MOST else None


TABLE: Final = (
    TagRule(
        "ec2", _nameless, "InvalidParameterValue",
        "Value ( '' ) for parameter Tag key is invalid. Tag key cannot be null or empty.",
        "github.com/aws/aws-cli/issues/3283", "source",
    ),
    TagRule(
        "ec2", _reserved, "InvalidParameterValue",
        "Value ( {tag} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use",
        "github.com/kubernetes-sigs/cluster-api-provider-aws/issues/5120", "source",
    ),
    TagRule(
        "ec2", _repeated, "InvalidParameterValue", "Duplicate tag key '{tag}' specified.",
        "github.com/cloud-custodian/cloud-custodian/issues/3792", "source",
    ),
    TagRule(
        "ec2", _long_key, "InvalidParameterValue",
        "Tag key exceeds the maximum length of 128 characters", _EC2_GUIDE, "documented",
    ),
    TagRule(
        "ec2", _long_value, "InvalidParameterValue",
        "Tag value exceeds the maximum length of 256 characters", _EC2_GUIDE, "documented",
    ),
    TagRule(
        "ec2", _too_many, "TagLimitExceeded", "More than 50 tags specified", _EC2_GUIDE, "documented",
        operations=("CreateTags",),
    ),
    TagRule(
        "iam", _reserved, "InvalidInput", "aws: prefixed tag key names are not allowed for external use.",
        "IAM User Guide, Rules for tagging in IAM and AWS STS", "memory",
    ),
    TagRule(
        "iam", _repeated_in_any_case, "InvalidInput",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        "github.com/kubernetes/kops/issues/11727", "source",
    ),
    TagRule(
        "elasticloadbalancing", _reserved, "ValidationError",
        "aws: prefixed tag key names are not allowed for external use.",
        "Elastic Load Balancing API Reference 2015-12-01, AddTags and Tag", "memory",
    ),
    TagRule(
        "elasticloadbalancing", _odd, "ValidationError",
        "Tag keys and values can't begin or end with a space, nor values with aws:",
        "Network Load Balancers, Tag a Network Load Balancer, Restrictions (the sentence is from memory)", "documented",
    ),
    TagRule(
        "elasticloadbalancing", _repeated, "DuplicateTagKeys",
        "Duplicate Tag Keys found in the request. Tag keys should be unique.",
        "github.com/ernestio/ernest/issues/237", "source",
    ),
    TagRule(
        "route53", _strange, "InvalidInput",
        "Invalid parameter : Tags can only contain letters, numbers, spaces, and the following special characters: "
        "_ . : / = + - @",
        "github.com/octodns/octodns-route53/pull/136", "source",
    ),
    TagRule(
        "route53", _reserved, "InvalidInput", "Invalid parameter : tag keys can't begin with aws:",
        "Route 53 Developer Guide, Tagging resources", "memory",
    ),
    TagRule(
        "route53", _repeated, "InvalidInput", "Invalid parameter : the tag key {tag} is given twice",
        "Route 53 API Reference, ChangeTagsForResource", "memory",
    ),
    TagRule(
        "s3", _strange_key, "InvalidTag", "The TagKey you have provided is invalid", _TAGS_OF_S3, "source",
    ),
    TagRule(
        "s3", _strange_value, "InvalidTag", "The TagValue you have provided is invalid",
        "github.com/alphagov/govuk-infrastructure/pull/1175", "source",
    ),
    TagRule("s3", _long_key, "InvalidTag", "The TagKey you have provided is invalid", _TAGS_OF_S3, "documented"),
    TagRule(
        "s3", _long_value, "InvalidTag", "The TagValue you have provided is invalid",
        "github.com/hashicorp/terraform/pull/12127", "source",
    ),
    TagRule(
        "s3", _repeated, "InvalidTag", "Cannot provide multiple Tags with the same key", _TAGS_OF_S3, "memory",
    ),
    # A bucket's set is put as a whole, and there AWS wants back those of its own that the bucket has.
    TagRule(
        "s3", _reserved, "InvalidTag", "Your TagKey cannot be prefixed with aws:",
        "github.com/cloud-custodian/cloud-custodian/issues/370", "source",
        operations=("CreateBucket", "PutObject", "CreateMultipartUpload", "PutObjectTagging"),
    ),
)  # fmt: skip


def refusal_of_tags(request: Request, values: Mapping[str, Any]) -> Answer | None:
    """The first row's refusal that a set of tags in a request calls for."""
    rows = [row for row in TABLE if row.service == request.service and _holds(row, request.operation)]
    for tags in _sets(request, values) if rows else ():
        for row in rows:
            if (tag := row.offence(tags)) is not None:
                return error(request, row.code, row.message.format(tag=tag))
    return None


def _holds(row: TagRule, operation: str) -> bool:
    return not row.operations or operation in row.operations


def _sets(request: Request, values: Mapping[str, Any]) -> Iterator[Sequence[Tag]]:
    if request.service == "s3" and request.operation in _HEADER and isinstance(values.get("Tagging"), str):
        yield parse_qsl(values["Tagging"], keep_blank_values=True)
    yield from _sets_in(values)


def _sets_in(value: Any) -> Iterator[Sequence[Tag]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in _LISTS and isinstance(inner, list) and all(isinstance(item, Mapping) for item in inner):
                yield [(item.get("Key", ""), item.get("Value", "")) for item in inner]
            else:
                yield from _sets_in(inner)
    elif isinstance(value, list):
        for item in value:
            yield from _sets_in(item)


def _second(keys: Iterator[str]) -> str | None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return None


def _is_plain(char: str) -> bool:
    return char in _PLAIN or unicodedata.category(char)[0] in "LZN"
