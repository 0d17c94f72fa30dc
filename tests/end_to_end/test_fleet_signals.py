"""Many plans that somebody wants to end: once, those at work end as they do alone; twice, nobody is waited for. Either
way the same command goes on, and destroy takes everything away."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.test_signals import ENDINGS, in_a_terminal, until
from tests.end_to_end.world import REGION, Operator, client

NAMES = ("one", "three", "two")
"""In the order of their files; with two at once the last one has to wait."""


def plans(operator: Operator) -> Path:
    folder = operator.folder / "plans"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": f"10.{number}.0.0/16"}}
        subnet = {
            "Type": "AWS::EC2::Subnet",
            "Properties": {"VpcId": {"Ref": "Net"}, "CidrBlock": f"10.{number}.0.0/24"},
        }
        content = {"name": name, "region": REGION, "Resources": {"Net": vpc, "Subnet": subnet}}
        (folder / f"{name}.yaml").write_text(json.dumps(content))
    return folder


def made(operator: Operator) -> list[str]:
    """The plans of all VPCs and subnets that are there, each as often as it has one."""
    ec2: Any = client("ec2", operator.url)
    found = [*ec2.describe_vpcs()["Vpcs"], *ec2.describe_subnets()["Subnets"]]
    tags = [{tag["Key"]: tag["Value"] for tag in each.get("Tags", [])} for each in found]
    return sorted(each["ocpprov:plan"] for each in tags if "ocpprov:plan" in each)


@pytest.mark.torture
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_fleet_that_is_told_to_end(operator: Operator, admin: SandboxAdmin, ending: str) -> None:
    """One request hangs: who leaves waits for nothing; otherwise it ends first."""
    folder = plans(operator)
    admin.faults([{"operation": "CreateSubnet", "fault": "hang", "seconds": 25 if ending == "twice" else 2}])
    session = in_a_terminal(operator, "fleet", str(folder), "--sandbox", "--yes", "--at-once", "2")
    until(lambda: any(call["operation"] == "CreateSubnet" for call in admin.calls()), session)
    ENDINGS[ending](session)
    assert session.process.wait(20) == 130, session.said()
    if ending != "hung-up":
        os.close(session.terminal)
    said = session.said()
    assert "Traceback" not in said
    assert "two: interrupted: it was interrupted before it began" in said
    operator.good("fleet", str(folder), "--sandbox", "--yes")
    assert made(operator) == sorted([*NAMES, *NAMES])
    operator.good("fleet", str(folder), "--sandbox", "--yes", "--do", "destroy")
    assert made(operator) == []
