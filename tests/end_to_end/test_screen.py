"""On a terminal the end of a run is to be read whole, and nothing of the live view is left above it."""

from __future__ import annotations

import json
import os
import re
import time
from typing import Final

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.endings import HEADS
from tests.end_to_end.world import REGION, ROOT, Operator
from tests.support.screen import OnScreen

ZONES: Final = "abc"
VPC: Final = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}


def plan_of(operator: Operator) -> str:
    """Subnets with names as long as logical ids get, and what takes its time in each."""
    resources: dict[str, object] = {"VPC": VPC, "InternetGateway": {"Type": "AWS::EC2::InternetGateway"}}
    for number, zone in enumerate(ZONES):
        properties = {
            "VpcId": {"Ref": "VPC"},
            "CidrBlock": f"10.0.{number}.0/24",
            "AvailabilityZone": f"{REGION}{zone}",
        }
        resources[f"PrivateSubnetOfTheMachinesInZone{zone}"] = {"Type": "AWS::EC2::Subnet", "Properties": properties}
        subnet = {"Ref": f"PrivateSubnetOfTheMachinesInZone{zone}"}
        resources[f"PrivateGatewayOfTheMachinesInZone{zone}"] = {
            "Type": "AWS::EC2::NatGateway",
            "Properties": {"ConnectivityType": "private", "SubnetId": subnet},
        }
    path = operator.folder / "lab.json"
    path.write_text(json.dumps({"name": "lab", "region": REGION, "Resources": resources}))
    return str(path)


SIZES: Final = [(80, 24), (200, 50), (60, 12)]
every_size = pytest.mark.parametrize(
    "size", [pytest.param(size, marks=[] if size == SIZES[0] else pytest.mark.torture) for size in SIZES]
)


def shown(operator: Operator, size: tuple[int, int]) -> OnScreen:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **operator.environ}
    arguments = ["apply", plan_of(operator), "--sandbox", "--yes"]
    return OnScreen(arguments, operator.folder, environ, columns=size[0], lines=size[1])


def joined(rows: list[str], columns: int) -> list[str]:
    """Lines: those that fill their row and go on in the next one are put together. A row may end with a blank."""
    found: list[str] = []
    goes_on = False
    for row in rows:
        if goes_on and not _LINE.fullmatch(row):
            found[-1] += row
        else:
            found.append(row)
        goes_on = len(row) >= columns - 1
    return found


def until_shown(command: OnScreen, text: str) -> None:
    deadline = time.monotonic() + 60
    while not any(text in row for row in command.screen.rows()):
        assert time.monotonic() < deadline, command.screen.rows()
        assert command.process.poll() is None, command.screen.rows()
        time.sleep(0.02)


_LINE: Final = re.compile(
    r"plan lab, account .*|Network:|  \+ create  .*|\d+ to create, .*"
    r"|(created|ready|failed|skipped|retrying|updated)  .*|billed: .*"
    r"|(\^C)*stopping after in-flight calls; press Ctrl-C again to abort|(\^C)*aborting"
    r"|Describe\w+: RequestLimitExceeded: .*"
)


def whole(command: OnScreen) -> None:
    """The five heads are there once, in their order and at the beginnings of rows, and last. Above there are only
    whole lines, and nothing of the live view."""
    rows = joined(command.screen.rows(), command.screen.columns)
    heads = [row.split()[0] for row in rows if row.startswith(tuple(head.split()[0] for head in HEADS))]
    assert heads == [head.split()[0] for head in HEADS], rows
    first = next(index for index, row in enumerate(rows) if row.startswith("exists:"))
    assert not any("━" in row or "tried again" in row for row in rows), rows
    for row in rows[:first]:
        assert _LINE.fullmatch(row), (row, rows)


@every_size
def test_after_a_failure(operator: Operator, admin: SandboxAdmin, size: tuple[int, int]) -> None:
    admin.faults([{"operation": "CreateInternetGateway", "fault": "error", "code": "InternetGatewayLimitExceeded"}])
    command = shown(operator, size)
    assert command.ended(60) == 1
    whole(command)


@every_size
@pytest.mark.parametrize("times", [1, 2])
def test_after_ctrl_c(operator: Operator, admin: SandboxAdmin, times: int, size: tuple[int, int]) -> None:
    """The looks are throttled, so that lines about that come all the time, and the table is there to the end."""
    seconds = 6000 if times == 1 else 100_000
    admin.faults([{"operation": "DescribeNatGateways", "nth": 2, "fault": "throttle", "seconds": seconds}])
    command = shown(operator, size)
    until_shown(command, "tried again: RequestLimitExceeded")
    for _ in range(times):
        command.type(b"\x03")
        time.sleep(0.3)
    assert command.ended(60) == 130
    rows = command.screen.rows()
    assert any("stopping after in-flight calls" in row for row in rows)
    assert any("aborting" in row for row in rows) is (times == 2)
    whole(command)


@every_size
@pytest.mark.torture
def test_after_a_storm_of_throttling(operator: Operator, admin: SandboxAdmin, size: tuple[int, int]) -> None:
    """It is one counting line while it lasts, and nothing of it is left."""
    admin.faults([], storm={"seed": 7, "throttled": 0.4})
    command = shown(operator, size)
    assert command.ended(60) == 0
    rows = joined(command.screen.rows(), command.screen.columns)
    [summary] = [number for number, row in enumerate(rows) if row.startswith("8 to create")]
    assert [row.split(":")[0].split(" in ")[0] for row in rows[summary + 1 :]] == ["done", "for the auditor"], rows
