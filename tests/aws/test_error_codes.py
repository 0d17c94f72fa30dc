"""What codes mean by themselves or with a few words, where nobody has published a whole message."""

from __future__ import annotations

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import classify, wrap
from tests.aws.real_messages.row import GIVE
from tests.aws.test_errors import answer

TAG = "The tag policy does not allow the specified value"
LATE = "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z"
SECRET = "The request signature we calculated does not match the signature you provided."
PRINCIPALS = "Invalid principal in policy: The passed in policy has a statement with no principals!"


@pytest.mark.parametrize(
    ("operation", "code", "message", "error_class", "says"),
    [
        # Codes that AWS's references list, and words that nobody has published.
        ("CreateVpc", "TagPolicyException", "", ErrorClass.INVALID, "userTags"),
        ("CreateVpc", "TagPolicyViolationException", "", ErrorClass.INVALID, "userTags"),
        ("CreateRole", "InvalidInput", TAG, ErrorClass.INVALID, "userTags"),
        ("CreateRole", "InvalidInput", "Tag policies of your organization", ErrorClass.INVALID, "userTags"),
        ("AttachInternetGateway", "X", "VPC Block Public Access is on", ErrorClass.INVALID, "egress: none"),
        ("CreateRoute", "X", "blocked by VPC BPA", ErrorClass.INVALID, "create-vpc-block-public-access-exclusion"),
        ("CreateBucket", "AccountProblem", "", ErrorClass.INVALID, "AWS has blocked the account"),
        ("CreateBucket", "AllAccessDisabled", "", ErrorClass.INVALID, "AWS has blocked the account"),
        ("ListServiceQuotas", "InvalidSignatureException", LATE, ErrorClass.CREDENTIALS, "This machine's clock"),
        ("GetCallerIdentity", "SignatureDoesNotMatch", "Signature not yet current: x", ErrorClass.CREDENTIALS, "clock"),
        (
            "AssumeRoleWithWebIdentity",
            "IDPRejectedClaim",
            "",
            ErrorClass.CREDENTIALS,
            "token that the credentials come",
        ),
        ("ListServiceQuotas", "InvalidSignatureException", SECRET, ErrorClass.CREDENTIALS, "The secret key isn't that"),
        ("CreateTags", "TagLimitExceeded", "", ErrorClass.INVALID, "out of userTags or off the resource"),
        ("AddTags", "TooManyTags", "", ErrorClass.INVALID, "out of userTags or off the resource"),
        ("AddTags", "TooManyTagsException", "", ErrorClass.INVALID, "out of userTags or off the resource"),
        (
            "CreateSubnet",
            "OperationNotPermitted",
            "A subnet in this vpc is shared but the provided object is not owned by you",
            ErrorClass.DENIED,
            "Another account owns the network",
        ),
        ("AllocateAddress", "InsufficientAddressCapacity", "", ErrorClass.INVALID, "AWS has none left at the moment"),
        ("TagRole", "EntityTemporarilyUnmodifiable", "", ErrorClass.BUSY, "Somebody else was changing"),
        ("PutBucketPolicy", "MalformedPolicy", PRINCIPALS, ErrorClass.INVALID, "Correct the document"),
        ("PutBucketPolicy", "MalformedPolicy", "Syntax error", ErrorClass.INVALID, "Correct the document"),
        ("PutObject", "KMS.KMSInvalidStateException", "", ErrorClass.INVALID, "is disabled or about to be deleted"),
        (
            "X",
            "OperationNotPermitted",
            "You are not allowed",
            ErrorClass.INVALID,
            "ask AWS Support with the request id",
        ),
        (
            "GetPolicy",
            "NoSuchEntity",
            "Policy arn:aws:iam::aws:policy/X does not exist or is not attachable.",
            ErrorClass.NOT_VISIBLE,
            "isn't there",
        ),
        # What the class alone says.
        (
            "ReleaseAddress",
            "InvalidParameterValue",
            "The address is currently in use",
            ErrorClass.BUSY,
            "still uses it",
        ),
        ("CreateLoadBalancer", "InvalidSecurityGroup", "", ErrorClass.NOT_VISIBLE, "isn't there"),
        ("CreateLoadBalancer", "InvalidSubnet", "The subnet is not valid", ErrorClass.NOT_VISIBLE, "isn't there"),
        ("DeregisterInstancesFromLoadBalancer", "InvalidInstance", "", ErrorClass.NOT_VISIBLE, "isn't there"),
        (
            "RunInstances",
            "InvalidParameterValue",
            "Invalid IAM Instance Profile",
            ErrorClass.NOT_VISIBLE,
            "isn't there",
        ),
        ("RegisterInstancesWithLoadBalancer", "InvalidInstance", "", ErrorClass.INVALID, "Correct the plan"),
        ("CreateVpcEndpoint", "InvalidParameter", "The policy is malformed", ErrorClass.INVALID, "Correct the plan"),
        ("CreateHostedZone", "InvalidDomainName", "a..b is not a domain", ErrorClass.INVALID, "Correct the plan"),
        ("CreateVpc", "InvalidParameterValue", "The range is odd", ErrorClass.INVALID, "Correct the plan"),
        ("X", "AuthFailure", "Not to be told", ErrorClass.CREDENTIALS, "clock"),
    ],
)
def test_what_is_known_by_its_code_or_a_few_words(
    operation: str, code: str, message: str, error_class: ErrorClass, says: str
) -> None:
    error = wrap(answer(operation, 400, code, message))
    assert error.error_class is error_class
    assert says in error.next_step
    assert GIVE not in error.next_step


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("X", "The address is currently in use"),
        ("CreateTargetGroup", "The VPC ID 'vpc-1' is not found"),
        ("DeregisterTargets", "Target is not registered"),
        ("DeregisterInstancesFromLoadBalancer", "x"),
        ("RunInstances", "Invalid IAM Instance Profile"),
        ("CreateLoadBalancer", "The subnet is not valid"),
        ("CreateNatGateway", "The subnet is not valid"),
        ("ReleaseAddress", "x"),
        ("CreateRoute", "You are not authorized to perform this operation"),
    ],
)
def test_the_same_words_with_another_code_are_not_waited_for(operation: str, message: str) -> None:
    assert classify(answer(operation, 400, "SomethingElse", message)) is ErrorClass.INVALID


@pytest.mark.parametrize(
    ("error_class", "codes"),
    [
        (
            ErrorClass.THROTTLED,
            "BandwidthLimitExceeded ConcurrentMutationLimitExceeded DependencyThrottle EC2ThrottledException "
            "RequestThrottled RequestThrottledException ThrottledException ThrottlingException",
        ),
        (
            ErrorClass.UNKNOWN_OUTCOME,
            "InternalFailure InternalServerError RequestTimeout RequestTimeoutException ServiceUnavailable "
            "ServiceUnavailableException",
        ),
        (
            ErrorClass.NOT_VISIBLE,
            "AllocationIdNotFound LoadBalancerNotFound NoSuchBucket NoSuchBucketPolicy NoSuchChange NoSuchKey "
            "NoSuchLifecycleConfiguration NoSuchObjectLockConfiguration NoSuchPublicAccessBlockConfiguration "
            "NoSuchTagSet ObjectLockConfigurationNotFoundError OwnershipControlsNotFoundError "
            "ServerSideEncryptionConfigurationNotFoundError",
        ),
        (
            ErrorClass.EXISTS,
            "ConditionalRequestConflict DuplicateListener DuplicateLoadBalancerName DuplicateTargetGroupName "
            "NetworkAclEntryAlreadyExists PreconditionFailed",
        ),
        (ErrorClass.BUSY, "BucketNotEmpty"),
        (ErrorClass.TOKEN_MISMATCH, "IdempotentParameterMismatchException"),
        (ErrorClass.DENIED, "AccessDeniedException NotAuthorized"),
        (ErrorClass.QUOTA, "LimitsExceeded SomethingLimitExceeded SomethingQuotaExceeded TooManyThings"),
        (
            ErrorClass.CREDENTIALS,
            "ExpiredTokenException IncompleteSignature InvalidSignatureException MissingAuthenticationToken",
        ),
    ],
)
def test_what_a_code_means_by_itself(error_class: ErrorClass, codes: str) -> None:
    assert {code: classify(answer("X", 400, code, "")) for code in codes.split()} == dict.fromkeys(
        codes.split(), error_class
    )
