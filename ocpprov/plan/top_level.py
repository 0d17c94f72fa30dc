"""The top level of a plan file: its keys as data, which checker, JSON Schema and model follow, and what no table can
say about userTags and aws. CloudFormation's own grammar (Resources and what belongs to it) has no rows here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import urlsplit

from ocpprov.aws.partitions import KNOWN_REGIONS
from ocpprov.engine.kind_facts import Property
from ocpprov.engine.problem import Problem
from ocpprov.plan.model import AwsSettings, ServiceEndpoint
from ocpprov.plan.nodes import Node
from ocpprov.plan.problems import PlanError, likely

NAME_PATTERN: Final = r"[a-z][a-z0-9-]{0,31}"
REGION_PATTERN: Final = r"[a-z]{2,5}(-[a-z]+)+-[0-9]+"

LOCK_PATTERN: Final = r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^\s/]+)*/?"

EXCLUSIVE_SORTS: Final = ("rules", "entries", "listeners", "policies")

TOP_LEVEL: Final = (
    Property(
        "name", "string", pattern=NAME_PATTERN,
        documentation="who owns the resources: a lower-case letter, then up to 31 of a-z, 0-9 and -",
    ),
    Property(
        "region", "string", pattern=REGION_PATTERN, documentation="an AWS region such as eu-west-1",
    ),
    Property(
        "id", "string", pattern=r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
        documentation="any word; it tells this plan from another of the same name",
    ),
    Property("accountID", "string", pattern=r"[0-9]{12}", documentation="twelve digits in quotes"),
    Property(
        "lock", "string", pattern=LOCK_PATTERN,
        documentation="for teams: where in S3 the plan's lock lies, s3://bucket/prefix",
    ),
    Property(
        "protect", "boolean", default=False,
        documentation="true: destroy refuses, with this file and without, until an apply with false",
    ),
    Property(
        "exclusive",
        "list",
        items=Property("sort", "string", allowed=EXCLUSIVE_SORTS, documentation="what only the plan may put there"),
        documentation="of these, what others add to the plan's groups, ACLs, balancers and roles goes",
    ),
    Property("userTags", "map", items=Property("tag", "string"), documentation="tags on everything"),
    Property(
        "aws",
        "object",
        properties=(
            Property(
                "serviceEndpoints",
                "list",
                items=Property(
                    "endpoint",
                    "object",
                    properties=(
                        Property("name", "string", required=True, documentation="a service: ec2, route53, sts, …"),
                        Property("url", "string", required=True, pattern=r"https?://\S+", documentation="a URL"),
                    ),
                ),
            ),
            Property("proxy", "string", pattern=r"https?://\S+", documentation="the proxy's URL"),
            Property("caBundle", "string", documentation="path of a file with the certificates to trust"),
            Property(
                "assumeRole", "string", pattern=r"arn:aws[a-z-]*:iam::[0-9]{12}:role/\S+", documentation="a role's ARN",
            ),
        ),
        documentation="how AWS is reached; the environment's variables do the same",
    ),
)  # fmt: skip

TOP_LATER: Final[Mapping[str, str]] = {key: f"{key} is not supported in this version" for key in ("Rules", "Transform")}
TEMPLATE_KEYS: Final = (
    "openshift",
    "Parameters",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
    "Metadata",
    "Description",
    "AWSTemplateFormatVersion",
)

_EC2: Final = "ec2"
_USER_TAGS: Final = 25
_MARKS: Final = "_.:/=+-@"
IN_TAGS: Final = f"letters, digits, spaces and {' '.join(_MARKS)}: IAM and Elastic Load Balancing take no others"
"""EC2 takes more, but each user tag goes on everything: the narrowest pattern counts (IAM's and Elastic Load
Balancing's `TagKey` and `TagValue` in botocore's models)."""
ODD_IN_TAGS: Final = "Elastic Load Balancing's guides forbid it, for keys and for values"


def region_problem(region: str, aws: AwsSettings) -> tuple[str, str] | None:
    """What is wrong with a region that nobody knows, and what helps. Whoever says where its EC2 is knows it."""
    if region in KNOWN_REGIONS or any(each.name == _EC2 for each in aws.service_endpoints):
        return None
    newer = "for a region that is newer than this version, name its ec2 endpoint in aws.serviceEndpoints"
    return f"there is no region {region}", "; ".join(filter(None, (likely(region, KNOWN_REGIONS), newer)))


def user_tag_problems(tags: Mapping[str, Any]) -> Iterator[Problem]:
    """install-config's rules for user tags, those of the strictest service that gets them, and ours: nobody else's
    prefix. AWS keeps its own in any case (`AWS:` too), and to IAM keys that differ in case alone are the same."""
    if len(tags) > _USER_TAGS:
        yield Problem("userTags", f"{len(tags)} tags are too many", f"at most {_USER_TAGS}")
    first: dict[str, str] = {}
    for key, value in tags.items():
        path, folded = f"userTags.{key}", key.casefold()
        if _is_taken(folded):
            hint = "Name, aws:, ocpprov:, kubernetes.io and openshift.io are taken, in capitals too"
            yield Problem(path, f"{key} can't be a user tag", hint)
        if folded in first:
            yield Problem(path, f"{key} is {first[folded]} to IAM, which doesn't know case", "remove one of them")
        first.setdefault(folded, key)
        if not 1 <= len(key) <= 128 or (isinstance(value, str) and not 1 <= len(value) <= 256):
            yield Problem(path, "a tag's key has 1 to 128 characters, its value 1 to 256")
        for what, written in (("key", key), ("value", value if isinstance(value, str) else "")):
            if (odd := odd_in_tags(written)) and not _is_taken(folded):
                yield Problem(path, f"a tag's {what} can't {odd}", ODD_IN_TAGS)
            if strange := strange_in_tags(written):
                yield Problem(path, f"{shown(strange)} can't be in a tag's {what}", IN_TAGS)


def odd_in_tags(text: str) -> str:
    """What a tag's key or value does that load balancers' don't; empty where nothing. A key with `aws:` is refused by
    every service."""
    if text != text.strip():
        return "begin or end with a space"
    return "begin with aws:" if text.casefold().startswith("aws:") else ""


def strange_in_tags(text: str) -> list[str]:
    """The characters of a tag's key or value that not every service takes, each once."""
    return [char for char in dict.fromkeys(text) if char not in _MARKS and unicodedata.category(char)[0] not in "LZN"]


def _is_taken(folded: str) -> bool:
    if folded == "name" or folded.startswith(("aws:", "ocpprov:")):
        return True
    return "kubernetes.io" in folded or "openshift.io" in folded


def shown(chars: Sequence[str]) -> str:
    """Characters as people tell them apart: itself, or its code where it doesn't show."""
    words = [char if char.isprintable() else f"U+{ord(char):04X}" for char in chars]
    return " and ".join(words)


def endpoint_errors(node: Node | None) -> Iterator[PlanError]:
    """Each service has one address, as openshift-install has it, and an address has a host; `node` is the `aws` section
    as it is written."""
    members = (node.mapping() or {}) if node else {}
    rows = members.get("serviceEndpoints")
    first: dict[str, str] = {}
    yield from _address_errors(members.get("proxy"), "aws.proxy", "as in http://proxy.example.com:3128")
    for number, row in enumerate((rows.items() or ()) if rows else ()):
        url = (row.mapping() or {}).get("url")
        yield from _address_errors(url, f"aws.serviceEndpoints[{number}].url", "as in https://ec2.example.com:8443")
        name = (row.mapping() or {}).get("name")
        if name is None or not isinstance(name.value, str):
            continue
        if name.value in first:
            message = f"{name.value} is given twice, first in {first[name.value]}"
            yield PlanError(name.position, f"aws.serviceEndpoints[{number}].name", message, "remove one of them")
        first.setdefault(name.value, str(name.position))


def aws_settings(values: Mapping[str, Any], node: Node | None = None) -> AwsSettings:
    """The `aws` section; `node` is what is written."""
    members = (node.mapping() or {}) if node else {}
    rows = (members["serviceEndpoints"].items() or ()) if "serviceEndpoints" in members else ()
    places = [f"{row.position}: aws.serviceEndpoints" for row in rows]
    endpoints = [
        ServiceEndpoint(item["name"], item["url"], place)
        for item, place in zip_longest(values.get("serviceEndpoints") or (), places, fillvalue="")
        if isinstance(item, Mapping) and item.get("name") and item.get("url")
    ]
    return AwsSettings(
        endpoints, values.get("proxy") or "", values.get("caBundle") or "", values.get("assumeRole") or ""
    )


def _address_errors(url: Node | None, path: str, hint: str) -> Iterator[PlanError]:
    """What is wrong with a URL's host and port; without it, as there may be a password in it. Of one with a backslash
    Python and urllib3 read another host."""
    if url is None or not isinstance(url.value, str) or not url.value.startswith(("http://", "https://")):
        return
    try:
        parts = urlsplit(url.value)
        usable = bool(parts.hostname) and parts.port != 0 and "\\" not in url.value
    except ValueError:
        usable = False
    if not usable:
        yield PlanError(url.position, path, "has no host and port that can be used", hint)
