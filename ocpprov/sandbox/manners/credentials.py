"""Credentials that don't last."""

from __future__ import annotations

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.manners.manner import Aws


class Credentials:
    """An access key is refused some time after its first use, if the conditions say so."""

    def __init__(self) -> None:
        self._first_used: dict[str, float] = {}

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """EC2 calls it RequestExpired (its list of error codes), the other services ExpiredToken (the common errors of
        the query services; from memory, with their status)."""
        first = self._first_used.setdefault(request.access_key, aws.now())
        if not aws.conditions.credentials_last or aws.now() < first + aws.conditions.credentials_last:
            return None
        if request.service == "ec2":
            return error(request, "RequestExpired", "Request has expired.", 400)
        status = 400 if request.service == "s3" else 403
        return error(request, "ExpiredToken", "The security token included in the request is expired", status)

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
