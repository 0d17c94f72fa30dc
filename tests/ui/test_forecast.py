"""A forecast in lines: what is made by subject, what it costs, which quotas there are."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ocpprov.checks.hourly_costs import CostRow, HourlyCost
from ocpprov.checks.result import failed, passed, unknown
from ocpprov.engine.graph import build
from ocpprov.kinds.registry import KINDS
from ocpprov.ui.forecast import Forecast, amount, cents
from ocpprov.ui.lines import Line, Tone
from tests.engine.planning import ref, wanted

GRAPH = build(
    wanted(
        Vpc=("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
        A=("AWS::EC2::Subnet", {"VpcId": ref("Vpc"), "CidrBlock": "10.0.0.0/24"}),
        B=("AWS::EC2::Subnet", {"VpcId": ref("Vpc"), "CidrBlock": "10.0.1.0/24"}),
        Zone=("AWS::Route53::HostedZone", {"Name": "example.com"}),
        Group=("AWS::EC2::SecurityGroup", {"VpcId": ref("Vpc"), "GroupDescription": "x"}),
        Rule=("AWS::EC2::SecurityGroupIngress", {"GroupId": ref("Group"), "IpProtocol": "-1", "CidrIp": "10.0.0.0/16"}),
    ),
    KINDS,
)
UNITS = {"load balancer": 1, "NAT gateway": 2}


def test_what_is_made_stands_under_its_subject() -> None:
    forecast = Forecast(GRAPH, KINDS, {})
    assert [*map(str, forecast.lines())] == [
        "  Network          1 VPC, 2 Subnets",
        "  Security groups  1 SecurityGroup, 1 rule",
        "  DNS              1 HostedZone",
    ]
    assert forecast.by_type() == {
        "AWS::EC2::SecurityGroup": 1,
        "AWS::EC2::SecurityGroupIngress": 1,
        "AWS::EC2::Subnet": 2,
        "AWS::EC2::VPC": 1,
        "AWS::Route53::HostedZone": 1,
    }


def told(cost: HourlyCost | None) -> list[Line]:
    return [*Forecast(build({}, KINDS), KINDS, UNITS, cost).lines()]


def test_without_prices_nothing_is_reckoned() -> None:
    said = "bills by the hour: 2 NAT gateways, 1 load balancer; --prices FILE adds up what that costs"
    assert told(None) == [Line(said, Tone.CHANGE)]


def test_the_sum_says_when_it_is_not_the_whole() -> None:
    nat = CostRow("NAT gateway", 2, Decimal("0.096"))
    whole = HourlyCost([nat, CostRow("load balancer", 1, Decimal("0.0252"))], "USD")
    assert told(whole) == [
        Line("  0.096 USD an hour for 2 NAT gateways"),
        Line("  0.0252 USD an hour for 1 load balancer"),
        Line(
            "costs: 0.1212 USD an hour, 88.48 USD a month of 730 hours; machines, traffic and storage not counted",
            Tone.CHANGE,
        ),
    ]
    part = HourlyCost([nat, CostRow("load balancer", 1, None)])
    assert told(part) == [
        Line("  0.096 an hour for 2 NAT gateways"),
        Line(
            "costs: more than 0.096 an hour, 70.08 a month of 730 hours; without a price in the file: 1 load balancer",
            Tone.CHANGE,
        ),
    ]


def test_each_quota_has_its_line_and_its_remedy() -> None:
    quotas = [passed("a", "VPCs: 1 used"), failed("b", "EIPs: 5 used", "ask for more"), unknown("c", "no", "later")]
    assert [*Forecast(build({}, KINDS), KINDS, {}, quotas=quotas).lines()] == [
        Line("quotas:"),
        Line("  VPCs: 1 used"),
        Line("  fail: EIPs: 5 used", Tone.DANGER),
        Line("    -> ask for more", Tone.DANGER),
        Line("  unknown: no", Tone.CHANGE),
        Line("    -> later", Tone.CHANGE),
    ]


@pytest.mark.parametrize(
    ("value", "text", "rounded"),
    [
        ("0.0252", "0.0252", "0.03"),
        ("0.0450", "0.045", "0.04"),
        ("1", "1.00", "1.00"),
        ("1.1", "1.10", "1.10"),
        ("100", "100.00", "100.00"),
        ("0.000000001", "0.000000001", "0.00"),
    ],
)
def test_an_amount_has_all_its_digits_and_a_rounded_one_two(value: str, text: str, rounded: str) -> None:
    assert (amount(Decimal(value)), cents(Decimal(value))) == (text, rounded)
