"""How a run ends, in words: what was done, what costs money, what still differs."""

from __future__ import annotations

import pytest

from ocpprov.engine.actions import Action, Verb
from ocpprov.engine.resources import Live, Owner
from ocpprov.engine.values import Value
from ocpprov.kinds.registry import KINDS
from ocpprov.ui.closing import Closing, billed_lines, done_text, still_differs_lines
from ocpprov.ui.lines import Line, Tone

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")


def test_a_good_end_says_what_in_how_long_where_what_matters_and_what_now() -> None:
    closing = Closing(
        OWNER, {"create": 95, "keep": 3}, 200.4, 241, {"VpcId": "vpc-1"}, [("all outputs", "ocpprov outputs p")]
    )
    assert list(closing.lines()) == [
        Line(
            "done in 3 min: 95 created (plan lab, account 123456789012, region eu-west-1; 241 calls)",
            Tone.GOOD,
        ),
        Line("  VpcId  vpc-1"),
        Line("all outputs: ocpprov outputs p"),
    ]


def test_lists_are_told_in_brief() -> None:
    values = {"Ids": ["a", "b"], "Rows": [{"service": "iam", "remedy": "long"}, {"service": "sts"}], "Count": 3}
    lines = [line.text for line in Closing(OWNER, {}, 1, 1, values, []).lines()]
    assert lines[1:] == ["  Ids    a, b", "  Rows   iam, sts", "  Count  3"]


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({}, "nothing"),
        ({"keep": 7, "create": 0}, "nothing"),
        ({"create": 1, "update": 2, "replace": 3, "delete": 4}, "1 created, 2 updated, 3 replaced, 4 deleted"),
        ({"sweep": 1, "adopt": 2, "forget": 3}, "1 swept, 2 adopted, 3 left to you"),
    ],
)
def test_what_was_done_is_counted_by_the_plans_verbs(counts: dict[str, int], text: str) -> None:
    assert done_text(counts) == text


def live(type: str, **properties: Value) -> Live:
    return Live(type, "id", properties)


def test_what_costs_money_meanwhile_is_named_by_number() -> None:
    lives = [
        live("AWS::EC2::NatGateway"),
        live("AWS::EC2::NatGateway"),
        live("AWS::EC2::EIP"),
        live("AWS::ElasticLoadBalancingV2::LoadBalancer"),
        live("AWS::ElasticLoadBalancing::LoadBalancer"),
        live("AWS::EC2::VPCEndpoint", VpcEndpointType="Interface"),
        live("AWS::EC2::VPCEndpoint", VpcEndpointType="Gateway"),
        live("AWS::EC2::VPC"),
    ]
    assert [line.text for line in billed_lines(lives, KINDS)] == [
        "billed:   1 Elastic IP, 2 NAT gateways, 1 interface endpoint, 2 load balancers, as long as they are there"
    ]
    assert list(billed_lines(lives[-2:], KINDS)) == []


def test_what_still_differs_is_named_some_of_it() -> None:
    def told(count: int) -> str:
        [line] = still_differs_lines([Action(f"R{n}", "AWS::EC2::VPC", Verb.UPDATE) for n in range(count)])
        assert line.tone is Tone.DANGER
        return line.text

    assert told(1) == "differs:  AWS has taken every change, and a last look still finds R0 (update)"
    assert told(8).endswith("R7 (update)")
    assert told(9).endswith("R7 (update) and 1 more")
