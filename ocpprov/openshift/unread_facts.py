"""What AWS is asked before a plan can be expanded, and which requirements rest on each answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ocpprov.openshift.requirement_rows import ROWS


class Fact(Enum):
    """One question, by what it is about."""

    SUBNETS = "the subnets that the plan names"
    PRESENT = "what is in the existing VPC already"
    PUBLIC_ZONE = "the public zone of the base domain"
    ROUTER = "the router's load balancer"
    INSTANCES = "the instances at the addresses that the plan names"
    SERVICE_NAMES = "the names of endpoint services"
    ZONES = "the region's availability zones"
    PRIVATE_ZONES = "private zones that serve the VPC"
    OTHER_PUBLIC_ZONES = "other public zones of the base domain"
    IGNITION = "whether bootstrap.ign is in the bucket"
    MACHINES = "the cluster's machines"


@dataclass(frozen=True)
class RestingRows:
    """Requirements that can't be judged without an answer: those whose resources it changes, and those for which it
    alone tells whether the plan has any."""

    changed: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


_ENDPOINTS: Final = frozenset({"NET-S3", "NET-EC2", "NET-ELB", "AIR-GAP"})
_ELSEWHERE: Final = ("DNS-PUBLIC", "DNS-API", "DNS-ETCD", "IAM-", "S3-")
"""What doesn't lie in the plan's network."""
_IN_THE_NETWORK: Final = frozenset(row.id for row in ROWS if not row.id.startswith(_ELSEWHERE))

RESTING_ROWS: Final[Mapping[Fact, RestingRows]] = {
    Fact.SUBNETS: RestingRows(_IN_THE_NETWORK),
    Fact.PRESENT: RestingRows(_ENDPOINTS | {"NET-IGW", "NET-PUBLIC"}),
    Fact.PUBLIC_ZONE: RestingRows(frozenset({"DNS-API", "DNS-APPS"}), frozenset({"DNS-PUBLIC"})),
    Fact.ROUTER: RestingRows(asked=frozenset({"DNS-APPS"})),
    Fact.INSTANCES: RestingRows(frozenset({"LB-CLASSIC"}), frozenset({"LB-TARGETS"})),
    Fact.SERVICE_NAMES: RestingRows(_ENDPOINTS),
    # Of a subnet that is there, its own zone is known; one that isn't is missing, wherever it should be.
    Fact.ZONES: RestingRows(),
    # They are warned of, and no requirement is about them.
    Fact.PRIVATE_ZONES: RestingRows(),
    Fact.OTHER_PUBLIC_ZONES: RestingRows(),
    Fact.IGNITION: RestingRows(asked=frozenset({"S3-IGNITION"})),
    Fact.MACHINES: RestingRows(frozenset({"LB-CLASSIC"}), frozenset({"LB-TARGETS"})),
}
