"""A run as its folder has it: a small network made, with words in it that nobody would want in a page."""

from __future__ import annotations

from typing import Any, Final

from ocpprov.report.history import History, LoggedCall, Other, RunHead
from ocpprov.report.things import Thing
from ocpprov.runs.event_log import RecordedEvent
from tests.report.examples import PLANNED, ref

RUN: Final = "20260102T030405Z.aaaaaaaa.1.00000000"
BEGAN: Final = 1767323045.0


def event(kind: str, after: float, resource: str = "", type: str = "", id: str = "", **detail: Any) -> RecordedEvent:
    """What happened so many seconds after the run's beginning."""
    return RecordedEvent(RUN, kind, BEGAN + after, resource, type, id, detail)


def started(after: float, resource: str, type: str) -> RecordedEvent:
    return event("started", after, resource, type, action="create")


EVENTS: Final = [
    started(0, "Net", "AWS::EC2::VPC"),
    event("exists", 1, "Net", "AWS::EC2::VPC", "vpc-1"),
    started(1, "Outside", "AWS::EC2::Subnet"),
    event("exists", 3, "Outside", "AWS::EC2::Subnet", "subnet-1"),
    started(1, "Door", "AWS::EC2::InternetGateway"),
    event("exists", 2, "Door", "AWS::EC2::InternetGateway", "igw-1"),
    started(3, "Nat", "AWS::EC2::NatGateway"),
    event("exists", 4, "Nat", "AWS::EC2::NatGateway", "nat-1"),
    event("waiting", 4, "Nat", "AWS::EC2::NatGateway", "nat-1", reason="until ready"),
    event("ready", 90, "Nat", "AWS::EC2::NatGateway", "nat-1"),
    started(4, "InRoute", "AWS::EC2::Route"),
    event("failed", 5, "InRoute", "AWS::EC2::Route", reason="AWS said <no>"),
    event("finished", 91, ok=False, summary={"create": 4, "update": 0, "keep": 0}),
]
AFTER: Final = {
    "build Net": [],
    "build Outside": ["build Net"],
    "build Door": [],
    "all of it": ["build Outside", "build Door"],
    "build Nat": ["all of it"],
    "build InRoute": ["build Nat"],
}
HEAD: Final = RunHead(
    RUN,
    BEGAN,
    "apply",
    "lab",
    "eu-west-1",
    "123456789012",
    "prod.example.com",
    "ocpprov apply lab.yaml",
    "0.1.0",
    things=PLANNED,
    verbs={each.name: "create" for each in PLANNED},
    others=[Other("Net", 'a subnet of <b onclick="x">others</b>', True)],
    after=AFTER,
)
CALLS: Final = [
    LoggedCall(BEGAN, "ec2", "CreateVpc", "req-1", 200, "", 0.25, 1, ("Net",)),
    LoggedCall(
        BEGAN + 4, "ec2", "CreateRoute", "req-2", 400, "RouteAlreadyExists", 0.5, 2, ("InRoute", "OutRoute", "Other")
    ),
    LoggedCall(BEGAN + 5, "ec2", "CreateTags", "", 0, "ReadTimeoutError", 60, 1),
]
HISTORY: Final = History(HEAD, EVENTS, CALLS, 7)

GONE: Final = History(
    RunHead(
        RUN,
        BEGAN,
        "destroy",
        "lab",
        "eu-west-1",
        "123456789012",
        going=[
            Thing("Net", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, (), "vpc-1"),
            Thing("Table", "AWS::EC2::RouteTable", {"VpcId": "vpc-1"}, (), "rtb-1"),
            Thing("Way", "AWS::EC2::Route", {"RouteTableId": ref("Table")}, (), "rtb-1|0.0.0.0/0"),
        ],
        verbs={"Net": "delete", "Table": "delete"},
    ),
    [
        event("started", 0, "Table", "AWS::EC2::RouteTable", "rtb-1", action="delete"),
        event("deleted", 1, "Table", "AWS::EC2::RouteTable", "rtb-1"),
        event("started", 1, "Net", "AWS::EC2::VPC", "vpc-1", action="delete"),
    ],
)
"""A destroy that was killed."""
