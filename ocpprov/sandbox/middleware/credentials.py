"""Credentials that don't last."""

from __future__ import annotations

from collections import Counter

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws


class Credentials:
    """An access key is refused some time after its first use, or after some changes, if the conditions say so. Taking a
    role changes nothing."""

    def __init__(self) -> None:
        self._first_used: dict[str, float] = {}
        self._changes: Counter[str] = Counter()

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """EC2 calls it RequestExpired (its list of error codes), the other services ExpiredToken (the common errors of
        the query services; from memory, with their status)."""
        first = self._first_used.setdefault(request.access_key, aws.now())
        if not self._ended(request.access_key, aws.now() - first, aws.conditions):
            self._changes[request.access_key] += request.mutating and request.service != "sts"
            return None
        if request.service == "ec2":
            return error(request, "RequestExpired", "Request has expired.", 400)
        status = 400 if request.service == "s3" else 403
        return error(request, "ExpiredToken", "The security token included in the request is expired", status)

    def _ended(self, key: str, seconds: float, conditions: Conditions) -> bool:
        last, changes = conditions.credentials_last, conditions.credentials_changes
        return key in conditions.ended_keys or (
            bool(key) and (0 < last <= seconds or 0 < changes <= self._changes[key])
        )

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
