"""Several plans in one AWS that refuses who asks too fast, in simulated time."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.fleet import busy, idle
from benchmarks.fleet_bound import Alone, Bound, afterwards_of, bound
from benchmarks.fleet_lives import FleetAws
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.fleet_values import FleetAct
from ocpprov.commands.rehearsed_aws import TimedCall

PLAN = """
name: net-{number}
region: eu-west-1
Resources:
  Net: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.{number}.0.0/16}}}}
  Api:
    Type: AWS::EC2::VPCEndpoint
    Properties: {{VpcId: !Ref Net, ServiceName: com.amazonaws.eu-west-1.s3}}
  Images:
    Type: AWS::EC2::VPCEndpoint
    Properties: {{VpcId: !Ref Net, ServiceName: com.amazonaws.eu-west-1.dynamodb}}
"""


def test_four_plans_share_what_aws_allows_and_none_is_passed_by_the_others(tmp_path: Path) -> None:
    """Of endpoints an account may make four at once, and three in ten seconds from then on."""
    paths = [tmp_path / f"{number}.yaml" for number in range(4)]
    for number, path in enumerate(paths):
        path.write_text(PLAN.format(number=number))
    fleet = FleetAws(tmp_path, paths)
    with fleet.open():
        life = fleet.live(FleetAct.APPLY, 4)
    assert [(end.code, end.changed) for end in life.ends] == [(ExitCode.DONE, 3)] * 4
    made = [call for call in life.calls if call.operation == "CreateVpcEndpoint"]
    assert len(made) == 8
    # None was refused as too fast, and what the limiter keeps for others is all that it costs.
    assert life.throttled == 0
    allowed = (8 - 4) / 0.3
    assert allowed <= life.seconds < 1.25 * allowed + 10
    # The last has waited for its turn and for nothing else.
    assert life.spread < allowed / 0.9 + 5


def call(operation: str, number: int, service: str = "ec2", *, mutating: bool = True) -> TimedCall:
    return TimedCall(0.0, 0.1, service, operation, mutating, [f"R{number}"])


@pytest.mark.parametrize(
    ("calls", "least"),
    [
        ([call("CreateSubnet", 1)], Bound(160.0, "lab")),
        # Ten plans with seven endpoints each: four at once, the others three in ten seconds.
        ([call("CreateVpcEndpoint", each) for each in range(7)], (70 - 4) / 0.3 + 0.08),
        # One that was sent again for the same resource is needed once.
        ([call("CreateVpcEndpoint", 1)] * 7, Bound(160.0, "lab")),
        ([call("CreateListener", each, "elasticloadbalancing") for each in range(60)], (600 - 20) / 3 + 0.08),
        ([call("ChangeResourceRecordSets", each, "route53") for each in range(100)], (1000 - 5) / 5 + 0.08),
        ([call("CreateTags", each) for each in range(200)], (2000 - 100) / 10 + 0.08),
        # How often somebody looks is his own choice.
        ([call("DescribeVpcs", each, mutating=False) for each in range(900)], Bound(160.0, "lab")),
        ([call("CreateRole", each, "iam") for each in range(900)], Bound(160.0, "lab")),
    ],
)
def test_the_least_is_what_one_takes_alone_or_what_a_bucket_lets_through(
    calls: list[TimedCall], least: Bound | float
) -> None:
    found = bound({"lab": Alone(160.0, calls)}, 10)
    assert found == least if isinstance(least, Bound) else found.seconds == pytest.approx(least)


@pytest.mark.parametrize(
    ("slow", "least"),
    [
        # 75 s after the tenth token, or the twentieth.
        ({"R0": 75.0}, (10 - 4) / 0.3 + 75 + 0.08),
        ({"R0": 75.0, "R1": 75.0, "R2": 5.0}, (20 - 4) / 0.3 + 75 + 0.08),
        # After the last of them those of seconds go.
        ({"R0": 20.0, "R2": 3.0}, (30 - 4) / 0.3 + 0.08),
        ({"R0": 10.0, "R1": 10.0, "R2": 10.0}, (30 - 4) / 0.3 + 10 + 0.08),
    ],
)
def test_in_the_best_order_what_takes_longest_goes_first(slow: dict[str, float], least: float) -> None:
    calls = [call("CreateVpcEndpoint", each) for each in range(3)]
    # Of another call for the same nothing is waited for.
    calls += [call("CreateTags", each) for each in range(3)]
    afterwards = {("CreateVpcEndpoint", name): seconds for name, seconds in slow.items()}
    found = bound({"lab": Alone(1.0, calls, afterwards)}, 10)
    assert found.seconds == pytest.approx(least)
    assert found.by == "CreateVpcEndpoint of EC2: 30 calls"


def test_what_an_apply_waits_for_stands_in_the_plans_template() -> None:
    resources = {
        "Net": {"Type": "AWS::EC2::VPC", "Properties": {}},
        "Way": {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"VpcEndpointType": "Gateway"}},
        "Door": {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"VpcEndpointType": "Interface"}},
        "Api": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {}},
    }
    assert afterwards_of({"Resources": resources}) == {
        ("CreateVpcEndpoint", "Way"): 5.08,
        ("CreateVpcEndpoint", "Door"): 75.08,
        ("CreateLoadBalancer", "Api"): 150.08,
    }


@pytest.mark.torture
def test_twenty_plans_take_at_most_a_quarter_more_than_the_buckets_allow() -> None:
    """Minutes: a small cloud is made, twenty times."""
    found = busy(20)
    assert found.ratio <= 1.25


@pytest.mark.torture
def test_what_a_plan_costs_does_not_grow_with_their_number() -> None:
    few, many = idle(20), idle(80)
    assert many.calls == few.calls
    assert many.kept < 100
