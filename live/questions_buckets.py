"""Questions about S3."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from live.clients import code
from live.lab import Lab
from live.questions import Measured, Question, Topic

_CODES: Final = "ocpprov/aws/error_codes.py"
_LOCK: Final = "ocpprov/aws/lock_object.py"


def _bucket(lab: Lab) -> str:
    """Made once: whether it is seen yet is another question."""
    with suppress(lab.client("s3").exceptions.BucketAlreadyOwnedByYou):
        _create(lab, lab.name)
    return lab.name


def _create(lab: Lab, name: str) -> None:
    where = {} if lab.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": lab.region}}
    lab.client("s3").create_bucket(Bucket=name, **where)


def _twice(lab: Lab) -> str:
    _bucket(lab)
    return code(lambda: _create(lab, lab.name))


def _listed_after(lab: Lab) -> Measured:
    s3, name = lab.client("s3"), f"{lab.name}-lag"
    _create(lab, name)
    return Measured("", lab.took(lambda: name in [each["Name"] for each in s3.list_buckets()["Buckets"]]))


def _missing(lab: Lab) -> str:
    return code(lambda: lab.client("s3").head_bucket(Bucket=f"{lab.name}-missing"))


def _put(lab: Lab, key: str, **condition: Any) -> Callable[[], Any]:
    return lambda: lab.client("s3").put_object(Bucket=lab.name, Key=key, Body=b"", **condition)


def _taken(lab: Lab) -> str:
    _bucket(lab)
    lab.made(_put(lab, "lock"))
    return code(_put(lab, "lock", IfNoneMatch="*"))


def _not_the_same(lab: Lab) -> str:
    return code(_put(lab, "lock", IfMatch='"0123456789abcdef0123456789abcdef"'))


def _not_there(lab: Lab) -> str:
    return code(_put(lab, "none", IfMatch='"0123456789abcdef"'))


def _full(lab: Lab) -> str:
    return code(lambda: lab.client("s3").delete_bucket(Bucket=_bucket(lab)))


BUCKETS: Final = Topic(
    "buckets",
    (
        Question(
            "CreateBucket twice (us-east-1: ok)", "BucketAlreadyOwnedByYou 409", "ocpprov/reconcile/create.py", _twice
        ),
        Question(
            "how long ListBuckets doesn't list a new bucket",
            "",
            "ocpprov/kinds/s3/common.py",
            _listed_after,
            "more than some seconds: a bucket whose create's answer was lost isn't found by the next look",
        ),
        Question("a bucket that isn't there", "404 404", _CODES, _missing),
        Question("an object that is there, If-None-Match", "PreconditionFailed 412", _LOCK, _taken),
        Question("an object that changed, If-Match", "PreconditionFailed 412", _LOCK, _not_the_same),
        Question("an object that isn't there, If-Match", "NoSuchKey 404", _LOCK, _not_there),
        Question("deleting a bucket with an object", "BucketNotEmpty 409", _CODES, _full),
    ),
    "2 buckets with an empty object",
)
