"""How fast a fleet can be at best: what the buckets of AWS allow, and what one plan takes alone.

The calls that a plan needs are counted where it runs alone before an AWS that refuses nobody, each for its resources
once. Where a bucket has `size` tokens and gets `refill` a second, the call that goes as the n-th goes (n - size) /
refill seconds after the first ones, and what it makes takes AWS's time from then on, and one poll. They go in the best
order there is: what takes longest first, whoever wants it, and none has to wait for what it refers to. Nothing here
knows what `ocpprov` takes of a bucket, or in which order it asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from benchmarks.bound import AWS, Template, things_of
from benchmarks.bound_table import AWAITED, MAKING
from benchmarks.lives import LATENCY
from ocpprov.commands.rehearsed_aws import TimedCall

Afterwards: TypeAlias = Mapping[tuple[str, str], float]
"""Seconds from the answer of a call until what it makes is seen to be ready, by operation and logical id."""


@dataclass(frozen=True)
class Bucket:
    """So many calls at once, and so many a second."""

    size: float
    refill: float

    def seconds(self, afterwards: Sequence[float]) -> float:
        """The least until all calls are through and what each makes is there, so many seconds after its answer."""
        ordered = sorted(afterwards, reverse=True)
        ends = [max(0.0, nth - self.size) / self.refill + then for nth, then in enumerate(ordered, 1)]
        return max(ends) + LATENCY


# EC2 API guide, Request throttling (reads documented, the others from memory); Elastic Load Balancing, API throttling
# (the size of reads documented); Route 53 Developer Guide, Quotas (documented).
CHANGES: Final = Bucket(50, 5)
TAGS: Final = Bucket(100, 10)
ENDPOINTS: Final = Bucket(4, 0.3)
BALANCING_CHANGES: Final = Bucket(20, 3)
ROUTE53: Final = Bucket(5, 5)


@dataclass(frozen=True)
class Alone:
    """What one plan takes by itself, in seconds, and its calls."""

    seconds: float
    calls: Sequence[TimedCall]
    afterwards: Afterwards = field(default_factory=dict)


@dataclass(frozen=True)
class Bound:
    """The least number of seconds, and what of it all comes from: a bucket's name, or a plan's."""

    seconds: float
    by: str


def afterwards_of(template: Template) -> Afterwards:
    """What an apply waits for, of a plan's template."""
    first = {row.type: row.first for row in MAKING}
    return {
        (first[thing.type], thing.name): row.seconds(AWS) + AWS.latency
        for thing in things_of(template).values()
        for row in AWAITED
        if row.type == thing.type and thing.has(row.only)
    }


def bound(alone: Mapping[str, Alone], copies: int) -> Bound:
    """Of `copies` of each plan, by its name."""
    afterwards: dict[str, list[float]] = {}
    buckets: dict[str, Bucket] = {}
    for one in alone.values():
        for name, bucket, then in _needed(one):
            afterwards.setdefault(name, []).extend([then] * copies)
            buckets[name] = bucket
    waits = [
        Bound(bucket.seconds(afterwards[name]), f"{name}: {len(afterwards[name])} calls")
        for name, bucket in buckets.items()
    ]
    return max([*(Bound(one.seconds, name) for name, one in alone.items()), *waits], key=lambda each: each.seconds)


def _needed(alone: Alone) -> Iterator[tuple[str, Bucket, float]]:
    """The changes, each for its resources once. Reads are left out: how often somebody looks is their own choice."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for call in alone.calls:
        key = call.operation, tuple(call.resources)
        if call.mutating and key not in seen:
            seen.add(key)
            then = max((alone.afterwards.get((call.operation, name), 0.0) for name in call.resources), default=0.0)
            yield *bucket_of(call.service, call.operation), then


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
