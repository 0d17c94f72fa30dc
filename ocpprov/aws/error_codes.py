"""What AWS's error codes mean for a run where the code alone says it.

Every code string of ocpprov stands here or, where the code and its sentence decide together, in `error_sentences/`,
which is asked first (`error_causes.py`). Then come the code alone, the shape of the code, the HTTP status.
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


_CODES: Final[Mapping[ErrorClass, frozenset[str]]] = {
    ErrorClass.THROTTLED: frozenset(
        {
            "BandwidthLimitExceeded",
            "ConcurrentMutationLimitExceeded",
            "DependencyThrottle",
            "EC2ThrottledException",
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
            "LoadBalancerNotFound",
            "NatGatewayNotFound",
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
            "NoSuchUpload",
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
            "DuplicateListener",
            "DuplicateLoadBalancerName",
            "DuplicateTargetGroupName",
            "DuplicateTransitGatewayAttachment",
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
            "DependencyViolation",
            "IncorrectState",
            "InvalidCidrBlock.InUse",
            "InvalidGroup.InUse",
            "InvalidIPAddress.InUse",
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
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
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

KNOWN_REFUSALS: Final = _CODES[ErrorClass.DENIED] | {"AuthFailure"}
"""Codes of refusals for want of a permission, or by a policy."""

DRY_RUN_ALLOWED: Final = "DryRunOperation"
"""EC2's answer to a dry run of what would have been done."""

MISSING_BUCKET: Final = "NoSuchBucket"
"""What says of an object's bucket that it isn't there, rather than of the object."""

EXPIRED_CODES: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
"""Refusals, before anything was done, of a request that is signed with credentials that ended."""

MOVED: Final = frozenset({"301", "PermanentRedirect", "AuthorizationHeaderMalformed"})
"""What S3 says of a bucket that is in another region."""

BARE_STATUSES: Final = frozenset({404, 405, 501})
"""HTTP statuses with which, without a code of AWS, whoever answers at an address says that it has nothing there."""

NOT_OFFERED: Final = frozenset(
    {
        *map(str, BARE_STATUSES),
        "InvalidAction",
        "MethodNotAllowed",
        "NotImplemented",
        "NotSignedUp",
        "OptInRequired",
        "SubscriptionRequiredException",
        "UnknownOperation",
        "UnknownOperationException",
        "UnsupportedOperation",
    }
)
"""What a service says of an operation that it doesn't have, in this region or for this account."""

CLOCK_CODES: Final = frozenset(
    {"AuthFailure", "InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed", "SignatureDoesNotMatch"}
)
"""Codes that a wrong clock on this machine gives too."""


def class_of_code(code: str, status: int) -> ErrorClass:
    """What an answer of AWS means by its code alone, or by its HTTP status where the code isn't known."""
    if error_class := _BY_CODE.get(code):
        return error_class
    for shape, error_class in _BY_SHAPE:
        if shape.fullmatch(code):
            return error_class
    return _by_status(status)


def _by_status(status: int) -> ErrorClass:
    if status in _THROTTLING_STATUS:
        return ErrorClass.THROTTLED
    if status >= 500 and status not in BARE_STATUSES:
        return ErrorClass.UNKNOWN_OUTCOME
    if status == 403:
        return ErrorClass.DENIED
    return ErrorClass.INVALID
