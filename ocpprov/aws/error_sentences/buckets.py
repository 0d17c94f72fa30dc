"""Of S3 and the keys it encrypts with. Sources: S3's list of errors, and "Troubleshoot access denied (403 Forbidden)
errors in Amazon S3"."""

from __future__ import annotations

from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.policies import permission_for
from ocpprov.aws.error_sentences.sentence import Said, Sentence


def _refused(said: Said) -> str:
    return f"{permission_for(said.operation)} {_OTHER_OWNER}"


_OTHER_OWNER: Final = (
    "S3 says the same of a bucket that changed hands: each request says that it has to be this account's. Where it "
    "isn't any more, nothing was put there; choose another name for it."
)
_NAME_OF_OTHERS: Final = (
    "Somebody else has a bucket of this name, and names are unique among all accounts. Write another one as "
    "openshift.bucket.name (or BucketName), or none, so that one is generated, and run the same command again."
)
_IN_THE_MAKING: Final = (
    "Something else is happening to a bucket of this name: it is being made, changed or deleted, here or in another "
    "account. After a deletion a name is free again within an hour. Wait, or choose another name, and run the same "
    "command again."
)
_NO_ACLS: Final = (
    "The bucket's Object Ownership has ACLs turned off, which no permission changes. Take the ACL out of the plan, "
    "and say it in the bucket's policy; then run the same command again."
)
_NOT_PUBLIC: Final = (
    "Block Public Access of the bucket or the account refuses a policy or an ACL for everybody, whatever the user's "
    "permissions. Name the principals in it, and run the same command again."
)
_LOCKED: Final = (
    "Object Lock keeps the object, whatever the user's permissions. Wait for the end of its retention, or have "
    "whoever set it lift it; then run the same command again."
)
_KEYS_POLICY: Final = (
    "The bucket encrypts with a KMS key that isn't there, or whose policy doesn't let the user use it: a permission "
    "of the user alone doesn't help. Have the key's owner allow it, or choose another encryption for the bucket, and "
    "run the same command again."
)
_KEY_OFF: Final = (
    "The KMS key that the bucket encrypts with is disabled or about to be deleted. Have it enabled, or choose another "
    "encryption for the bucket, and run the same command again."
)

SENTENCES: Final = (
    Sentence("name-of-others", ("BucketAlreadyExists",), "", ErrorClass.INVALID, _NAME_OF_OTHERS),
    Sentence("in-the-making", ("OperationAborted",), "", ErrorClass.BUSY, _IN_THE_MAKING),
    Sentence("no-acls", ("AccessControlListNotSupported",), "", ErrorClass.INVALID, _NO_ACLS),
    Sentence(
        "not-public",
        ("AccessDenied",),
        "block public access setting|Block Public Access",
        ErrorClass.DENIED,
        _NOT_PUBLIC,
    ),
    Sentence("locked", ("AccessDenied",), "protected by object lock", ErrorClass.DENIED, _LOCKED),
    Sentence(
        "keys-policy",
        ("AccessDenied",),
        r"kms:\w+ on this resource because the resource does not exist|refers to a customer master key",
        ErrorClass.DENIED,
        _KEYS_POLICY,
    ),
    Sentence("keys-policy", ("KMS.NotFoundException",), "", ErrorClass.INVALID, _KEYS_POLICY),
    Sentence("key-off", ("KMS.DisabledException", "KMS.KMSInvalidStateException"), "", ErrorClass.INVALID, _KEY_OFF),
    # S3's words, and nobody else's, where it doesn't say which policy it was.
    Sentence(
        "other-owner",
        ("AccessDenied",),
        r"\AAccess Denied\.?\Z",
        ErrorClass.DENIED,
        _refused,
        "(?!ListBuckets$|CreateBucket$).+",
    ),
)
