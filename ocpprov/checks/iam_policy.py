"""The least that somebody must be allowed who plans, applies or destroys a plan, as a policy of IAM.

The actions are the kinds' own. They are bound to the plan wherever a wrong condition couldn't keep a right call out:
what EC2 makes must be tagged with the plan, what EC2 and Elastic Load Balancing delete must be, what has a name must
have one of the plan's, and what has a region must be in the plan's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from ocpprov.aws.partitions import partition_of
from ocpprov.checks.iam_resource_types import DELETED, MADE, TAGGED_TOO
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Resource
from ocpprov.kinds.contract import Kind

Statement = Mapping[str, Any]

MANAGED_POLICY_LIMIT: Final = 6144
"""Characters that a managed policy may have, white space not counted (IAM's quotas)."""


class Purpose(Enum):
    """What the policy is for. `PLAN` reads only: for plan, outputs and preflight."""

    PLAN = "plan"
    APPLY = "apply"
    DESTROY = "destroy"


@dataclass(frozen=True)
class Subject:
    """What the policy is about. `resources` are the plan's by logical id, `kinds` everything that is looked at,
    `account` is empty where the plan names none, `lock` is the lock's URL in S3, or empty."""

    name: str
    region: str
    account: str
    resources: Mapping[str, Resource]
    kinds: Mapping[str, Kind]
    lock: str = ""

    @property
    def types(self) -> list[Kind]:
        """The plan's own types, in the order of their names."""
        return [self.kinds[type] for type in sorted({resource.type for resource in self.resources.values()})]


# What a run asks beside what the kinds do, by the service that must be in the plan for it.
_ASKED: Final[Mapping[str, Sequence[str]]] = {
    "ec2": (
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstanceAttribute",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeTags",
        "ec2:DescribeVpcEndpointServices",
        "servicequotas:GetServiceQuota",
    ),
    "elb": ("elasticloadbalancing:DescribeAccountLimits",),
    "elbv2": ("elasticloadbalancing:DescribeAccountLimits",),
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
_REGIONAL: Final = ("ec2:", "elasticloadbalancing:", "vpce:")
_TAGS: Final = ("ec2:CreateTags", "ec2:DeleteTags")
_BALANCERS_DELETED: Final = (
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:DeleteTargetGroup",
)
_LINKED_ROLE: Final = "iam:CreateServiceLinkedRole"


def policy(subject: Subject, purpose: Purpose) -> dict[str, Any]:
    """The policy's document."""
    return _document(subject, purpose, _reads(subject) | _asked(subject))


def _document(subject: Subject, purpose: Purpose, reads: set[str]) -> dict[str, Any]:
    changes = _changes(subject, purpose) - reads
    statements = [*_reading(reads, subject), *_changing(changes, subject), *_locking(subject)]
    return {"Version": "2012-10-17", "Statement": [statement for statement in statements if statement["Action"]]}


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


def stack_policy(subject: Subject, stack: str) -> dict[str, Any]:
    """The same for somebody who makes the resources as a stack of CloudFormation, by its name: without what a run of
    ours asks beside."""
    services = {kind.service for kind in subject.kinds.values()}
    asked = [action for service in sorted(services) for action in _STACK_ASKS.get(service, ())]
    arn = f"arn:{partition_of(subject.region).id}:cloudformation:{subject.region}:{subject.account or '*'}"
    whole = _document(subject, Purpose.APPLY, _reads(subject))
    more = [_statement("Stack", _STACK, f"{arn}:stack/{stack}/*"), _statement("StackAsks", asked, "*")]
    return {**whole, "Statement": [*whole["Statement"], *(each for each in more if each["Action"])]}


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


def size_of(document: Any) -> int:
    """Characters as IAM counts them, white space left out."""
    return len(json.dumps(document, separators=(",", ":")))


def _reads(subject: Subject) -> set[str]:
    return {action for kind in subject.kinds.values() for action in kind.permissions.read}


def _asked(subject: Subject) -> set[str]:
    services = {kind.service for kind in subject.kinds.values()}
    return {action for service in services for action in _ASKED.get(service, ())}


def _changes(subject: Subject, purpose: Purpose) -> set[str]:
    """What goes needs its children taken out, and its tags kept right while they go."""
    if purpose is Purpose.PLAN:
        return set()
    found: set[str] = set()
    for kind in subject.types:
        allowed = kind.permissions
        found |= {*allowed.delete, *(action for action in allowed.update if _tags_something(action))}
        if purpose is Purpose.APPLY:
            found |= {*allowed.create, *allowed.update}
    for resource in subject.resources.values():
        found.update(subject.kinds[resource.type].permissions_beside(resource.properties, subject.region))
    return found


def _tags_something(action: str) -> bool:
    name = action.partition(":")[2]
    return name.startswith(("Tag", "Untag")) or name in (
        "AddTags",
        "ChangeTagsForResource",
        "CreateTags",
        "DeleteTags",
        "PutBucketTagging",
        "RemoveTags",
    )


def _reading(reads: set[str], subject: Subject) -> Iterator[Statement]:
    """Whatever is in the region is looked at: that is how something with lost tags is found again, and how whatever
    blocks a deletion gets a name. Only buckets, which hold what is nobody's business, are looked at by name."""
    buckets = {action for action in reads if named_type(action) in ("bucket", "object")}
    yield _statement("Read", reads - buckets, "*")
    for type in ("bucket", "object"):
        actions = [action for action in buckets if named_type(action) == type]
        yield _statement(f"Read{_words(type)}", actions, sorted(_arns(subject, type)) or "*")


def _changing(changes: set[str], subject: Subject) -> Iterator[Statement]:
    partition = partition_of(subject.region)
    ec2 = f"arn:{partition.id}:ec2:{subject.region}:{subject.account or '*'}"
    ours = {"StringEquals": {f"aws:ResourceTag/{PLAN}": subject.name}}
    here = {"StringEquals": {"aws:RequestedRegion": subject.region}}
    left = set(changes)

    def take(actions: Iterable[str]) -> set[str]:
        taken = left & set(actions)
        left.difference_update(taken)
        return taken

    makes = take(MADE)
    yield from _making(makes, ec2, subject)
    deletes = take(DELETED)
    yield _statement("Delete", deletes, [f"{ec2}:{DELETED[action]}/*" for action in deletes], ours)
    yield from _tagging(take(_TAGS), makes | (left & set(TAGGED_TOO)), ec2, subject, ours)
    yield _statement("DeleteBalancers", take(_BALANCERS_DELETED), "*", ours)
    yield _statement("ChangeInRegion", take([each for each in left if each.startswith(_REGIONAL)]), "*", here)
    balancing = "elasticloadbalancing.amazonaws.com"
    yield _statement(
        "LinkedRole",
        take([_LINKED_ROLE]),
        f"arn:{partition.id}:iam::{subject.account or '*'}:role/aws-service-role/{balancing}/*",
        {"StringEquals": {"iam:AWSServiceName": balancing}},
    )
    yield _statement("ListIam", take([each for each in left if each.startswith("iam:List")]), "*")
    for type in ("role", "instance-profile", "policy", "bucket", "object"):
        actions = take([action for action in left if named_type(action) == type])
        yield _statement(f"Change{_words(type)}", actions, sorted(_arns(subject, type)) or "*")
    yield _statement("ChangeGlobal", left, "*")


def _making(makes: Iterable[str], ec2: str, subject: Subject) -> Iterator[Statement]:
    """What is made must carry the plan's tag; what it is made in may be somebody else's."""
    tagged = {"StringEquals": {f"aws:RequestTag/{PLAN}": subject.name}}
    yield _statement("Make", makes, [f"{ec2}:{MADE[action].type}/*" for action in makes], tagged)
    groups: dict[tuple[str, ...], list[str]] = {}
    for action in sorted(makes):
        if MADE[action].parents:
            groups.setdefault(tuple(MADE[action].parents), []).append(action)
    for parents, actions in groups.items():
        sid = "MakeIn" + "".join(map(_words, parents))
        yield _statement(sid, actions, [f"{ec2}:{parent}/*" for parent in parents])


def _tagging(
    tags: set[str], makes: Iterable[str], ec2: str, subject: Subject, ours: Mapping[str, Any]
) -> Iterator[Statement]:
    """Tags are put on what is being made, on what is ours, and on shared things that the plan names."""
    made_by = sorted(action.partition(":")[2] for action in makes)
    if made_by:
        condition = {"StringEquals": {"ec2:CreateAction": made_by}}
        yield _statement("TagAtCreation", tags & {"ec2:CreateTags"}, f"{ec2}:*/*", condition)
    yield _statement("TagOurs", tags, f"{ec2}:*/*", ours)
    shared = sorted(
        f"{ec2}:{'vpc' if id.startswith('vpc-') else 'subnet'}/{id}"
        for resource in subject.resources.values()
        if resource.type == "Ocpprov::EC2::SharedTags"
        for id in map(str, resource.properties.values())
        if id.startswith(("vpc-", "subnet-"))
    )
    yield _statement("TagShared", tags if shared else (), shared)


def named_type(action: str) -> str:
    """What an action of IAM or S3 is about, as far as it has a name in an ARN; empty for every other action."""
    service, _, name = action.partition(":")
    if service == "s3" and name != "ListAllMyBuckets":
        return "object" if "Object" in name and "Bucket" not in name else "bucket"
    if service != "iam" or name.startswith("List") or name in ("GetAccountSummary", "SimulatePrincipalPolicy"):
        return ""
    if "InstanceProfile" in name:
        return "instance-profile"
    return "role" if "Role" in name else "policy"


def _arns(subject: Subject, type: str) -> Iterator[str]:
    """The ARNs of what has a name; a name that isn't given begins with the plan's."""
    partition, account = partition_of(subject.region).id, subject.account or "*"
    for resource in subject.resources.values():
        for name in _names(resource, type, subject):
            if type in ("bucket", "object"):
                yield f"arn:{partition}:s3:::{name}{'/*' if type == 'object' else ''}"
            else:
                path = str(resource.properties.get("Path") or "/")
                yield f"arn:{partition}:iam::{account}:{type}{path}{name}"


_TYPES: Final[Mapping[str, str]] = {
    "AWS::IAM::Role": "role",
    "AWS::IAM::InstanceProfile": "instance-profile",
    "AWS::IAM::ManagedPolicy": "policy",
    "AWS::S3::Bucket": "bucket",
}
_HOLDERS: Final[Mapping[str, str]] = {"RoleName": "role", "Roles": "role", "Bucket": "bucket"}
"""Properties that name something which may exist already."""


def _names(resource: Resource, type: str, subject: Subject) -> Iterator[str]:
    """Names of the type that a resource has or gives; what can't be known beforehand is a pattern."""
    named = "bucket" if type == "object" else type
    if _TYPES.get(resource.type) == named:
        given = resource.properties.get(subject.kinds[resource.type].name_property or "", f"{subject.name}-*")
        yield given if isinstance(given, str) else "*"
    for property, held in _HOLDERS.items():
        if held == named and resource.type not in _TYPES:
            value = resource.properties.get(property)
            yield from (
                each for each in (value if isinstance(value, list | tuple) else [value]) if isinstance(each, str)
            )


def _words(type: str) -> str:
    return "".join(part.title() for part in type.split("-"))


def _locking(subject: Subject) -> Iterator[Statement]:
    """The lock's object, and its bucket's list, without which S3 tells what is missing as denied."""
    if not subject.lock:
        return
    partition = partition_of(subject.region).id
    bucket, _, prefix = subject.lock.removeprefix("s3://").partition("/")
    key = "/".join(part for part in (prefix.strip("/"), "*.lock") if part)
    yield _statement("Lock", ["s3:GetObject", "s3:PutObject"], f"arn:{partition}:s3:::{bucket}/{key}")
    yield _statement("LockMissing", ["s3:ListBucket"], f"arn:{partition}:s3:::{bucket}")


def _statement(
    sid: str, actions: Iterable[str], resource: str | Sequence[str], condition: Mapping[str, Any] | None = None
) -> Statement:
    resources = resource if isinstance(resource, str) else sorted(set(resource))
    found: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}
    return {**found, "Condition": condition} if condition else found
