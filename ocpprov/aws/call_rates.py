"""How often AWS lets an account ask, as far as anybody says: the token buckets of its services.

A bucket holds so many tokens, each call takes one, and so many come back each second. EC2 has a bucket for each
operation, load balancing one for what reads and one for what changes; Route 53 and IAM count what an account asks in
all regions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.aws.calls import is_mutating


@dataclass(frozen=True)
class Rate:
    """So many calls at once, and so many a second from then on."""

    burst: float
    per_second: float


@dataclass(frozen=True)
class KnownRate:
    """A row: what AWS allows, who says so, and how far that is to be trusted (`documented`, or `memory`: figures that
    AWS doesn't publish, or that are remembered from where it did)."""

    what: str
    allowed: Rate
    source: str
    trust: str
    share: float = 0.9

    @property
    def taken(self) -> Rate:
        """What a process takes of it: its share, so that a little is left for others in the account."""
        return Rate(self.allowed.burst * self.share, self.allowed.per_second * self.share)


_EC2_GUIDE: Final = "EC2 API guide, Request throttling"
_BALANCING_GUIDE: Final = "Elastic Load Balancing, API throttling"

EC2_READS: Final = KnownRate("reads of EC2, each operation", Rate(100, 20), _EC2_GUIDE, "documented")
EC2_CHANGES: Final = KnownRate("changes in EC2, each operation", Rate(50, 5), _EC2_GUIDE, "memory")
EC2_TAGS: Final = KnownRate("tags in EC2", Rate(100, 10), _EC2_GUIDE, "memory")
ENDPOINTS: Final = KnownRate("changes of VPC endpoints, each operation", Rate(4, 0.3), _EC2_GUIDE, "memory")
BALANCING_READS: Final = KnownRate("reads of load balancing", Rate(40, 10), _BALANCING_GUIDE, "documented burst")
BALANCING_CHANGES: Final = KnownRate("changes of load balancing", Rate(20, 3), _BALANCING_GUIDE, "memory")
ROUTE53: Final = KnownRate("calls of Route 53", Rate(5, 5), "Route 53 Developer Guide, Quotas", "documented")
IAM_READS: Final = KnownRate("reads of IAM", Rate(100, 20), "nowhere published", "memory")
IAM_CHANGES: Final = KnownRate("changes in IAM", Rate(50, 5), "nowhere published", "memory")

_OF_AN_OPERATION: Final[Mapping[str, KnownRate]] = {
    "CreateTags": EC2_TAGS,
    "DeleteTags": EC2_TAGS,
    "CreateVpcEndpoint": ENDPOINTS,
    "ModifyVpcEndpoint": ENDPOINTS,
    "DeleteVpcEndpoints": ENDPOINTS,
}

OF_THE_ACCOUNT: Final = frozenset({"iam", "route53"})
"""Services that count what an account asks, in whichever region."""


def bucket_of(service: str, operation: str) -> tuple[str, KnownRate | None]:
    """The name of the bucket that a call takes from, and what is known of it. `service` is boto3's name, `operation`
    the API's. Of other services nothing is known, and all of their calls count as one."""
    changes = is_mutating(operation)
    match service:
        case "ec2":
            return f"ec2 {operation}", _OF_AN_OPERATION.get(operation, EC2_CHANGES if changes else EC2_READS)
        case "elb" | "elbv2":
            return ("balancing changes", BALANCING_CHANGES) if changes else ("balancing reads", BALANCING_READS)
        case "iam":
            return ("iam changes", IAM_CHANGES) if changes else ("iam reads", IAM_READS)
        case "route53":
            return service, ROUTE53
        case _:
            return service, None
