"""Whether somebody else has the names of the buckets that are going to be made: a partition has each name once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ocpprov.aws.error_codes import MOVED, ErrorClass
from ocpprov.aws.errors import classify, describe, is_aws_error
from ocpprov.checks.result import Check, failed, passed, unknown
from ocpprov.engine.actions import Actions
from ocpprov.engine.ownership import with_certain_name
from ocpprov.engine.steps import CreateStep
from ocpprov.kinds.registry import KINDS

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_BUCKET = "AWS::S3::Bucket"
_OTHER_NAME = "choose another name (openshift.bucket.name, BucketName)"


def new_buckets(actions: Actions) -> dict[str, str]:
    """The names of the buckets to be made, given or generated, by logical id."""
    found: dict[str, str] = {}
    for step in actions.steps:
        if step.type == _BUCKET and isinstance(step, CreateStep):
            named = with_certain_name(KINDS[_BUCKET], actions.owner, step.logical_id, step.resource.properties)
            name = named.get("BucketName")
            if isinstance(name, str):
                found[step.logical_id] = name
    return found


def bucket_names(names: Mapping[str, str], s3: S3Client) -> Iterator[Check]:
    """A result for each name. HeadBucket: 404 where there is none, 403 where it is somebody else's, 301 where it is in
    another region."""
    for logical_id, name in names.items():
        try:
            s3.head_bucket(Bucket=name)
        except Exception as error:
            if not is_aws_error(error):
                raise
            yield _refused(logical_id, name, error)
        else:
            detail = f"{logical_id} is to be {name}, which this account has already, in another region or as another's"
            yield failed("bucket-name", detail, _OTHER_NAME)


def _refused(logical_id: str, name: str, error: Exception) -> Check:
    error_class, message = classify(error), describe(error)
    if error_class is ErrorClass.NOT_VISIBLE:
        return passed("bucket-name", f"nobody has {name} ({logical_id})")
    if error_class is ErrorClass.DENIED:
        detail = f"{logical_id} is to be {name}, which S3 doesn't let us look at: somebody else has it"
        remedy = f"{_OTHER_NAME}; if it is free, an endpoint's policy or a missing s3:ListBucket hides that"
        return failed("bucket-name", detail, remedy)
    if message.code in MOVED:
        return failed("bucket-name", f"{logical_id} is to be {name}, which is in another region already", _OTHER_NAME)
    return unknown("bucket-name", f"S3 doesn't say whether somebody has {name}: {message}", "run preflight again")
