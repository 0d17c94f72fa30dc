"""That a plan is read with OpenShift's own rules for the resources beside its section."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.plan.problems import PlanErrors

PLAN = """name: a
region: eu-west-1
openshift: {clusterName: prod, baseDomain: example.org, infraID: prod-x7k2p}
Resources:
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: !Ref IntDns
      Name: www.example.org
      Type: A
      TTL: "60"
      ResourceRecords: [10.0.0.5]
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref ExtApiElb
      Port: 22623
      Protocol: TCP
      DefaultActions: [{Type: forward, TargetGroupArn: arn:x}]
"""


def test_resources_must_not_harm_what_the_section_makes(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN)
    with pytest.raises(PlanErrors) as caught:
        load_plan(Options(plan=file))
    assert [str(error).removeprefix(str(file)) for error in caught.value.errors] == [
        ":9:7: Resources.Record.Properties.Name: www.example.org is not in the zone of prod.example.org; "
        "such as www.prod.example.org",
        ":17:7: Resources.Listener.Properties.Port: 22623 on ExtApiElb would give machine configurations to the "
        "internet; put it on the internal load balancer",
    ]
