"""Of IAM's roles, profiles and policies. Sources: the errors that its API reference lists for each operation."""

from __future__ import annotations

from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.sentence import Sentence

_NAME_TAKEN: Final = (
    "The account has one of this name already, in whichever region it was asked for: names of IAM are the account's. "
    "Change the name in the plan (the openshift section's begin with its infraID), name that profile under "
    "iam.instanceProfiles, or take that one away if nobody needs it, and run the same command again."
)
_STILL_ATTACHED: Final = (
    "Something is still attached to it, as AWS's words say: a policy, a profile, a version. If the plan didn't attach "
    "it, take it off, and run the same command again."
)
_CHANGED_BY_OTHERS: Final = (
    "Somebody else was changing the same at the same time. Wait until they are done, and run the same command again."
)
_NO_PRINCIPAL: Final = (
    "A policy of the plan names a principal that AWS doesn't know: it isn't there, or was made a moment ago. Correct "
    "whom the policy names, or make it first, and run the same command again."
)
_BAD_POLICY: Final = (
    "AWS can't make sense of a policy of the plan, and time doesn't mend that. Correct the document where the message "
    "points, and run the same command again."
)
_NO_SUCH_POLICY: Final = (
    "The policy isn't there, or is none that a role may have. Correct its ARN in the plan (ManagedPolicyArns, "
    "iam.permissionsBoundary), or make it first, and run the same command again."
)
_TOO_LONG: Final = (
    "A policy of the plan is longer than IAM takes, and no quota changes that. Shorten it, or make several of it, and "
    "run the same command again."
)
_ATTACHING: Final = "AttachRolePolicy|CreateRole|PutRolePermissionsBoundary"
_POLICY_CODES: Final = ("MalformedPolicy", "MalformedPolicyDocument")

SENTENCES: Final = (
    Sentence("name-taken", ("EntityAlreadyExists",), "", ErrorClass.EXISTS, _NAME_TAKEN),
    Sentence("still-attached", ("DeleteConflict",), "", ErrorClass.BUSY, _STILL_ATTACHED),
    Sentence(
        "changed-by-others",
        ("ConcurrentModification", "EntityTemporarilyUnmodifiable"),
        "",
        ErrorClass.BUSY,
        _CHANGED_BY_OTHERS,
    ),
    Sentence("there-already", ("LimitExceeded",), "InstanceSessionsPerInstanceProfile", ErrorClass.EXISTS),
    Sentence("too-long", ("LimitExceeded",), r"PolicySize\b|Maximum policy size", ErrorClass.INVALID, _TOO_LONG),
    # AWS's own policies are never fresh.
    Sentence(
        "no-such-policy",
        ("NoSuchEntity",),
        r":iam::aws:policy/\S+ does not exist",
        ErrorClass.INVALID,
        _NO_SUCH_POLICY,
        _ATTACHING,
    ),
    Sentence(
        "no-such-policy",
        ("NoSuchEntity",),
        r":policy/\S+ does not exist",
        ErrorClass.NOT_VISIBLE,
        _NO_SUCH_POLICY,
        _ATTACHING,
    ),
    Sentence("no-such-policy", ("PolicyNotAttachable",), "", ErrorClass.INVALID, _NO_SUCH_POLICY),
    # The same words before a policy without any principal.
    Sentence("bad-policy", _POLICY_CODES, "with no principals", ErrorClass.INVALID, _BAD_POLICY),
    Sentence("no-principal", _POLICY_CODES, "Invalid principal", ErrorClass.NOT_VISIBLE, _NO_PRINCIPAL),
    Sentence("bad-policy", _POLICY_CODES, "", ErrorClass.INVALID, _BAD_POLICY),
    Sentence("fresh", ("InvalidParameterValue",), "Invalid IAM Instance Profile", ErrorClass.NOT_VISIBLE),
)
