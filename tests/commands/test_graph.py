"""`graph`, which asks nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from ocpprov.commands.graph import GraphFormat, graph
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from ocpprov.plan.problems import PlanErrors

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Block: {Type: String, NoEcho: true}
Resources:
  Net:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: !Ref Block}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: x, VpcId: !Ref Net, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 1, ToPort: 2, CidrIp: 10.0.0.0/8}]}
"""  # noqa: E501
SECRET = "10.77.0.0/16"


def drawn(folder: Path, capsys: pytest.CaptureFixture[str], wanted: GraphFormat, **options: Any) -> tuple[str, str]:
    (folder / "plan.yaml").write_text(TEMPLATE)
    given = Options(
        plan=folder / "plan.yaml",
        name="a",
        region="eu-west-1",
        directory=folder,
        parameters={"Block": SECRET},
        **options,
    )
    assert graph(given, Terminal("ocpprov graph"), wanted) == 0
    said = capsys.readouterr()
    return said.out, said.err


@pytest.mark.parametrize("wanted", get_args(GraphFormat))
def test_a_secret_is_in_none(tmp_path: Path, capsys: pytest.CaptureFixture[str], wanted: GraphFormat) -> None:
    shown, said = drawn(tmp_path, capsys, wanted)
    assert "Net" in shown
    assert SECRET not in shown
    assert said == ""


def test_rules_are_counted_or_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counted, _ = drawn(tmp_path, capsys, "mermaid")
    assert '["Group<br>SecurityGroup<br>1 rule"]' in counted
    assert len([line for line in counted.splitlines() if "<br>" in line]) == 2
    every, _ = drawn(tmp_path, capsys, "dot", verbose=True)
    assert len([line for line in every.splitlines() if "[label=" in line]) == 3


def test_the_picture_is_a_file_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown, _ = drawn(tmp_path, capsys, "svg")
    assert ElementTree.fromstring(shown).tag == "{http://www.w3.org/2000/svg}svg"
    assert "VPC Net" in shown
    assert ">****<" in shown


def test_it_says_what_only_aws_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plan.yaml").write_text(
        "name: a\nregion: eu-west-1\nopenshift: {clusterName: prod, baseDomain: example.com, zones: 1}\n"
    )
    assert graph(Options(plan=tmp_path / "plan.yaml", directory=tmp_path), Terminal(""), "json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["plan"] == "a"
    assert said.err == "note: AWS wasn't asked: names of zones, and what is there already, are assumed\n"


def test_bad_input_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("name: [")
    with pytest.raises(PlanErrors):
        graph(Options(plan=tmp_path / "plan.yaml"), Terminal(""), "svg")


def test_the_command_line_reaches_it(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("name: a\nregion: eu-west-1\nResources: {Box: {Type: AWS::S3::Bucket}}\n")
    shown = CliRunner().invoke(main, ["graph", str(tmp_path / "plan.yaml"), "--format", "dot"])
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith('digraph "a" {')
