"""What AWS's error codes mean for a run. Every code string of ocpprov stands here.

The order of the tables is the order in which they are asked: code and message where they mean something else than
everywhere, what one operation means by a code, what a code means together with its message, the code alone, the shape
of the code, the HTTP status.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final


class ErrorClass(Enum):
    """What an error means for the request that met it.

    `THROTTLED`: refused for now, send it again later. `NOT_SENT`: it never reached AWS. `UNKNOWN_OUTCOME`: AWS may
    or may not have done it; look before sending it again. `NOT_VISIBLE`: something it refers to isn't there, or not
    there yet; a delete reads this as done. `NOT_READY`: something it refers to is there, and still in the making.
    `EXISTS`: its natural key is taken, perhaps by ourselves. `BUSY`: something
    still holds on to it. `TOKEN_MISMATCH`: the token was used before, for something else. `DENIED`: no permission.
    `QUOTA`: a limit of the account is reached. `CREDENTIALS`: none, expired, or not accepted. `INVALID`: everything
    else, which no repetition helps.
    """

    THROTTLED = "throttled"
    NOT_SENT = "not sent"
    UNKNOWN_OUTCOME = "unknown outcome"
    NOT_VISIBLE = "not visible"
    NOT_READY = "not ready"
    EXISTS = "exists"
    BUSY = "busy"
    TOKEN_MISMATCH = "token mismatch"
    DENIED = "denied"
    QUOTA = "quota"
    CREDENTIALS = "credentials"
    INVALID = "invalid"


_BEFORE_ALL: Final[tuple[tuple[str, str, ErrorClass], ...]] = (
    # Of a full subnet; the same code without these words is of a fresh one.
    ("InvalidSubnet", "Not enough IP space", ErrorClass.INVALID),
)

_BY_OPERATION: Final[Mapping[tuple[str, str], ErrorClass]] = {
    # An address still held by a NAT gateway or balancer that is going away is refused like this.
    ("ReleaseAddress", "AuthFailure"): ErrorClass.BUSY,
    # Fresh subnets, groups and addresses are reported with the codes of malformed ones.
    ("CreateNatGateway", "InvalidSubnet"): ErrorClass.NOT_VISIBLE,
    ("CreateLoadBalancer", "InvalidSubnet"): ErrorClass.NOT_VISIBLE,
    # What isn't registered needs no taking out.
    ("DeregisterTargets", "InvalidTarget"): ErrorClass.NOT_VISIBLE,
    ("DeregisterInstancesFromLoadBalancer", "InvalidInstance"): ErrorClass.NOT_VISIBLE,
    ("CreateLoadBalancer", "InvalidSecurityGroup"): ErrorClass.NOT_VISIBLE,
}

_BY_MESSAGE: Final[tuple[tuple[str, str, ErrorClass], ...]] = (
    ("InvalidChangeBatch", "already exists", ErrorClass.EXISTS),
    ("InvalidParameter", "conflicting DNS domain", ErrorClass.EXISTS),
    ("LimitExceeded", "InstanceSessionsPerInstanceProfile", ErrorClass.EXISTS),
    ("InvalidParameterValue", "currently in use", ErrorClass.BUSY),
    ("InvalidParameterValue", "Invalid IAM Instance Profile", ErrorClass.NOT_VISIBLE),
    # A target group's fresh VPC, which load balancing hasn't heard of yet.
    ("ValidationError", "is not found", ErrorClass.NOT_VISIBLE),
    ("MalformedPolicyDocument", "Invalid principal", ErrorClass.NOT_VISIBLE),
    ("MalformedPolicy", "Invalid principal", ErrorClass.NOT_VISIBLE),
    # Of one thing, such as an address of another account; the same code without these words is about the keys.
    ("AuthFailure", "do not have permission", ErrorClass.DENIED),
    ("AuthFailure", "not authorized", ErrorClass.DENIED),
)

_CODES: Final[Mapping[ErrorClass, frozenset[str]]] = {
    ErrorClass.THROTTLED: frozenset(
        {
            "BandwidthLimitExceeded",
            "DependencyThrottle",
            "EC2ThrottledException",
            "PriorRequestNotComplete",
            "RequestLimitExceeded",
            "RequestThrottled",
            "RequestThrottledException",
            "SlowDown",
            "ThrottledException",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException",
        }
    ),
    ErrorClass.UNKNOWN_OUTCOME: frozenset(
        {
            "InternalError",
            "InternalFailure",
            "InternalServerError",
            "RequestTimeout",
            "RequestTimeoutException",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "Unavailable",
        }
    ),
    ErrorClass.NOT_VISIBLE: frozenset(
        {
            "AllocationIdNotFound",
            "Gateway.NotAttached",
            "InvalidVPCId",
            "LoadBalancerNotFound",
            "NatGatewayNotFound",
            "404",
            "NoSuchBucket",
            "NoSuchBucketPolicy",
            "NoSuchChange",
            "NoSuchEntity",
            "NoSuchHostedZone",
            "NoSuchKey",
            "NoSuchLifecycleConfiguration",
            "NoSuchObjectLockConfiguration",
            "NoSuchPublicAccessBlockConfiguration",
            "NoSuchTagSet",
            "ObjectLockConfigurationNotFoundError",
            "OwnershipControlsNotFoundError",
            "ServerSideEncryptionConfigurationNotFoundError",
        }
    ),
    ErrorClass.EXISTS: frozenset(
        {
            "BucketAlreadyOwnedByYou",
            # Of two conditional writes to one object the other one won.
            "ConditionalRequestConflict",
            "ConflictingDomainExists",
            "DuplicateListener",
            "DuplicateLoadBalancerName",
            "DuplicateTargetGroupName",
            "EntityAlreadyExists",
            "InvalidGroup.Duplicate",
            "InvalidPermission.Duplicate",
            "InvalidSubnet.Conflict",
            "NetworkAclEntryAlreadyExists",
            "PreconditionFailed",
            "Resource.AlreadyAssociated",
            "RouteAlreadyExists",
        }
    ),
    ErrorClass.BUSY: frozenset(
        {
            "BucketNotEmpty",
            "ConcurrentModification",
            "DeleteConflict",
            "DependencyViolation",
            "EntityTemporarilyUnmodifiable",
            "HostedZoneNotEmpty",
            "IncorrectState",
            "InvalidGroup.InUse",
            "InvalidIPAddress.InUse",
            "OperationAborted",
            "ResourceInUse",
        }
    ),
    # A zone's caller reference is a token that is used up for ever, also when the zone is gone.
    ErrorClass.TOKEN_MISMATCH: frozenset(
        {"HostedZoneAlreadyExists", "IdempotentParameterMismatch", "IdempotentParameterMismatchException"}
    ),
    ErrorClass.DENIED: frozenset(
        {
            "AccessDenied",
            "AccessDeniedException",
            "NotAuthorized",
            "UnauthorizedOperation",
        }
    ),
    ErrorClass.QUOTA: frozenset({"LimitExceeded", "LimitsExceeded", "TargetGroupAssociationLimit"}),
    ErrorClass.CREDENTIALS: frozenset(
        {
            "AuthFailure",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
        }
    ),
    ErrorClass.INVALID: frozenset(
        {
            # Somebody else's bucket, in spite of its name, is not ours to find again.
            "BucketAlreadyExists",
            # What no permission helps against: `causes` tells them apart.
            "InsufficientFreeAddressesInSubnet",
            "OperationNotPermitted",
            "OptInRequired",
            "PendingVerification",
            "TagPolicyException",
            "TagPolicyViolation",
        }
    ),
}
_BY_CODE: Final[Mapping[str, ErrorClass]] = {
    code: error_class for error_class, codes in _CODES.items() for code in codes
}

_BY_SHAPE: Final[tuple[tuple[re.Pattern[str], ErrorClass], ...]] = (
    (re.compile(r".*NotFound"), ErrorClass.NOT_VISIBLE),
    (re.compile(r".*(LimitExceeded|QuotaExceeded)|TooMany.*"), ErrorClass.QUOTA),
)

_THROTTLING_STATUS: Final = frozenset({429, 509})

QUOTAS: Final[Mapping[str, str]] = {
    "AddressLimitExceeded": "EC2-VPC Elastic IPs",
    "InternetGatewayLimitExceeded": "Internet gateways per Region",
    "NatGatewayLimitExceeded": "NAT gateways per Availability Zone",
    "NetworkAclEntryLimitExceeded": "Rules per network ACL",
    "NetworkAclLimitExceeded": "Network ACLs per VPC",
    "RouteLimitExceeded": "Routes per route table",
    "RouteTableLimitExceeded": "Route tables per VPC",
    "RulesPerSecurityGroupLimitExceeded": "Inbound or outbound rules per security group",
    "SecurityGroupLimitExceeded": "VPC security groups per Region",
    "SubnetLimitExceeded": "Subnets per VPC",
    "TargetGroupAssociationLimit": "Target groups per load balancer",
    "TooManyBuckets": "General purpose buckets",
    "TooManyHostedZones": "Domain hosted zones",
    "TooManyListeners": "Listeners per load balancer",
    "TooManyLoadBalancers": "Load balancers per Region",
    "TooManyTargetGroups": "Target groups per Region",
    "TooManyTargets": "Targets per load balancer",
    "VpcEndpointLimitExceeded": "VPC endpoints per VPC",
    "VpcLimitExceeded": "VPCs per Region",
}
"""What is short, by AWS's code, in the words of the services' pages on their quotas (the exact names in Service Quotas
from memory). IAM has one code for all of them, and names the quota in its message."""

NOT_PERMITTED: Final = "OperationNotPermitted"
"""What AWS says of an account, a setting or somebody else's hand, and never of a missing permission."""

FULL_SUBNET: Final = frozenset({"InsufficientFreeAddressesInSubnet", "InvalidSubnet"})
NOT_SIGNED_UP: Final = "OptInRequired"
UNVERIFIED: Final = "PendingVerification"
TAG_POLICY: Final = frozenset({"TagPolicyException", "TagPolicyViolation"})

DRY_RUN_ALLOWED: Final = "DryRunOperation"
"""EC2's answer to a dry run of what would have been done."""

MISSING_BUCKET: Final = "NoSuchBucket"
"""What says of an object's bucket that it isn't there, rather than of the object."""

EXPIRED_CODES: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
"""Refusals, before anything was done, of a request that is signed with credentials that ended."""

MOVED: Final = frozenset({"301", "PermanentRedirect", "AuthorizationHeaderMalformed"})
"""What S3 says of a bucket that is in another region."""

NOT_OFFERED: Final = frozenset(
    {"InvalidAction", "OptInRequired", "UnknownOperation", "UnknownOperationException", "UnsupportedOperation"}
)
"""What a service says of an operation that it doesn't have, in this region or for this account."""

CLOCK_CODES: Final = frozenset(
    {"AuthFailure", "InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed", "SignatureDoesNotMatch"}
)
"""Codes that a wrong clock on this machine gives too."""


def error_class_of(operation: str, code: str, message: str, status: int) -> ErrorClass:
    """What an answer of AWS means, from the operation (`CreateVpc`), its error code, message and HTTP status."""
    for known, fragment, before in _BEFORE_ALL:
        if code == known and fragment in message:
            return before
    if error_class := _BY_OPERATION.get((operation, code)):
        return error_class
    if error_class := _by_message(code, message):
        return error_class
    if error_class := _BY_CODE.get(code):
        return error_class
    for shape, error_class in _BY_SHAPE:
        if shape.fullmatch(code):
            return error_class
    return _by_status(status)


def _by_message(code: str, message: str) -> ErrorClass | None:
    for known, fragment, error_class in _BY_MESSAGE:
        if code == known and fragment in message:
            return error_class
    if code == "InvalidChangeBatch":
        if _deletes_only_what_is_gone(message):
            return ErrorClass.NOT_VISIBLE
        return _alias_comes_too_early(message)
    return None


def _deletes_only_what_is_gone(message: str) -> bool:
    """Whether every complaint about a change batch is that a record to delete wasn't found; a batch is all or nothing,
    so a single other complaint means that it still has to be sent."""
    complaints = message.count("Tried to ")
    return complaints > 0 and complaints == message.count("but it was not found")


def _alias_comes_too_early(message: str) -> ErrorClass | None:
    """What it means that targets of aliases weren't found, where nothing else is complained of: a balancer gets its
    name within minutes of its creation, another record at once. Where the target's zone is wrong, both are said."""
    targets = _ALIAS_TARGET.findall(message)
    if not targets or _ALIAS_TARGET.sub("", message).strip("[]., \n"):
        return None
    return ErrorClass.NOT_READY if all(_BALANCER in target for target in targets) else ErrorClass.NOT_VISIBLE


_ALIAS_TARGET: Final = re.compile(
    r"Tried to create an alias that targets (\S+), type \S+ in zone \S+, but that target was not found"
)
_BALANCER: Final = ".elb."


def _by_status(status: int) -> ErrorClass:
    if status in _THROTTLING_STATUS:
        return ErrorClass.THROTTLED
    if status >= 500:
        return ErrorClass.UNKNOWN_OUTCOME
    if status == 403:
        return ErrorClass.DENIED
    return ErrorClass.INVALID
