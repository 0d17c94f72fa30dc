"""How each service says that it is asked too often."""

from __future__ import annotations

from collections.abc import Mapping

from ocpprov.sandbox.exchange import Answer, Request, error

_WORDS: Mapping[str, tuple[str, str, int]] = {
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "s3": ("SlowDown", "Please reduce your request rate.", 503),
}
_ELSEWHERE = ("Throttling", "Rate exceeded", 400)


def throttled(request: Request) -> Answer:
    """The refusal of a call that came too early, with the service's own code and status (API references: EC2's error
    codes, S3's error responses, the common errors of the query services)."""
    return error(request, *_WORDS.get(request.service, _ELSEWHERE))
