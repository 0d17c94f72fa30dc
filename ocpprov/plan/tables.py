"""The top level of a plan file as data: checker, JSON Schema and model follow these rows. CloudFormation's own grammar
(Resources and what belongs to it) has no rows here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocpprov.engine.properties import Property

NAME_PATTERN: Final = r"[a-z][a-z0-9-]{0,31}"

LOCK_PATTERN: Final = r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^\s/]+)*/?"

TOP_LEVEL: Final = (
    Property(
        "name", "string", pattern=NAME_PATTERN,
        documentation="who owns the resources: a lower-case letter, then up to 31 of a-z, 0-9 and -",
    ),
    Property(
        "region", "string", pattern=r"[a-z]{2,5}(-[a-z]+)+-[0-9]+", documentation="an AWS region such as eu-west-1",
    ),
    Property("accountID", "string", pattern=r"[0-9]{12}", documentation="twelve digits in quotes"),
    Property(
        "lock", "string", pattern=LOCK_PATTERN,
        documentation="for teams: where in S3 the plan's lock lies, s3://bucket/prefix",
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
