"""Several plans in one AWS that refuses who asks too fast, in simulated time."""

from __future__ import annotations

from pathlib import Path

from benchmarks.fleet_lives import FleetAws
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.fleet_values import FleetAct

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
