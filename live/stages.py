"""What a run does, one stage after the other, and what each makes at most at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Stage(Enum):
    """`SMALLEST`: one plan with one of everything difficult. `QUESTIONS`: what is believed of AWS. `CLUSTER`: what the
    shipped plans live on."""

    SMALLEST = "smallest"
    QUESTIONS = "questions"
    CLUSTER = "cluster"


@dataclass(frozen=True)
class Statement:
    """What is said before a stage begins: what it makes at most at a time, what it makes in all of what AWS bills for
    each begun hour, and how many minutes it takes."""

    what: str
    most: Sequence[str]
    billed: Sequence[str]
    minutes: int


STATEMENTS: Final = {
    Stage.SMALLEST: Statement(
        "applies a small plan, applies it again, destroys it",
        (
            "1 VPC with 2 subnets, 1 gateway endpoint, 1 role, 1 instance profile, 1 target group, 1 bucket",
            "1 private zone (AWS doesn't bill one that is gone within 12 hours)",
        ),
        ("1 NAT gateway", "1 load balancer", "1 interface endpoint in one zone", "1 Elastic IP"),
        15,
    ),
    Stage.QUESTIONS: Statement(
        "asks AWS what is only believed of it, a topic at a time",
        ("2 VPCs, 4 roles, 2 buckets", "4 zones, 1 of them public (AWS doesn't bill one that is gone within 12 hours)"),
        ("2 NAT gateways (one fails)", "3 load balancers", "1 interface endpoint in one zone", "2 Elastic IPs"),
        45,
    ),
    Stage.CLUSTER: Statement(
        "applies what a cluster in one zone needs, applies it again, destroys it",
        (
            "1 VPC with 2 subnets, its groups with their rules, 1 network ACL, 1 gateway endpoint",
            "3 roles with policies, 3 instance profiles, 3 target groups with targets, 1 bucket with policy and object",
            "1 private zone, and 1 public one with a domain (AWS doesn't bill one that is gone within 12 hours)",
        ),
        ("1 NAT gateway", "2 load balancers", "1 Elastic IP and 1 public address of a balancer"),
        20,
    ),
}


_PRICES: Final = (
    "  Prices change and differ by region: look them up at https://aws.amazon.com/pricing; "
    "docs/first-real-run.md has what they were on a date."
)


def stated(stage: Stage) -> Sequence[str]:
    """In lines."""
    said = STATEMENTS[stage]
    return [
        f"{stage.value}: {said.what}; about {said.minutes} minutes",
        *(f"  makes at most at a time {each}" for each in said.most),
        f"  AWS bills each begun hour of what it makes in all: {', '.join(said.billed)}",
        _PRICES,
    ]
