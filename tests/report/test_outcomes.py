"""What became of each resource."""

from __future__ import annotations

from dataclasses import replace

from ocpprov.report.history import RunHead
from ocpprov.report.outcomes import ResourceOutcome, existing, outcomes
from ocpprov.report.things import Thing
from ocpprov.report.timeline import spans
from tests.report.runs import BEGAN, EVENTS, GONE, HEAD, RUN, event, started


def test_an_apply_that_failed() -> None:
    found = {each.name: each for each in outcomes(HEAD, spans(EVENTS, BEGAN + 91))}
    assert found["Net"] == ResourceOutcome("Net", "AWS::EC2::VPC", "vpc-1", "created", True)
    assert found["InRoute"] == ResourceOutcome("InRoute", "AWS::EC2::Route", "", "failed", False)
    assert found["Zone"] == ResourceOutcome("Zone", "AWS::Route53::HostedZone", "", "not begun", False)
    assert existing(list(found.values())) == {
        "AWS::EC2::InternetGateway": 1,
        "AWS::EC2::NatGateway": 1,
        "AWS::EC2::Subnet": 1,
        "AWS::EC2::VPC": 1,
    }


def test_a_destroy_that_was_killed() -> None:
    found = outcomes(GONE.head, spans(GONE.events, GONE.end))
    assert [(each.name, each.what, each.exists) for each in found] == [
        ("Net", "begun, not ended", True),
        ("Table", "deleted", False),
        ("Way", "not begun", True),
    ]


def test_what_stays_and_what_is_replaced() -> None:
    head = RunHead(
        RUN,
        BEGAN,
        things=[Thing("A", "T", id="a-1"), Thing("B", "T", id="b-1")],
        going=[Thing("B", "T", id="b-1")],
        verbs={"A": "keep", "B": "replace"},
    )
    assert outcomes(head, []) == [
        ResourceOutcome("A", "T", "a-1", "unchanged", True),
        ResourceOutcome("B", "T", "", "not begun", False),
        ResourceOutcome("B", "T", "b-1", "not begun", True),
    ]
    said = [
        event("deleted", 1, "B", "T", "b-1"),
        started(1, "B", "T"),
        event("exists", 2, "B", "T", "b-2"),
    ]
    assert outcomes(head, spans(said, BEGAN + 2))[1:] == [
        ResourceOutcome("B", "T", "b-2", "created", True),
        ResourceOutcome("B", "T", "b-1", "deleted", False),
    ]


def test_what_is_let_go_is_nothing_of_the_plans_any_more() -> None:
    head = replace(GONE.head, going=[Thing("Z", "T", id="z-1")])
    assert [each.exists for each in outcomes(head, spans([event("forgotten", 1, "Z", "T", "z-1")], BEGAN))] == [False]
