"""Of S3 and the keys it encrypts with."""

from __future__ import annotations

from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from tests.aws.real_messages.row import CALLER, DOCS, ISSUES, Row

BUCKETS: Final = (
    Row(
        *("s3", "CreateBucket", 409, "BucketAlreadyExists"),
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please "
        "select a different name and try again.",
        f"{ISSUES}s3tools/s3cmd/issues/1079",
        *(ErrorClass.INVALID, "name-of-others", ("Somebody else", "openshift.bucket.name")),
    ),
    Row(
        *("s3", "CreateBucket", 409, "OperationAborted"),
        "A conflicting conditional operation is currently in progress against this resource. Please try again.",
        f"{ISSUES}aws/aws-cli/issues/2593",
        *(ErrorClass.BUSY, "in-the-making", ("within an hour", "another name")),
    ),
    Row(
        *("s3", "PutObject", 400, "AccessControlListNotSupported"),
        "The bucket does not allow ACLs",
        f"{ISSUES}terraform-aws-modules/terraform-aws-s3-bucket/issues/242",
        *(ErrorClass.INVALID, "no-acls", ("Object Ownership", "bucket's policy")),
    ),
    Row(
        *("s3", "PutBucketPolicy", 403, "AccessDenied"),
        'User: arn:aws:iam::1:user/tf-user is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::'
        'x" because public policies are blocked by the BlockPublicPolicy block public access setting.',
        f"{DOCS}AmazonS3/latest/userguide/troubleshoot-403-errors.html",
        *(ErrorClass.DENIED, "not-public", ("Block Public Access", "Name the principals")),
    ),
    Row(
        *("s3", "PutObject", 403, "AccessDenied"),
        f"{CALLER}: kms:GenerateDataKey on this resource because the resource does not exist in this Region, no "
        "resource-based policies allow access, or a resource-based policy explicitly denies access",
        f"{ISSUES}buildkite/docs/pull/2344",
        *(ErrorClass.DENIED, "keys-policy", ("KMS key", "the key's owner")),
    ),
    Row(
        *("s3", "GetObject", 403, "AccessDenied"),
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are "
        "not allowed to access.",
        f"{ISSUES}ministryofjustice/modernisation-platform/issues/3468",
        *(ErrorClass.DENIED, "keys-policy", ("KMS key", "the key's owner")),
    ),
    Row(
        *("s3", "PutObject", 400, "KMS.NotFoundException"),
        "Invalid keyId aws/s3",
        f"{ISSUES}aws/aws-cli/issues/4507",
        *(ErrorClass.INVALID, "keys-policy", ("KMS key", "another encryption")),
    ),
    # The words are KMS's own; that S3 says the code: https://github.com/localstack/localstack/issues/8422
    Row(
        *("s3", "PutObject", 400, "KMS.DisabledException"),
        "arn:aws:kms:us-east-1:123456789012:key/deadbeef-3786-dead-beef-deadbeef7056 is disabled.",
        f"{ISSUES}fugue/credstash/issues/86",
        *(ErrorClass.INVALID, "key-off", ("Have it enabled",)),
    ),
    Row(
        *("s3", "DeleteObject", 403, "AccessDenied"),
        "Access Denied because object protected by object lock.",
        f"{ISSUES}versity/versitygw/issues/1330",
        *(ErrorClass.DENIED, "locked", ("Object Lock", "retention")),
    ),
)
