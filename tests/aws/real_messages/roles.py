"""Of IAM's roles, profiles and policies."""

from __future__ import annotations

from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from tests.aws.real_messages.row import ISSUES, Row

ROLES: Final = (
    Row(
        *("iam", "CreateRole", 409, "EntityAlreadyExists"),
        "Role with name nat_ha_role already exists.",
        f"{ISSUES}terraform-community-modules/tf_aws_nat/pull/13",
        *(
            ErrorClass.EXISTS,
            "name-taken",
            ("names of IAM are the account's", "begin with its infraID", "iam.instanceProfiles"),
        ),
    ),
    Row(
        *("iam", "DeleteRole", 409, "DeleteConflict"),
        "Cannot delete entity, must remove roles from instance profile first.",
        f"{ISSUES}rebuy-de/aws-nuke/issues/702",
        *(ErrorClass.BUSY, "still-attached", ("Something is still attached", "take it off")),
    ),
    Row(
        *("iam", "DeleteRole", 409, "DeleteConflict"),
        "Cannot delete entity, must detach all policies first.",
        f"{ISSUES}cloud-custodian/cloud-custodian/issues/4078",
        *(ErrorClass.BUSY, "still-attached", ("take it off",)),
    ),
    Row(
        *("iam", "AttachRolePolicy", 404, "NoSuchEntity"),
        "Policy arn:aws:iam::aws:policy/AWSLambdaRole does not exist or is not attachable.",
        f"{ISSUES}hashicorp/terraform/issues/31748",
        *(ErrorClass.INVALID, "no-such-policy", ("ManagedPolicyArns", "iam.permissionsBoundary")),
    ),
    # One that was made a moment ago.
    Row(
        *("iam", "AttachRolePolicy", 404, "NoSuchEntity"),
        "Policy arn:aws:iam::111111111111:policy/policy-name does not exist or is not attachable.",
        f"{ISSUES}getmoto/moto/pull/6482",
        *(ErrorClass.NOT_VISIBLE, "no-such-policy", ("ManagedPolicyArns", "iam.permissionsBoundary")),
    ),
    Row(
        *("iam", "AttachRolePolicy", 400, "PolicyNotAttachable"),
        "Cannot attach a Service Role Policy to a Customer Role.",
        f"{ISSUES}aws/aws-cdk/issues/6131",
        *(ErrorClass.INVALID, "no-such-policy", ("none that a role may have",)),
    ),
    # A principal that was made a moment ago.
    Row(
        *("iam", "CreateRole", 400, "MalformedPolicyDocument"),
        'Invalid principal in policy: "AWS":"arn:aws:iam::332745928618:role/UC_ROLE"',
        f"{ISSUES}databrickslabs/ucx/issues/2269",
        *(ErrorClass.NOT_VISIBLE, "no-principal", ("a principal that AWS doesn't know",)),
    ),
    Row(
        *("s3", "PutBucketPolicy", 400, "MalformedPolicy"),
        "Invalid principal in policy",
        f"{ISSUES}cloud-custodian/cloud-custodian/issues/4948",
        *(ErrorClass.NOT_VISIBLE, "no-principal", ("a principal that AWS doesn't know",)),
    ),
    Row(
        *("iam", "CreateRole", 400, "MalformedPolicyDocument"),
        "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a "
        "statement with no principals!",
        f"{ISSUES}terraform-aws-modules/terraform-aws-iam/issues/47",
        *(ErrorClass.INVALID, "bad-policy", ("time doesn't mend that", "Correct the document")),
    ),
    Row(
        *("iam", "PutRolePolicy", 400, "MalformedPolicyDocument"),
        "Policy document should not specify a principal.",
        f"{ISSUES}hashicorp/terraform/issues/13449",
        *(ErrorClass.INVALID, "bad-policy", ("Correct the document",)),
    ),
    Row(
        *("iam", "TagRole", 409, "ConcurrentModification"),
        "The request was rejected because multiple requests to change this object were submitted simultaneously. Wait "
        "a few minutes and submit your request again.",
        f"{ISSUES}hashicorp/terraform-provider-aws/pull/39429",
        *(ErrorClass.BUSY, "changed-by-others", ("Somebody else was changing",)),
    ),
    Row(
        *("iam", "PutRolePolicy", 409, "LimitExceeded"),
        "Cannot exceed quota for PolicySize: 6144",
        f"{ISSUES}ministryofjustice/cloud-platform-environments/pull/14473",
        *(ErrorClass.INVALID, "too-long", ("no quota changes that", "Shorten it")),
    ),
    Row(
        *("iam", "PutRolePolicy", 409, "LimitExceeded"),
        "Maximum policy size of 10240 bytes exceeded for role lab-master-role",
        f"{ISSUES}serverless/serverless/issues/7643",
        *(ErrorClass.INVALID, "too-long", ("no quota changes that", "Shorten it")),
    ),
    Row(
        *("iam", "AddRoleToInstanceProfile", 409, "LimitExceeded"),
        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
        f"{ISSUES}getmoto/moto/issues/6404",
        *(ErrorClass.EXISTS, "there-already", ()),
    ),
)
