"""Objects that are written only if they are still the ones that the writer knows."""

from __future__ import annotations

from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws


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
