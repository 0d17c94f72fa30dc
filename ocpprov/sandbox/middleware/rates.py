"""How often AWS may be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request, error, throttled
from ocpprov.sandbox.middleware.contract import Aws

_CHANGE_SECONDS = 1.0
"""How long a change of a zone keeps the next one waiting; from memory."""


@dataclass(frozen=True)
class Bucket:
    """So many calls at once, then so many a second."""

    size: float
    refill: float


_READING = Bucket(100, 20)
_CHANGING = Bucket(50, 5)
_ENDPOINTS = Bucket(4, 0.3)

# EC2's guide "Request throttling" has one bucket for each operation; the figures of reading are documented there, the
# others are from memory.
_EC2: Mapping[str, Bucket] = {
    "CreateVpcEndpoint": _ENDPOINTS,
    "ModifyVpcEndpoint": _ENDPOINTS,
    "DeleteVpcEndpoints": _ENDPOINTS,
    "CreateTags": Bucket(100, 10),
}
# Route 53's quotas: five requests a second for an account, whatever they are.
_ROUTE53 = Bucket(5, 5)
# Load balancing's guide documents the size for reading, the rest is from memory.
_BALANCING_READS, _BALANCING_CHANGES = Bucket(40, 10), Bucket(20, 3)

BUCKETS: Final = (
    ("reads of EC2, each operation", _READING, "EC2 API guide, Request throttling", "documented"),
    ("changes in EC2, each operation", _CHANGING, "EC2 API guide, Request throttling", "memory"),
    ("changes of VPC endpoints", _ENDPOINTS, "EC2 API guide, Request throttling", "memory"),
    ("calls of Route 53", _ROUTE53, "Route 53 Developer Guide, Quotas", "documented"),
    ("reads of load balancing", _BALANCING_READS, "Elastic Load Balancing, API throttling", "documented"),
    ("changes of load balancing", _BALANCING_CHANGES, "Elastic Load Balancing, API throttling", "memory"),
)
"""What is asked, its bucket, where that is from, and how far it is to be trusted; how a bucket is filled again is less
sure than its size."""

_READS = re.compile(r"(Describe|Get|List)")


class Rates:
    """Token buckets: each call takes a token, and is refused where there is none. IAM, S3 and STS don't publish
    theirs, and have none here."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, str], tuple[float, float]] = {}
        self._zones: dict[str, float] = {}

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal of a call that comes too early."""
        bucket = _bucket(request)
        if not aws.conditions.throttling or bucket is None:
            return None
        if not self._takes(bucket, _name(request), aws.now()):
            return throttled(request)
        return self._zone_busy(request, aws.now())

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Notes which zone is being changed."""
        if answer.ok and request.operation == "ChangeResourceRecordSets":
            self._zones[request.get("HostedZoneId")] = aws.now() + _CHANGE_SECONDS
        return answer

    def _takes(self, bucket: Bucket, name: tuple[str, str], now: float) -> bool:
        left, since = self._left.get(name, (bucket.size, now))
        left = min(bucket.size, left + (now - since) * bucket.refill)
        taken = left >= 1
        self._left[name] = (left - taken, now)
        return taken

    def _zone_busy(self, request: Request, now: float) -> Answer | None:
        zone = request.get("HostedZoneId")
        if request.operation != "ChangeResourceRecordSets" or now >= self._zones.get(zone, 0.0):
            return None
        message = "The request was rejected because Route 53 was still processing a prior request."
        return error(request, "PriorRequestNotComplete", message)


def _bucket(request: Request) -> Bucket | None:
    reading = bool(_READS.match(request.operation))
    match request.service:
        case "ec2":
            return _EC2.get(request.operation, _READING if reading else _CHANGING)
        case "route53":
            return _ROUTE53
        case "elasticloadbalancing":
            return _BALANCING_READS if reading else _BALANCING_CHANGES
        case _:
            return None


def _name(request: Request) -> tuple[str, str]:
    """Whose bucket it is: one for each operation of EC2, one or two for the other services."""
    match request.service:
        case "ec2":
            return "ec2", request.operation
        case "elasticloadbalancing":
            return request.service, "reads" if _READS.match(request.operation) else "changes"
        case service:
            return service, ""
