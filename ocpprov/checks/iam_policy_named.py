"""What a policy allows in IAM and S3, where names bind: the plan's own, and those that it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ocpprov.checks.iam_policy_statements import Condition, Grant, equals
from ocpprov.checks.iam_policy_subject import PolicyPurpose, PolicySubject, changes, values_of
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value

ROLE: Final = "AWS::IAM::Role"
BUCKET: Final = "AWS::S3::Bucket"
_TYPES: Final = {
    "role": ROLE,
    "instance-profile": "AWS::IAM::InstanceProfile",
    "policy": "AWS::IAM::ManagedPolicy",
}
_LINKED_ROLE: Final = "iam:CreateServiceLinkedRole"
_BALANCING: Final = "elasticloadbalancing.amazonaws.com"
_LINKED: Final = {"AWS::EC2::TransitGatewayAttachment": "transitgateway.amazonaws.com"}
"""The service that makes itself a role when the first of a type is made, where it isn't load balancing."""
_ATTACH: Final = "iam:AttachRolePolicy"
_PUT_BOUNDARY: Final = "iam:PutRolePermissionsBoundary"
_BOUNDED: Final = ("iam:CreateRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", _ATTACH, _PUT_BOUNDARY)
"""What makes a role stronger, or somebody else strong by it."""
_NEVER: Final = "iam:DeleteRolePermissionsBoundary"
"""Whoever puts a boundary on a role doesn't want it taken off by the one whom it bounds."""


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


def iam_grants(subject: PolicySubject, purpose: PolicyPurpose) -> Iterator[Grant]:
    """Roles, profiles and policies."""
    for resource, actions in changes(subject, purpose):
        for action in sorted(each for each in actions if each.startswith("iam:") and each != _NEVER):
            type = named_type(action)
            if action == _LINKED_ROLE:
                service = _LINKED.get(resource.type, _BALANCING)
                linked = subject.arn("iam", f"role/aws-service-role/{service}/*")
                yield Grant("LinkedRole", action, frozenset((linked,)), equals("iam:AWSServiceName", service))
            elif not type:
                yield Grant("ListIam", action, frozenset("*"))
            elif type == "role":
                yield from _on_roles(subject, resource, action)
            else:
                arns = frozenset(_named(subject, resource, type))
                yield Grant(f"Change{_words(type)}", action, arns)


def _on_roles(subject: PolicySubject, resource: Resource, action: str) -> Iterator[Grant]:
    roles: list[Value | Resource] = [resource]
    if resource.type != ROLE:
        roles = [value for property in ("RoleName", "Roles") for value in values_of(resource, property)]
    for role in roles:
        own = role if isinstance(role, Resource) else subject.referred(role)
        arns = frozenset(_named(subject, own, "role") if own else _given_role(subject, role))
        boundary = _boundary(subject, own) if own and action in _BOUNDED else ()
        if action == "iam:PassRole":
            yield Grant("PassRole", action, arns, equals("iam:PassedToService", *_machines(subject)))
        elif action == _ATTACH:
            policies = tuple(_policies(subject, resource))
            yield Grant("AttachPolicy", action, arns, (("ArnLike", "iam:PolicyARN", policies), *boundary))
        elif boundary:
            yield Grant("ChangeBoundedRole", action, arns, boundary)
        elif action != _PUT_BOUNDARY:
            yield Grant("ChangeRole", action, arns)


def _named(subject: PolicySubject, resource: Resource, type: str) -> Iterator[str]:
    """ARNs of a resource of the type."""
    if resource.type == _TYPES[type]:
        path = str(resource.properties.get("Path") or "/")
        yield subject.arn("iam", f"{type}{path}{subject.name_of(resource)}")


def _given_role(subject: PolicySubject, role: Value | Resource) -> Iterator[str]:
    """ARNs of a role that the plan names and doesn't make, whose path isn't known."""
    name = role if isinstance(role, str) else "*"
    yield subject.arn("iam", f"role/{name}")
    yield subject.arn("iam", f"role/*/{name}")


def _boundary(subject: PolicySubject, role: Resource) -> Condition:
    """That the role has, or is to get, the boundary that the plan gives it; nothing where it gives none."""
    value = role.properties.get("PermissionsBoundary")
    if not value:
        return ()
    return (("ArnLike", "iam:PermissionsBoundary", (_policy_arn(subject, value),)),)


def _policies(subject: PolicySubject, attachment: Resource) -> Iterator[str]:
    for value in values_of(attachment, "PolicyArn"):
        yield _policy_arn(subject, value)


def _policy_arn(subject: PolicySubject, value: Value) -> str:
    """The ARN of a managed policy: the plan's own, given, or, put together at run time, any of the account."""
    own = subject.referred(value)
    if own:
        return next(_named(subject, own, "policy"), "*")
    return value if isinstance(value, str) else subject.arn("iam", "policy/*")


def _machines(subject: PolicySubject) -> tuple[str, ...]:
    """EC2, by the names that it has in the partition."""
    return tuple(sorted({"ec2.amazonaws.com", f"ec2.{subject.partition.dns_suffix}"}))


def s3_grants(subject: PolicySubject, purpose: PolicyPurpose) -> Iterator[Grant]:
    """Buckets and objects."""
    for resource, actions in changes(subject, purpose):
        for action in sorted(each for each in actions if each.startswith("s3:")):
            type = named_type(action)
            key = resource.properties.get("Key")
            rest = f"/{key if isinstance(key, str) else '*'}" if type == "object" else ""
            yield Grant(f"Change{_words(type)}", action, _buckets(subject, resource, rest))
            if action == "s3:PutObject":
                yield from _keys(subject, resource)


def _keys(subject: PolicySubject, object_: Resource) -> Iterator[Grant]:
    """Whoever puts an object into a bucket that encrypts with a key of the account's own has that make one for it."""
    for bucket in filter(None, map(subject.referred, values_of(object_, "Bucket"))):
        for key in _encrypting(bucket.properties.get("BucketEncryption")):
            whole = isinstance(key, str) and key.startswith("arn:")
            arn = key if whole else subject.arn("kms", f"key/{key}" if isinstance(key, str) else "key/*")
            yield Grant("EncryptObject", "kms:GenerateDataKey", frozenset((str(arn),)))


def _encrypting(configuration: Value) -> Iterator[Value]:
    """The keys in a bucket's configuration of encryption."""
    rules = configuration.get("ServerSideEncryptionConfiguration") if isinstance(configuration, Mapping) else ()
    for rule in rules if isinstance(rules, Sequence) else ():
        default = rule.get("ServerSideEncryptionByDefault") if isinstance(rule, Mapping) else None
        if isinstance(default, Mapping) and default.get("KMSMasterKeyID"):
            yield default["KMSMasterKeyID"]


def s3_reads(subject: PolicySubject, reads: set[str]) -> Iterator[Grant]:
    """Buckets hold what is nobody's business, so they are looked at by name. Only the tags of all whose names begin
    with the plan's are asked for: that is how one is found that the plan has no more."""
    about = [each for each in subject.all_resources.values() if each.type == BUCKET or "Bucket" in each.properties]
    for action in sorted(reads):
        type = named_type(action)
        if action == "s3:GetBucketTagging":
            prefix = f"arn:{subject.partition.id}:s3:::{subject.name.lower()}-*"
            yield Grant("ReadBucket", action, frozenset((prefix,)))
        for resource in about:
            yield Grant(f"Read{_words(type)}", action, _buckets(subject, resource, "/*" if type == "object" else ""))


def _buckets(subject: PolicySubject, resource: Resource, rest: str) -> frozenset[str]:
    """ARNs of the bucket that a resource is or lies in, or of what `rest` names in it."""
    values: list[Value] = values_of(resource, "Bucket")
    own = [resource] if resource.type == BUCKET else [each for each in map(subject.referred, values) if each]
    names = [subject.name_of(each) for each in own]
    names += [value if isinstance(value, str) else "*" for value in values if not subject.referred(value)]
    return frozenset(f"arn:{subject.partition.id}:s3:::{name}{rest}" for name in names)


def lock_grants(subject: PolicySubject) -> Iterator[Grant]:
    """The lock's object, and its bucket's list, without which S3 tells what is missing as denied."""
    if not subject.lock:
        return
    bucket, _, prefix = subject.lock.removeprefix("s3://").partition("/")
    name = f"{subject.account or '*'}-{subject.region}-{subject.name}.lock"
    key = "/".join(part for part in (prefix.strip("/"), name) if part)
    whole = f"arn:{subject.partition.id}:s3:::{bucket}"
    for action in ("s3:GetObject", "s3:PutObject"):
        yield Grant("Lock", action, frozenset((f"{whole}/{key}",)))
    yield Grant("LockMissing", "s3:ListBucket", frozenset((whole,)))


def _words(type: str) -> str:
    return "".join(part.title() for part in type.split("-"))
