"""What `validate --reachability` says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.validate import validate
from ocpprov.commands.validate_reachability import judged

PLAN: Final = """\
name: small
region: eu-west-1
openshift: {clusterName: small, baseDomain: corp.test, infraID: small-x7k2p, zones: 1, bootstrap: false, networkAcl: %s}
"""
OWN: Final[dict[str, Any]] = {
    "OwnAcl": {"Type": "AWS::EC2::NetworkAcl", "Properties": {"VpcId": {"Ref": "VPC"}}},
    "OwnLink": {
        "Type": "AWS::EC2::SubnetNetworkAclAssociation",
        "Properties": {"SubnetId": {"Ref": "PublicSubnet"}, "NetworkAclId": {"Ref": "OwnAcl"}},
    },
    **{
        f"Own{egress}": {
            "Type": "AWS::EC2::NetworkAclEntry",
            "Properties": {
                "NetworkAclId": {"Ref": "OwnAcl"},
                "Egress": egress,
                "RuleNumber": 100,
                "Protocol": 6,
                "RuleAction": "allow",
                "CidrBlock": "0.0.0.0/0",
                "PortRange": {"From": 0, "To": 65535},
            },
        }
        for egress in (True, False)
    },
}
"""An ACL of the user's, which admits TCP alone."""
EXISTING: Final = """\
name: theirs
region: eu-west-1
openshift:
  {clusterName: small, baseDomain: a.test, infraID: small-x7k2p, publish: Internal, vpcID: vpc-0a, subnets: [subnet-0a]}
"""

STOPPED: Final = "OwnAcl has no outbound entry that allows icmp type 8 to 10.0.48.0/20 (SUBNET_ACL_RESTRICTION)"


def own(**added: Any) -> str:
    """The plan with that ACL, and with what is added to it."""
    return PLAN % "vpc-default" + f"Resources: {json.dumps({**OWN, **added})}\n"


def told(folder: Path, plan: str, **options: Any) -> int:
    (folder / "plan.yaml").write_text(plan)
    return validate(Options(plan=folder / "plan.yaml", directory=folder, **options), judged)


def test_a_plan_whose_flows_arrive_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path, PLAN % "working") == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["reachability: 64 flows of the cluster: 64 as they should be"]


def test_what_is_stopped_is_listed_with_what_opens_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path, own()) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "reachability: 64 flows of the cluster: 62 as they should be, 2 not"
    assert lines[2:8] == [
        "  no      SG-MASTER: ping, icmp, machine network to control plane",
        "          in 1 of 2 pairs of subnets: PublicSubnet to PrivateSubnet",
        "          OwnAcl has no outbound entry that allows icmp type 8 to 10.0.48.0/20",
        "            (SUBNET_ACL_RESTRICTION)",
        "          opens it: an outbound entry in OwnAcl that allows icmp type 8 to",
        "            10.0.48.0/20",
    ]
    assert lines[8].startswith(
        '          in Resources: {"Type": "AWS::EC2::NetworkAclEntry", "Properties": {"NetworkAclId"'
    )


def test_the_documentations_acl_is_no_fault_of_a_plan_that_asks_for_it(tmp_path: Path) -> None:
    assert told(tmp_path, PLAN % "documented") == 0


def test_all_flows_are_listed_on_demand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path, PLAN % "working", verbose=True) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("  yes ") for line in lines) == 64
    assert lines[-3:] == [
        "flows that arrive, from subnet to subnet:",
        "    47 of 47  PrivateSubnet to PrivateSubnet",
        "     4 of 4   PublicSubnet to PrivateSubnet",
    ]
    assert "  yes     SG-MASTER-INGRESS: etcd, tcp 2379-2380, control plane to control plane" in lines
    kept_out = lines.index("  yes     LB-REACH: machine configurations, tcp 22623, internet to ExtApiElb,")
    assert lines[kept_out + 1] == "            which must not arrive"


def test_a_network_that_only_aws_knows_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path, EXISTING) == 3
    assert "reachability: unknown; the plan makes no VPC" in capsys.readouterr().out
    assert told(tmp_path, EXISTING, as_json=True) == 3
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["flows"]) == (False, None)


def test_a_plan_without_a_cluster_has_no_flows(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="has no openshift section, so no flow of a cluster is known of it; leave"):
        told(
            tmp_path,
            "name: a\nregion: eu-west-1\n"
            "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}\n",
        )


def test_programs_get_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path, own(), as_json=True) == 1
    document = json.loads(capsys.readouterr().out)
    stopped = [flow for flow in document["flows"] if flow["answer"] == "no"]
    assert (document["ok"], len(document["flows"]), len(stopped)) == (False, 64, 2)
    obstacles = stopped[0].pop("obstacles")
    assert stopped[0] == {
        "requirement": "SG-MASTER",
        "name": "ping",
        "source": "machine network",
        "target": "control plane",
        "protocol": "icmp",
        "ports": "",
        "wanted": True,
        "answer": "no",
        "unread": [],
        "beyond": [],
        "pairs": [
            {"source": "PublicSubnet", "target": "PrivateSubnet", "answer": "no"},
            {"source": "PrivateSubnet", "target": "PrivateSubnet", "answer": "yes"},
        ],
    }
    assert obstacles[0] == {
        "code": "SUBNET_ACL_RESTRICTION",
        "component": "OwnAcl",
        "rule": "*",
        "direction": "egress",
        "reply": False,
        "stopped": "icmp type 8, 10.0.48.0/20",
        "detail": STOPPED,
        "opening": "an outbound entry in OwnAcl that allows icmp type 8 to 10.0.48.0/20",
        "resources": [
            {
                "Type": "AWS::EC2::NetworkAclEntry",
                "Properties": {
                    "NetworkAclId": {"Ref": "OwnAcl"},
                    "Egress": True,
                    "RuleNumber": 200,
                    "Protocol": 1,
                    "RuleAction": "allow",
                    "CidrBlock": "10.0.48.0/20",
                    "Icmp": {"Type": 8, "Code": -1},
                },
            }
        ],
    }


def test_a_plan_with_what_it_is_told_to_get_lets_everything_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    added: dict[str, Any] = {}
    codes = []
    for _ in range(3):
        codes.append(told(tmp_path, own(**added), as_json=True))
        flows = json.loads(capsys.readouterr().out)["flows"]
        found = (each for flow in flows for obstacle in flow["obstacles"] for each in obstacle["resources"])
        wanted = {json.dumps(each): each for each in found}.values()
        added.update({f"Opening{len(added) + number}": each for number, each in enumerate(wanted)})
    assert codes == [1, 0, 0]
    assert len(added) == 2


@pytest.mark.parametrize("options", [{}, {"verbose": True}, {"as_json": True}])
def test_a_value_that_is_not_to_be_shown_is_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: Mapping[str, bool]
) -> None:
    """A subnet's block stands in what is stopped and in what opens it."""
    hidden = "10.0.48.0/25"
    parameters = {"Block": {"Type": "String", "NoEcho": True, "Default": hidden}}
    denied = {**OWN["OwnTrue"]["Properties"], "RuleNumber": 50, "RuleAction": "deny", "CidrBlock": {"Ref": "Block"}}
    more = {"OwnDenial": {"Type": "AWS::EC2::NetworkAclEntry", "Properties": denied}}
    assert told(tmp_path, f"Parameters: {json.dumps(parameters)}\n{own(**more)}", **options) == 1
    shown = capsys.readouterr().out
    assert "number below 50" in shown.replace("\n            ", " ")
    assert hidden not in shown


def test_without_being_asked_it_judges_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plan.yaml").write_text(own())
    assert validate(Options(plan=tmp_path / "plan.yaml", directory=tmp_path)) == 0
    assert "reachability" not in capsys.readouterr().out


def test_a_plan_that_only_aws_can_make_sense_of_is_refused_with_what_judges_it(tmp_path: Path) -> None:
    route = """
Resources:
  Own:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !Ref PrivateRouteTable
      DestinationCidrBlock: !GetAtt VPC.CidrBlock
      GatewayId: vgw-0123456789abcdef0
"""
    with pytest.raises(Refused) as refused:
        told(tmp_path, PLAN % "working" + route)
    [problem] = refused.value.problems
    assert "the cluster's traffic can't be judged before the plan is applied" in problem.detail
    assert problem.remedy == "`ocpprov verify` judges it on what AWS has"


CLOSED: Final = """\
name: small
region: eu-west-1
openshift:
  {clusterName: small, baseDomain: corp.test, infraID: small-x7k2p, publish: Internal, zones: 1, egress: none,
   endpoints: []}
"""


def test_a_closed_plan_without_endpoints_lacks_these_and_no_way_to_the_internet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(tmp_path, CLOSED) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:8] == [
        "  no      AIR-GAP: com.amazonaws.eu-west-1.s3, tcp 443, control plane to",
        "            internet",
        "          PrivateRouteTable has no route to the internet",
        "            (NO_ROUTE_TO_DESTINATION), as VPC has no endpoint of it",
        "          opens it: list s3 in openshift.endpoints",
        "  no      AIR-GAP: com.amazonaws.eu-west-1.s3, tcp 443, compute to internet",
    ]
    assert told(tmp_path, CLOSED, as_json=True) == 1
    flows = json.loads(capsys.readouterr().out)["flows"]
    [first, *_] = [flow["obstacles"] for flow in flows if flow["requirement"] == "AIR-GAP"]
    assert [(each["opening"], each["resources"]) for each in first] == [("list s3 in openshift.endpoints", [])]
