"""Buckets with the tags and policies of their own, and objects that are written only by who knows what is there."""

from __future__ import annotations

from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.operations import parse_xml

_OWNER_WANTED = "x-amz-expected-bucket-owner"


class Buckets:
    """CreateBucket takes tags (API reference of CreateBucketConfiguration); moto forgets them.

    Of a policy's statement moto looks at the effect and not at the condition, so that "nobody without TLS" is "nobody".
    The sandbox is asked without TLS, and stands for a service that is asked with it: policies refuse nothing here.

    Whoever says whose a bucket has to be is refused where it is another's (S3's user guide, "Verifying bucket ownership
    with bucket owner condition"); moto doesn't look.
    """

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """moto's answer to a call for an object, without the bucket's policy; nobody looks at other people's buckets,
        which have no body to say so (HeadBucket's reference)."""
        if request.service == "s3" and request.operation == "HeadBucket" and aws.others_have(request):
            return Answer(403)
        if request.service == "s3" and request.header(_OWNER_WANTED) and aws.others_have(request):
            return error(request, "AccessDenied", "Access Denied", 403)
        if request.service != "s3" or not request.get("Key"):
            return None
        bucket = aws.s3(request).buckets.get(request.get("Bucket")) or _Unknown()
        policy, bucket.policy = bucket.policy, None
        try:
            return aws.execute(request)
        finally:
            bucket.policy = policy

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged; the tags are put on the bucket."""
        if answer.ok and request.service == "s3" and request.operation == "CreateBucket" and request.body:
            tags = {
                tag.findtext("{*}Key") or "": tag.findtext("{*}Value") or ""
                for tag in parse_xml(request.body).iterfind(".//{*}Tag")
            }
            if tags:
                backend = aws.s3(request)
                backend.tagger.tag_resource(backend.get_bucket(request.get("Bucket")).arn, _listed(tags))
        return answer


class _Unknown:
    """A bucket that isn't there; moto says so."""

    policy: bytes | None = None


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


class ConditionalWrites:
    """`If-Match` on PutObject (S3's user guide, "Conditional writes": 412 when it isn't the same any more, 404 when it
    isn't there). moto knows `If-None-Match` only."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, if there is one."""
        wanted = request.header("If-Match")
        if request.service != "s3" or request.operation != "PutObject" or not wanted:
            return None
        bucket: Any = aws.s3(request).buckets.get(request.get("Bucket"))
        if bucket is None:
            return None
        present = bucket.keys.get(request.get("Key"))
        if present is None:
            return error(request, "NoSuchKey", "The specified key does not exist.", 404)
        if present.etag.strip('"') != wanted.strip('"'):
            message = "At least one of the pre-conditions you specified did not hold"
            return error(request, "PreconditionFailed", message, 412)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


class ObjectRetention:
    """GetObjectRetention, for which moto answers with the object itself; without a retention 404 (its reference)."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """What moto remembers of an object's version."""
        if request.service != "s3" or request.operation != "GetObjectRetention":
            return None
        backend: Any = aws.s3(request)
        key = backend.get_object(request.get("Bucket"), request.get("Key"), version_id=_version(request))
        if key is None or not key.lock_until:
            message = "The specified object does not have a ObjectLock configuration"
            return error(request, "NoSuchObjectLockConfiguration", message, 404)
        retention = f"<Mode>{key.lock_mode}</Mode><RetainUntilDate>{key.lock_until}</RetainUntilDate>"
        body = f'<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{retention}</Retention>'
        return Answer(200, body.encode())

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _version(request: Request) -> str | None:
    return request.get("versionId") or None
