"""The least that somebody must be allowed who plans, applies or destroys a plan, as a policy of IAM.

The actions are the kinds' own. What has tags is bound to the plan's tag, from its creation on; what has none that IAM
could ask about is bound to the plan's names; and what the plan gives by its id or name is allowed just so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from ocpprov.checks.iam_policy_named import iam_grants, lock_grants, named_type, s3_grants, s3_reads
from ocpprov.checks.iam_policy_network import network_grants
from ocpprov.checks.iam_policy_statements import Grant, statements
from ocpprov.checks.iam_policy_subject import PolicyPurpose, PolicySubject
from ocpprov.checks.iam_policy_zones import zone_grants

__all__ = [
    "MANAGED_POLICY_LIMIT",
    "PolicyPurpose",
    "PolicySubject",
    "actions_of",
    "needed_actions",
    "parts",
    "policy",
    "size_of",
    "stack_policy",
]

MANAGED_POLICY_LIMIT: Final = 6144
"""Characters that a managed policy may have, white space not counted (IAM's quotas)."""

# What a run asks beside what the kinds do, by the service that must be in the plan for it.
_ASKED: Final[Mapping[str, Sequence[str]]] = {
    "ec2": (
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstanceAttribute",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribePrefixLists",
        "ec2:DescribeTags",
        "ec2:DescribeVpcEndpointServices",
        "ec2:DescribeVpnGateways",
        "ec2:GetManagedPrefixListEntries",
        "servicequotas:GetServiceQuota",
    ),
    "elb": ("elasticloadbalancing:DescribeAccountLimits", "elasticloadbalancing:DescribeInstanceHealth"),
    "elbv2": (
        "ec2:DescribeVpcEndpointServiceConfigurations",
        "elasticloadbalancing:DescribeAccountLimits",
        "elasticloadbalancing:DescribeInstanceHealth",
        "elasticloadbalancing:DescribeRules",
    ),
    "iam": ("iam:GetAccountSummary", "iam:SimulatePrincipalPolicy"),
    "route53": ("route53:GetAccountLimit", "route53:GetDNSSEC", "route53:ListHostedZonesByVPC"),
    "s3": (
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetObjectLegalHold",
        "s3:GetObjectRetention",
        "s3:ListBucket",
        "s3:ListBucketVersions",
    ),
}

_ASKED_BY_VERIFY: Final[Mapping[str, Sequence[str]]] = {
    "ec2": (
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribePrefixLists",
        "ec2:DescribeVpcEndpointServices",
        "ec2:GetManagedPrefixListEntries",
    ),
    "route53": ("route53:ListHostedZonesByVPC",),
}
"""The same of what changes nothing and only looks whether all is as it should be."""

_SPARING: Final[Mapping[str, Sequence[str]]] = {"iam": ("iam:GetAccountAuthorizationDetails",)}
"""What spares other calls, which are made where it isn't allowed (docs/adr/0027-roles-are-told-at-once.md)."""
_MAY_BE_LEFT_OUT: Final = "MayBeLeftOut"
"""The statement that has it, so that whoever gives the policy can tell and leave it out."""


def policy(subject: PolicySubject, purpose: PolicyPurpose) -> dict[str, Any]:
    """The policy's document."""
    asked = _ASKED_BY_VERIFY if purpose is PolicyPurpose.VERIFY else _ASKED
    spares = () if purpose is PolicyPurpose.VERIFY else sorted(_asked(subject, _SPARING))
    sparing = (Grant(_MAY_BE_LEFT_OUT, action, frozenset("*")) for action in spares)
    return _document(chain(_grants(subject, purpose, _reads(subject) | _asked(subject, asked)), sparing))


def _document(grants: Iterator[Grant]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements(grants)}


_STACK: Final = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplateSummary",
)
_STACK_ASKS: Final[Mapping[str, Sequence[str]]] = {
    "route53": ("route53:GetChange", "route53:ListQueryLoggingConfigs", "route53:ListTagsForResource"),
}
"""What CloudFormation calls beside what we do (the handlers in its schemas of the types)."""


def stack_policy(subject: PolicySubject, stack: str) -> dict[str, Any]:
    """The same for somebody who makes the resources as a stack of CloudFormation, by its name: without what a run of
    ours asks beside."""
    asked = [action for service in sorted(subject.services) for action in _STACK_ASKS.get(service, ())]
    whole = frozenset((subject.arn("cloudformation", f"stack/{stack}/*"),))
    return _document(
        iter(
            [
                *_grants(subject, PolicyPurpose.APPLY, _reads(subject)),
                *(Grant("Stack", action, whole) for action in _STACK),
                *(Grant("StackAsks", action, frozenset("*")) for action in asked),
            ]
        )
    )


def parts(document: Mapping[str, Any], limit: int = MANAGED_POLICY_LIMIT) -> list[dict[str, Any]]:
    """The same in as few policies of at most `limit` characters as come of putting one statement after the other."""
    found: list[dict[str, Any]] = []
    for statement in document["Statement"]:
        for part in found:
            grown = {**part, "Statement": [*part["Statement"], statement]}
            if size_of(grown) <= limit:
                part["Statement"] = grown["Statement"]
                break
        else:
            found.append({"Version": document["Version"], "Statement": [statement]})
    return found


def actions_of(document: Mapping[str, Any]) -> list[str]:
    """Every action that a policy allows, once, sorted."""
    return sorted({action for statement in document["Statement"] for action in statement["Action"]})


def needed_actions(document: Mapping[str, Any]) -> list[str]:
    """The same without what may be left out."""
    needed = [each for each in document["Statement"] if each.get("Sid") != _MAY_BE_LEFT_OUT]
    return actions_of({**document, "Statement": needed})


def size_of(document: Any) -> int:
    """Characters as IAM counts them, white space left out."""
    return len(json.dumps(document, separators=(",", ":")))


def _reads(subject: PolicySubject) -> set[str]:
    return {action for kind in subject.kinds.values() for action in kind.permissions.read}


def _asked(subject: PolicySubject, actions: Mapping[str, Sequence[str]]) -> set[str]:
    return {action for service in subject.services for action in actions.get(service, ())}


def _grants(subject: PolicySubject, purpose: PolicyPurpose, reads: set[str]) -> Iterator[Grant]:
    """Whatever is in the region is looked at: that is how something with lost tags is found again, and how whatever
    blocks a deletion gets a name."""
    of_buckets = {action for action in reads if named_type(action) in ("bucket", "object")}
    yield from (Grant("Read", action, frozenset("*")) for action in sorted(reads - of_buckets))
    yield from s3_reads(subject, of_buckets)
    yield from network_grants(subject, purpose)
    yield from iam_grants(subject, purpose)
    yield from zone_grants(subject, purpose)
    yield from s3_grants(subject, purpose)
    if purpose is not PolicyPurpose.VERIFY:
        yield from lock_grants(subject)
