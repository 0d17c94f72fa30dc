"""`ocpprov rehearse`: a plan's life without AWS, in AWS's time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from documents.json_documents import DOCUMENTS
from ocpprov.cli.verbs import main
from tests.end_to_end.world import ROOT
from tests.support.warm import Finished

PLANS = sorted(each.stem for each in (ROOT / "plans").glob("*.yaml"))
SMALL = """
name: small
region: eu-west-1
Resources:
  Net: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-0123456789abcdef0, CidrBlock: 10.7.1.0/24}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-0123456789abcdef0}}
  Out:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: igw-0123456789abcdef0}
  Address: {Type: AWS::EC2::EIP, Properties: {Domain: vpc}}
  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Net, AllocationId: !GetAtt Address.AllocationId}}
"""


def run(*arguments: str) -> Finished:
    """A command line of this process, which takes AWS's stage down for whoever comes next."""
    ended = CliRunner().invoke(main, ["rehearse", *arguments])
    if ended.exception and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return Finished(ended.exit_code, ended.stdout, ended.stderr)


def rehearsed(*arguments: str) -> dict[str, Any]:
    ended = run(*arguments, "--json")
    assert ended.code in (0, 1), ended
    document: dict[str, Any] = json.loads(ended.out)
    assert document["ok"] == (ended.code == 0)
    return document


@pytest.fixture
def small(tmp_path: Path) -> str:
    (tmp_path / "small.yaml").write_text(SMALL)
    return str(tmp_path / "small.yaml")


def test_a_plan_lives_in_awss_time_and_twice_the_same(
    small: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a VPC of others, for which there is a stand-in; nothing of it is left on this host."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    first, second = (rehearsed(small, "--fault", "nat-fails-once", "--latency", "100") for _ in range(2))
    assert first == second
    assert set(first) == set(DOCUMENTS["rehearse"])
    apply, again, destroy = first["acts"]
    assert [act["act"] for act in first["acts"]] == ["apply", "apply again", "destroy"]
    assert 180 < apply["seconds"] < 260, "the gateway fails after a minute and a half, and is made once more"
    assert (again["changed"], again["mutating"]) == (0, 0)
    assert 45 < destroy["seconds"] < 70
    # Once it is too early: AWS doesn't know the subnet and the address yet.
    assert apply["calls"]["ec2:CreateNatGateway"] == 2 + 1
    assert first["billed"] == {"Elastic IP": 1, "NAT gateway": 1}
    needed = {row["limited"]: (row["needed"], row["limit"], row["place"]) for row in first["quotas"]}
    assert needed["AllocateAddress"] == (1, 5, "")
    assert needed["CreateSubnet"] == (1, 200, "vpc-0123456789abcdef0")
    assert first["standIns"][0].startswith("vpc-0123456789abcdef0 has 10.7.0.0/16")
    assert not (tmp_path / "state").exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["small.yaml"]


def test_a_quota_that_is_too_small_fails_it_with_awss_words(small: str) -> None:
    ended = run(small, "--quota", "AllocateAddress=0")
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert lines[1] == "would fail: apply"
    assert "AllocateAddress: AddressLimitExceeded: The maximum number of addresses has been reached." in lines[2]
    assert any(line.endswith("Elastic IP addresses: TOO LITTLE") for line in lines)
    assert all(len(line) <= 80 for line in lines[4:])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALL.replace("AWS::EC2::EIP", "AWS::EC2::EPI"), "AWS::EC2::EPI"),
        (SMALL.replace("!GetAtt Address.AllocationId", "vpce-0123456789abcdef0"), "nothing to stand for that"),
    ],
    ids=["a plan that is wrong", "an id that nothing can stand for"],
)
def test_wrong_input_is_refused_before_anything_is_rehearsed(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "wrong.yaml").write_text(text)
    ended = run(str(tmp_path / "wrong.yaml"))
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


IDS = """
name: raw
region: us-east-1
lock: s3://rehearsed-locks
Resources:
  Net: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-0123456789abcdef0, CidrBlock: 10.7.1.0/24}}
  Route:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: rtb-0123456789abcdef0
      DestinationCidrBlock: 10.99.0.0/16
      VpcPeeringConnectionId: pcx-0123456789abcdef0
  Rule:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: sg-0123456789abcdef0, IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 10.0.0.0/8}
  Entry:
    Type: AWS::EC2::NetworkAclEntry
    Properties:
      NetworkAclId: acl-0123456789abcdef0
      RuleNumber: 7
      Protocol: -1
      RuleAction: allow
      Egress: false
      CidrBlock: 10.0.0.0/8
  Record:
    Type: AWS::Route53::RecordSet
    Properties: {HostedZoneId: Z0123456789ABC, Name: a.corp-x.net, Type: A, TTL: 60, ResourceRecords: [10.0.0.1]}
"""


@pytest.mark.torture
def test_everything_that_a_plan_names_by_id_has_a_stand_in(tmp_path: Path) -> None:
    (tmp_path / "raw.yaml").write_text(IDS)
    document = rehearsed(str(tmp_path / "raw.yaml"))
    assert [(act["ok"], act["errors"]) for act in document["acts"]] == [(True, [])] * 3
    assert len(document["standIns"]) == 3


@pytest.mark.torture
def test_a_zone_of_another_account_and_a_transit_gateway_have_stand_ins(tmp_path: Path) -> None:
    plan = (ROOT / "plans" / "restricted-3az.yaml").read_text()
    plan += "  transit:\n    - {cidrs: [10.99.0.0/16], transitGatewayID: tgw-0123456789abcdef0}\n"
    plan += "  hostedZone: Z0123456789ABCDEFGHIJ\n  hostedZoneRole: arn:aws:iam::111122223333:role/zones\n"
    (tmp_path / "way.yaml").write_text(plan)
    document = rehearsed(str(tmp_path / "way.yaml"))
    assert [(act["ok"], act["errors"]) for act in document["acts"]] == [(True, [])] * 3
    assert any("a private zone of" in each for each in document["standIns"])


@pytest.mark.torture
@pytest.mark.parametrize("plan", PLANS)
def test_every_plan_that_is_shipped_goes_through(plan: str) -> None:
    """Twice the same, and with nothing to do in between."""
    first, second = (rehearsed(str(ROOT / "plans" / f"{plan}.yaml")) for _ in range(2))
    assert first == second
    assert [act["ok"] for act in first["acts"]] == [True] * 3
    assert all(row["fits"] for row in first["quotas"])


@pytest.mark.torture
@pytest.mark.parametrize("fault", ["throttling", "lost-answers", "lost-requests", "nat-fails-once"])
@pytest.mark.parametrize("seed", range(1, 4))
def test_on_a_bad_day_it_goes_through_all_the_same(fault: str, seed: int) -> None:
    document = rehearsed(str(ROOT / "plans" / "public-3az.yaml"), "--fault", fault, "--seed", str(seed))
    assert [act["errors"] for act in document["acts"]] == [[], [], []]


@pytest.mark.torture
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("new-account", "OperationNotPermitted"),
        ("no-nat-capacity", "InternalError"),
        ("no-addresses", "AddressLimitExceeded"),
    ],
)
def test_what_cannot_go_through_says_where_and_is_taken_away(fault: str, said: str) -> None:
    document = rehearsed(str(ROOT / "plans" / "public-3az.yaml"), "--fault", fault)
    apply, destroy = document["acts"]
    assert (apply["exitCode"], destroy["exitCode"]) == (1, 0)
    assert any(said in error["detail"] for error in apply["errors"])
