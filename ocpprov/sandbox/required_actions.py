"""What a caller must be allowed for one call: the actions, the resources, and what conditions may be about.

Service authorization reference: the actions of each operation, their resource types, and the condition keys of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.policy_evaluation import RequiredAction
from ocpprov.sandbox.required_actions_balancing import balancing_actions
from ocpprov.sandbox.required_actions_ec2 import ec2_actions
from ocpprov.sandbox.required_actions_iam import iam_actions
from ocpprov.sandbox.required_actions_route53 import route53_actions

# Actions of S3 that don't have the operation's name.
_S3_ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "DeleteObjects": ("DeleteObject", "DeleteObjectVersion"),
    "GetBucketEncryption": ("GetEncryptionConfiguration",),
    "GetBucketLifecycleConfiguration": ("GetLifecycleConfiguration",),
    "GetObjectLockConfiguration": ("GetBucketObjectLockConfiguration",),
    "GetPublicAccessBlock": ("GetBucketPublicAccessBlock",),
    "HeadBucket": ("ListBucket",),
    "HeadObject": ("GetObject",),
    "ListBuckets": ("ListAllMyBuckets",),
    "ListMultipartUploads": ("ListBucketMultipartUploads",),
    "ListObjectVersions": ("ListBucketVersions",),
    "ListObjects": ("ListBucket",),
    "ListObjectsV2": ("ListBucket",),
    "PutBucketEncryption": ("PutEncryptionConfiguration",),
    "PutBucketLifecycleConfiguration": ("PutLifecycleConfiguration",),
    "PutPublicAccessBlock": ("PutBucketPublicAccessBlock",),
}


def required_actions(request: Request, aws: Aws) -> Iterator[RequiredAction]:
    """Everything that the policy must allow for the call."""
    here = {"aws:RequestedRegion": request.region}
    match request.service:
        case "ec2":
            yield from ec2_actions(request, aws, here)
        case "elasticloadbalancing":
            yield from balancing_actions(request, aws, here)
        case "iam":
            yield from iam_actions(request, aws)
        case "s3":
            yield from _s3(request, aws, _partition(aws, request))
        case "route53":
            yield from route53_actions(request, _partition(aws, request), here)
        case "sts":
            if request.operation != "GetCallerIdentity":
                yield RequiredAction(f"sts:{request.operation}")
        case service:
            yield RequiredAction(f"{service}:{request.operation}", "*", here)


def _s3(request: Request, aws: Aws, partition: str) -> Iterator[RequiredAction]:
    bucket, key = request.get("Bucket"), request.get("Key")
    resource = f"arn:{partition}:s3:::{bucket}/{key}" if key else f"arn:{partition}:s3:::{bucket}" if bucket else "*"
    for action in _S3_ACTIONS.get(request.operation, (request.operation,)):
        if request.operation == "DeleteObjects":
            for each in request.elements("Object/Key"):
                yield RequiredAction(f"s3:{action}", f"arn:{partition}:s3:::{bucket}/{each}")
        else:
            yield RequiredAction(f"s3:{action}", resource)
    if request.operation == "PutObject":
        yield from _beside_object(request, aws, resource)
    if request.operation == "CreateBucket" and b"Tag" in request.body:
        yield RequiredAction("s3:TagResource", resource)


def _beside_object(request: Request, aws: Aws, resource: str) -> Iterator[RequiredAction]:
    """What else an object needs that is put."""
    if request.header("x-amz-tagging"):
        yield RequiredAction("s3:PutObjectTagging", resource)
    if request.header("If-Match"):
        yield RequiredAction("s3:GetObject", resource)
    if key := _key_of(aws.s3(request).buckets.get(request.get("Bucket"))):
        yield RequiredAction("kms:GenerateDataKey", key)


def _key_of(bucket: Any) -> str:
    """The account's own key that a bucket encrypts with; empty where it is S3's."""
    rule = ((bucket.encryption if bucket is not None else None) or {}).get("Rule", {})
    default = (rule[0] if isinstance(rule, list) else rule).get("ApplyServerSideEncryptionByDefault", {})
    return str(default.get("KMSMasterKeyID") or "")


def _partition(aws: Aws, request: Request) -> str:
    return aws.arn(request, "s3", "").split(":")[1]


def simulated(request: Request) -> Iterator[RequiredAction]:
    """What SimulatePrincipalPolicy is asked about, one action on one resource after another."""
    context: dict[str, str | tuple[str, ...]] = {}
    for index in range(1, 100):
        entry = f"ContextEntries.member.{index}"
        if name := request.get(f"{entry}.ContextKeyName"):
            values = request.values(f"{entry}.ContextKeyValues.member")
            context[name] = values if request.get(f"{entry}.ContextKeyType").endswith("List") else values[0]
    resources = request.values("ResourceArns.member") or ("*",)
    for action in request.values("ActionNames.member"):
        for resource in resources:
            yield RequiredAction(action, resource, context)
