"""How fast a fleet can be at best: what the buckets of AWS allow, and what one plan takes alone.

The calls that a plan needs are counted where it runs alone before an AWS that refuses nobody, each for its resources
once. Where a bucket has `size` tokens and gets `refill` a second, the last of `n` calls goes through after
(n - size) / refill seconds, and what it makes takes its time from then on: who came first goes first, so that the last
may be one of those that take longest. Nothing here knows what ocpprov takes of a bucket.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.lives import DELAYS, LATENCY
from ocpprov.commands.rehearsed_aws import TimedCall


@dataclass(frozen=True)
class Bucket:
    """So many calls at once, and so many a second; `then` is how many seconds what the last call makes takes."""

    size: float
    refill: float
    then: float = LATENCY


# EC2 API guide, Request throttling (reads documented, the others from memory); Elastic Load Balancing, API throttling
# (the size of reads documented); Route 53 Developer Guide, Quotas (documented).
CHANGES: Final = Bucket(50, 5)
TAGS: Final = Bucket(100, 10)
ENDPOINTS: Final = Bucket(4, 0.3, DELAYS.interface_endpoint + LATENCY)
BALANCING_CHANGES: Final = Bucket(20, 3)
ROUTE53: Final = Bucket(5, 5)


@dataclass(frozen=True)
class Bound:
    """The least number of seconds, and what of it all comes from: a bucket's name, or a plan's."""

    seconds: float
    by: str


def bound(alone: Mapping[str, tuple[float, Sequence[TimedCall]]], copies: int) -> Bound:
    """Of `copies` of each plan that takes so many seconds alone with these calls, by its name."""
    paths = [Bound(seconds, name) for name, (seconds, _) in alone.items()]
    counts: Counter[str] = Counter()
    buckets: dict[str, Bucket] = {}
    for _, calls in alone.values():
        for name, bucket in _needed(calls):
            counts[name] += copies
            buckets[name] = bucket
    waits = [
        Bound(max(0.0, counts[name] - bucket.size) / bucket.refill + bucket.then, f"{name}: {counts[name]} calls")
        for name, bucket in buckets.items()
    ]
    return max([*paths, *waits], key=lambda each: each.seconds)


def _needed(calls: Sequence[TimedCall]) -> Iterator[tuple[str, Bucket]]:
    """The changes, each for its resources once. Reads are left out: how often somebody looks is their own choice."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for call in calls:
        key = call.operation, tuple(call.resources)
        if call.mutating and key not in seen:
            seen.add(key)
            yield bucket_of(call.service, call.operation)


def bucket_of(service: str, operation: str) -> tuple[str, Bucket]:
    """The bucket of a change, by its name; IAM, S3 and STS have none that is known."""
    match service:
        case "route53":
            return "Route 53", ROUTE53
        case "elasticloadbalancing":
            return "changes of load balancing", BALANCING_CHANGES
        case "ec2" if operation.endswith(("VpcEndpoint", "VpcEndpoints")):
            return f"{operation} of EC2", ENDPOINTS
        case "ec2" if operation == "CreateTags":
            return "CreateTags of EC2", TAGS
        case "ec2":
            return f"{operation} of EC2", CHANGES
        case _:
            return f"changes of {service}", Bucket(float("inf"), 1)
