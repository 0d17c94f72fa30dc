"""One row of the port matrix, and which requirement it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ocpprov.openshift.machine_flows import FLOWS
from ocpprov.openshift.needed_services import NeededService
from ocpprov.openshift.subnet_pairs import SubnetPair
from ocpprov.reachability.openings import Opening
from ocpprov.reachability.verdict import Answer, Obstacle, Unread, Verdict
from ocpprov.reachability.words import opening, stopped_by

AIR_GAP: Final = "AIR-GAP"
_ENDPOINT_ROWS: Final = {"s3": "NET-S3", "ec2": "NET-EC2", "elasticloadbalancing": "NET-ELB"}
FLOW_ROWS: Final = frozenset(
    {
        *(flow.row for flow in FLOWS),
        *("LB-REACH", "LB-HEALTH", "NET-S3", "NET-EC2", "NET-ELB", "AIR-GAP", "NET-NAT", "NET-TRANSIT", "NET-DHCP"),
        *("DNS-API", "DNS-API-INT", "DNS-APPS"),
    }
)
"""The requirements that flows belong to."""
NO_SUBNETS: Final = Unread("subnets of the machines")
"""What nothing can be known without: their own rows say what is missing."""


@dataclass(frozen=True)
class MatrixRow:
    """One flow between two parties. `requirement` is the row of the requirements that it belongs to; `wanted` is False
    for what must not arrive, and `by` what lets that in. `verdict` is about all pairs of their subnets together.
    `openings` are the smallest changes that open what stops it, `commands` the same as commands of the AWS CLI;
    `mended` has what apply does away with, each with the command. `pairs` are the subnets that the flow is between,
    each with its own verdict. `also` is another requirement that rests on it, `lacks` the service that has no endpoint
    and is looked for elsewhere."""

    name: str
    requirement: str
    source: str
    target: str
    protocol: str
    ports: str
    verdict: Verdict
    wanted: bool = True
    by: Sequence[str] = ()
    openings: Mapping[Obstacle, Sequence[Opening]] = field(default_factory=dict)
    commands: Mapping[Obstacle, Sequence[str]] = field(default_factory=dict)
    mended: Mapping[Obstacle, str] = field(default_factory=dict)
    pairs: Sequence[SubnetPair] = ()
    also: str = ""
    lacks: NeededService | None = None

    @property
    def traffic(self) -> str:
        """Protocol and ports, as a rule would name them."""
        protocol = f"protocol {self.protocol}" if self.protocol.isdigit() else self.protocol
        return f"{protocol} {self.ports}".rstrip()

    @property
    def answer(self) -> Answer:
        """Whether it is as it should be."""
        found = self.verdict.answer
        if self.wanted or found is Answer.UNKNOWN:
            return found
        return Answer.NO if found is Answer.YES else Answer.YES

    def stopped_by(self, obstacle: Obstacle) -> str:
        """What is in the way, in words."""
        return f"{stopped_by(obstacle)}, as {self.lacks.lacking}" if self.lacks else stopped_by(obstacle)

    def opening(self, obstacle: Obstacle) -> str:
        """What lets it through, in words: of a service without an endpoint that is one, and no way to the internet."""
        return self.lacks.remedy if self.lacks else opening(obstacle)


def endpoint_row(service: str) -> str:
    """The requirement that an endpoint of this service belongs to, by AWS's name."""
    return _ENDPOINT_ROWS.get(service.rpartition(".")[2], "AIR-GAP")
