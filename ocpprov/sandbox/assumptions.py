"""What the sandbox takes for true of AWS's times and rates, with where that is from and how far it is to be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.middleware.rates import BUCKETS, Bucket
from ocpprov.sandbox.readiness import Readiness

_REPORTED: Final = "times that other tools wait for, and their users report"


@dataclass(frozen=True)
class Assumption:
    """One of them. `trust` is documented, source, memory or seen."""

    what: str
    value: str
    source: str
    trust: str


def assumed_delays(delays: Delays) -> Iterator[Assumption]:
    """How long AWS takes to make and to remove."""
    route53 = "Route 53 Developer Guide: changes generally propagate within 60 seconds"
    rows = (
        ("a NAT gateway is available after", delays.nat_gateway, _REPORTED, "memory"),
        ("a NAT gateway is gone after", delays.nat_gateway_deletion, _REPORTED, "memory"),
        ("a gateway endpoint comes and goes in", delays.gateway_endpoint, _REPORTED, "memory"),
        ("an interface endpoint comes and goes in", delays.interface_endpoint, _REPORTED, "memory"),
        ("a load balancer is active after", delays.load_balancer, _REPORTED, "memory"),
        ("interfaces of a deleted load balancer are gone after", delays.load_balancer_deletion, _REPORTED, "memory"),
        ("a change of records is in sync after", delays.record_change, route53, "documented"),
        ("a further block of a VPC is associated after", delays.vpc_cidr_block, _REPORTED, "memory"),
        ("an attachment is available after", delays.transit_gateway_attachment, _REPORTED, "memory"),
        ("an attachment is gone after", delays.transit_gateway_attachment_deletion, _REPORTED, "memory"),
        ("a peering connection can be accepted after", delays.vpc_peering_connection, _REPORTED, "memory"),
    )
    for what, seconds, source, trust in rows:
        yield Assumption(what, f"{seconds:g} s", source, trust)


def assumed_readiness(delays: Delays, table: Iterable[Readiness]) -> Iterator[Assumption]:
    """How long what shows no state isn't usable, or doesn't go."""
    for row in table:
        if row.delay is None and (seconds := row.lasts(delays)):
            yield Assumption(f"{row.thing}: no {' or '.join(row.operations)}", f"{seconds:g} s", row.source, row.trust)


def assumed_rates() -> Iterator[Assumption]:
    """How often AWS may be asked."""
    for what, bucket, source, trust in BUCKETS:
        yield Assumption(what, _rate(bucket), source, trust)


def _rate(bucket: Bucket) -> str:
    return f"{bucket.size:g} at once, {bucket.refill:g} a second"
