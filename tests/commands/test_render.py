"""`render`: a plan again or a template, as YAML or JSON, and what is said beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from ocpprov.cli.verbs import main

PLAN = """
name: lab
region: eu-west-1
lock: s3://bucket/locks
Parameters: {Block: {Type: String, NoEcho: true}}
Resources:
  Net:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: !Ref Block, Tags: [{Key: at, Value: '12:30'}]}
"""
SECRET = "10.77.0.0/16"
EXISTING = Path(__file__).parents[2] / "plans" / "existing-vpc.yaml"


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, plan: str | Path, *options: str) -> Result:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    if isinstance(plan, str):
        (folder / "plan.yaml").write_text(plan)
        plan = folder / "plan.yaml"
    return CliRunner().invoke(main, ["render", str(plan), "--dir", str(folder), *options])


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_a_template_is_cloudformations_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = run(monkeypatch, tmp_path, PLAN, "--template", "--parameter", f"Block={SECRET}")
    assert (shown.exit_code, shown.stderr) == (0, "left out: the values of Block (NoEcho)\n")
    document = loaded(shown.stdout)
    assert list(document) == ["AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Resources"]
    tags = [{"Key": "at", "Value": "12:30"}]
    assert document["Resources"]["Net"]["Properties"] == {"CidrBlock": {"Ref": "Block"}, "Tags": tags}
    as_json = run(monkeypatch, tmp_path, PLAN, "--template", "--json", "--parameter", f"Block={SECRET}")
    assert json.loads(as_json.stdout) == document
    assert SECRET not in as_json.stdout + shown.stdout


def test_a_plan_is_a_plan_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = run(monkeypatch, tmp_path, PLAN, "--json", "--parameter", f"Block={SECRET}")
    assert shown.stderr == "left out: the values of Block (NoEcho)\n"
    assert list(json.loads(shown.stdout)) == ["name", "region", "lock", "Parameters", "Resources"]
    again = run(monkeypatch, tmp_path, shown.stdout, "--json", "--parameter", f"Block={SECRET}")
    assert again.stdout == shown.stdout


def test_what_a_template_cannot_say_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = run(
        monkeypatch, tmp_path, PLAN.replace("12:30", "{{resolve:ssm:x}}"), "--template", f"--parameter=Block={SECRET}"
    )
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "plan.yaml:7:3: Net: CloudFormation would look up" in shown.stderr


def test_a_template_that_is_too_long_is_printed_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tags = ", ".join(f"{{Key: k{number}, Value: {'x' * 250}}}" for number in range(49))
    nets = "".join(
        f"  Net{number}:\n    Type: AWS::EC2::VPC\n    Properties: {{CidrBlock: 10.{number}.0.0/16, Tags: [{tags}]}}\n"
        for number in range(4)
    )
    shown = run(monkeypatch, tmp_path, f"name: lab\nregion: eu-west-1\nResources:\n{nets}", "--template")
    size = len(shown.stdout.encode())
    assert size > 51_200
    assert shown.stderr.startswith(f"the template has {size:,} bytes")
    plain = run(monkeypatch, tmp_path, f"name: lab\nregion: eu-west-1\nResources:\n{nets}")
    assert plain.stderr == ""


def test_without_aws_it_says_what_it_needs_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shown = run(monkeypatch, tmp_path, EXISTING, "--template")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert (
        "AWS is asked for nothing but the VPC, zones, blocks and route tables of subnet-0123456789abcdef1, "
        "subnet-0123456789abcdef2, subnet-0123456789abcdef3, the internet gateway and the endpoints of "
        "vpc-0123456789abcdef0\n"
    ) in shown.stderr
