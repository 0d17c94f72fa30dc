"""Of the account, its organisation and its credentials: any service may say these.

Sources: the common errors of the EC2 API reference, the STS and S3 lists of errors, the user guides of AWS
Organizations (tag policies, EC2 policies) and of account management (regions that have to be enabled).
"""

from __future__ import annotations

from typing import Final

from ocpprov.aws.error_codes import CLOCK_CODES, ErrorClass
from ocpprov.aws.error_sentences.sentence import Said, Sentence
from ocpprov.aws.partitions import partition_of
from ocpprov.engine.suggestion import command_line

SET_CREDENTIALS: Final = (
    "Set or renew the credentials (AWS_PROFILE, or AWS_ACCESS_KEY_ID and its companions), and run the same command "
    "again."
)
CHECK_CLOCK: Final = "If they are right, check this machine's clock: AWS refuses one that is 5 minutes off."


def _unknown_key(said: Said) -> str:
    """AWS says the same of a key that it doesn't know and of one from an account that hasn't enabled the region."""
    clock = f" {CHECK_CLOCK}" if said.code in CLOCK_CODES else ""
    return f"{SET_CREDENTIALS}{clock}{_elsewhere(said.region)}"


def _elsewhere(region: str) -> str:
    if region in _ENABLED:
        return ""
    if not region:
        return (
            " Where they work in other regions, this one isn't enabled for the account: its administrators enable it."
        )
    partition = partition_of(region)
    if partition.id != "aws":
        return f" Keys are good in one partition: for {region} they have to be of an account in {partition.id}."
    where = ("--region-name", region)
    asks, enables = (
        command_line("aws", "account", verb, *where) for verb in ("get-region-opt-status", "enable-region")
    )
    return (
        f" Where they work in other regions, {region} isn't enabled for the account: `{asks}` tells, and an "
        f"administrator enables it with `{enables}`."
    )


_ENABLED: Final = frozenset(
    {
        *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
        *("ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1"),
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    }
)
"""Regions that every account has; those that came after March 2019 have to be enabled (AWS Account Management)."""

_TAGS: Final = (
    "A tag policy of the organisation refuses a tag. Write userTags with the keys, in the same capitals, and the "
    "values that it asks for, and run the same command again."
)
_DECLARED: Final = (
    "A declarative policy of the organisation has this setting in its hands, so no permission of the user helps. Ask "
    "the organisation's administrators, and run the same command again."
)
_BLOCKED_VPC: Final = (
    "VPC Block Public Access is on, so nothing of the internet's reaches the VPC, whatever the user's permissions. "
    "Have its administrators exclude the VPC (`aws ec2 create-vpc-block-public-access-exclusion`), or do without the "
    "internet (publish: Internal, egress: none), and run the same command again."
)
_NEW_ACCOUNT: Final = (
    "AWS doesn't let this account make load balancers, as is usual with new accounts, and neither a permission nor "
    "the plan changes that. Open a case with AWS Support that asks for it, and run the same command again when it is "
    "done."
)
_NOT_SIGNED_UP: Final = (
    "The account isn't signed up for this service or this region, which no permission changes. Have the account's "
    "administrators finish the sign-up or enable the region, and run the same command again."
)
_UNVERIFIED: Final = (
    "AWS is still checking what this account may have in the region, mostly for minutes, at most for some hours. Wait "
    "for its mail, and run the same command again; if it takes longer, ask AWS Support."
)
_BLOCKED: Final = (
    "AWS has blocked the account or what it asks for, which no permission changes. Look for AWS's mail to the "
    "account, settle it there or with AWS Support, and run the same command again."
)
_CLOCK: Final = (
    "This machine's clock and AWS's are too far apart: AWS's words have both times. Set this one right, and run the "
    "same command again."
)
_SECRET: Final = (
    "The secret key isn't that of the access key, or something on the way, such as a proxy, changed the request. Set "
    "the credentials anew (AWS_PROFILE, or AWS_SECRET_ACCESS_KEY and its companions), and run the same command again."
)
_STS_OFF: Final = (
    "STS is off in this region for the account, or the region isn't enabled there. Its administrators turn it on in "
    "IAM's account settings, or enable the region; then run the same command again."
)
_IDENTITY: Final = (
    "AWS doesn't take the token that the credentials come from: its issuer isn't a provider of the role's account, or "
    "the token is stale. Have the provider made in IAM, or get a fresh token, and run the same command again."
)
_TOO_MANY_TAGS: Final = (
    "The resource can't have more tags, and no quota changes that. Take some out of userTags or off the resource, and "
    "run the same command again."
)
_TAG_KEYS_ALIKE: Final = (
    "Two of the tags differ in capitals only, which IAM takes for one. Take one out of userTags, or out of the "
    "resource's Tags, and run the same command again."
)

SENTENCES: Final = (
    Sentence(
        "tags",
        ("TagPolicyException", "TagPolicyViolation", "TagPolicyViolationException"),
        "",
        ErrorClass.INVALID,
        _TAGS,
    ),
    Sentence("tags", (), r"(?i)\btag polic(?:y|ies)\b", ErrorClass.INVALID, _TAGS),
    Sentence("declared", (), "due to an organizational policy in effect", ErrorClass.INVALID, _DECLARED),
    # Of the setting itself nothing is known that says more.
    Sentence("blocked-vpc", (), r"VPC (?:Block Public Access|BPA)\b", ErrorClass.INVALID, _BLOCKED_VPC),
    Sentence(
        "new-account",
        ("OperationNotPermitted",),
        "does not support creating load balancers",
        ErrorClass.INVALID,
        _NEW_ACCOUNT,
    ),
    Sentence(
        "not-signed-up",
        ("NotSignedUp", "OptInRequired", "SubscriptionRequiredException"),
        "",
        ErrorClass.INVALID,
        _NOT_SIGNED_UP,
    ),
    Sentence("unverified", ("PendingVerification",), "", ErrorClass.INVALID, _UNVERIFIED),
    Sentence("blocked", ("AccountProblem", "AllAccessDisabled", "Blocked"), "", ErrorClass.INVALID, _BLOCKED),
    Sentence(
        "clock",
        ("InvalidSignatureException", "RequestTimeTooSkewed", "SignatureDoesNotMatch"),
        r"Signature (?:expired|not yet current)|request time and the current time",
        ErrorClass.CREDENTIALS,
        _CLOCK,
    ),
    Sentence(
        "secret",
        ("InvalidSignatureException", "SignatureDoesNotMatch"),
        "signature we calculated does not match",
        ErrorClass.CREDENTIALS,
        _SECRET,
    ),
    # EC2's AuthFailure without these words is of one thing.
    Sentence(
        "unknown-key", ("AuthFailure",), "not able to validate the provided", ErrorClass.CREDENTIALS, _unknown_key
    ),
    Sentence(
        "unknown-key",
        ("InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken", "UnrecognizedClientException"),
        "",
        ErrorClass.CREDENTIALS,
        _unknown_key,
    ),
    Sentence("sts-off", ("RegionDisabledException",), "", ErrorClass.CREDENTIALS, _STS_OFF),
    Sentence("identity", ("IDPRejectedClaim", "InvalidIdentityToken"), "", ErrorClass.CREDENTIALS, _IDENTITY),
    Sentence(
        "too-many-tags",
        ("TagLimitExceeded", "TooManyTags", "TooManyTagsException"),
        "",
        ErrorClass.INVALID,
        _TOO_MANY_TAGS,
    ),
    Sentence("tag-keys-alike", (), "Duplicate tag keys found", ErrorClass.INVALID, _TAG_KEYS_ALIKE),
)
