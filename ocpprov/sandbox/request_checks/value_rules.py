"""What AWS asks of names and descriptions, and what no model says: characters and reserved words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.sandbox.exchange import Answer, Request, error

_GROUP_TEXT: Final = re.compile(r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")
_BALANCER: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS: Final = re.compile(r"[0-9]+(\.[0-9]+){3}")
_BUCKET_BEGINS: Final = ("xn--", "sthree-", "amzn-s3-demo-")
_BUCKET_ENDS: Final = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an")
_RESERVED_DOMAINS: Final = ("example.com", "example.net", "example.org")

_RULES_OF_GROUPS: Final = (
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "UpdateSecurityGroupRuleDescriptionsIngress",
    "UpdateSecurityGroupRuleDescriptionsEgress",
    "ModifySecurityGroupRules",
)
_GROUP_DOC: Final = "EC2 API Reference, CreateSecurityGroup"
_BALANCER_DOC: Final = "Elastic Load Balancing API Reference 2015-12-01, CreateLoadBalancer"
_CLASSIC_DOC: Final = "Elastic Load Balancing API Reference 2012-06-01, CreateLoadBalancer"
_RULE_TEXT: Final = (
    "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: "
    "a-zA-Z0-9. _-:/()#,@[]+=&;{{}}!$*"
)


@dataclass(frozen=True)
class ValueRule:
    """One row: what AWS refuses at a member of some operations, wherever that stands in them; `{value}` is the value.
    `trust` is documented, source (somebody's log of it), memory or seen."""

    service: str
    operations: Sequence[str]
    member: str
    refuses: Callable[[str], bool]
    code: str
    message: str
    source: str
    trust: str
    unless: str = ""
    """The member whose presence makes it right."""


def _beyond_ascii(text: str) -> bool:
    return not text.isascii()


def _not_of_a_group(text: str) -> bool:
    return _GROUP_TEXT.fullmatch(text) is None


def _like_an_id(text: str) -> bool:
    return text.lower().startswith("sg-")


def _not_of_a_balancer(text: str) -> bool:
    return _BALANCER.fullmatch(text) is None


def _too_long_for_a_balancer(text: str) -> bool:
    return len(text) > 32


def _hyphens_in_a_row(text: str) -> bool:
    return "--" in text


def _internal(text: str) -> bool:
    return text.startswith("internal-")


def _not_of_a_bucket(text: str) -> bool:
    strange = _BUCKET.fullmatch(text) is None or _ADDRESS.fullmatch(text) is not None or ".." in text
    return strange or text.startswith(_BUCKET_BEGINS) or text.endswith(_BUCKET_ENDS)


def _reserved_domain(text: str) -> bool:
    name = text.removesuffix(".").lower()
    return "." not in name or any(name == each or name.endswith(f".{each}") for each in _RESERVED_DOMAINS)


TABLE: Final = (
    *(
        ValueRule(
            "ec2", ("CreateSecurityGroup",), member, _beyond_ascii, "InvalidParameterValue",
            f"Value ({{value}}) for parameter {called} is invalid. Character sets beyond ASCII are not supported.",
            "github.com/hashicorp/terraform-provider-aws/pull/43854", "source",
        )
        for member, called in (("GroupName", "GroupName"), ("Description", "GroupDescription"))
    ),
    ValueRule(
        "ec2", ("CreateSecurityGroup",), "GroupName", _like_an_id, "InvalidParameterValue",
        "Value ({value}) for parameter GroupName is invalid. Group names may not be in the format sg-*.",
        f"{_GROUP_DOC}; github.com/pulumi/pulumi-awsx/pull/477", "source",
    ),
    ValueRule(
        "ec2", ("CreateSecurityGroup",), "GroupName", _not_of_a_group, "InvalidParameterValue",
        "Value ({value}) for parameter GroupName is invalid.", _GROUP_DOC, "documented",
    ),
    ValueRule(
        "ec2", ("CreateSecurityGroup",), "Description", _not_of_a_group, "InvalidParameterValue",
        "Invalid security group description. Valid descriptions are strings less than 256 characters from the "
        "following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{{}}!$*",
        f"{_GROUP_DOC}; github.com/cds-snc/notification-terraform/pull/561", "source",
    ),
    ValueRule(
        "ec2", _RULES_OF_GROUPS, "Description", _not_of_a_group, "InvalidParameterValue", _RULE_TEXT,
        "github.com/aws-cloudformation/cfn-lint/issues/173", "source",
    ),
    *(
        ValueRule("elasticloadbalancing", (operation,), member, refuses, "ValidationError", message, source, trust)
        for operation, member, document in (
            ("CreateLoadBalancer", "Name", _BALANCER_DOC),
            ("CreateTargetGroup", "Name", _BALANCER_DOC),
            ("CreateLoadBalancer", "LoadBalancerName", _CLASSIC_DOC),
        )
        for refuses, message, source, trust in (
            (
                _too_long_for_a_balancer, "The name '{value}' cannot be longer than '32' characters",
                f"{document}; github.com/aws-cloudformation/cfn-lint/issues/3259", "source",
            ),
            (
                _not_of_a_balancer,
                "The name '{value}' cannot contain characters that are not letters, or digits or the dash.",
                f"{document}; github.com/ansible/ansible/issues/68790", "source",
            ),
        )
    ),
    ValueRule(
        "elasticloadbalancing", ("CreateTargetGroup",), "Name", _hyphens_in_a_row, "ValidationError",
        "1 validation error detected: Value '{value}' at 'targetGroup.targetGroupArn.targetGroupName' failed to "
        "satisfy constraint: Member must satisfy regular expression pattern: (?!.*--)(?!^-)(?!.*-$)^[A-Za-z0-9-]+$",
        "moto 5.2.5, elbv2/models.py, which quotes AWS", "source",
    ),
    ValueRule(
        "elasticloadbalancing", ("CreateLoadBalancer",), "Name", _internal, "ValidationError",
        "The load balancer name '{value}' cannot begin with 'internal-'", _BALANCER_DOC, "documented",
    ),
    ValueRule(
        "s3", ("CreateBucket",), "Bucket", _not_of_a_bucket, "InvalidBucketName", "The specified bucket is not valid.",
        "S3 User Guide, General purpose bucket naming rules; S3 API Reference, Error responses", "documented",
    ),
    # Public zones only. Of names without a dot: CreateHostedZone's documentation on top-level domains.
    ValueRule(
        "route53", ("CreateHostedZone",), "Name", _reserved_domain, "InvalidDomainName", "{value} is reserved by AWS!",
        "github.com/awslabs/aws-saas-boost/issues/404; Route 53 API Reference, CreateHostedZone", "source",
        unless="VPC",
    ),
)  # fmt: skip


def refusal_of_values(request: Request, values: Mapping[str, Any]) -> Answer | None:
    """The first row's refusal that a value calls for."""
    rows = [row for row in TABLE if row.service == request.service and request.operation in row.operations]
    for member, text in _texts(values, "") if rows else ():
        for row in rows:
            if row.member == member and row.unless not in values and row.refuses(text):
                return error(request, row.code, row.message.format(value=text))
    return None


def _texts(value: Any, member: str) -> Iterator[tuple[str, str]]:
    """Every text in a request, with the name of the member that it stands in."""
    if isinstance(value, str):
        yield member, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, member)
