"""What other people have written (tags, names of records, a service's messages) on a real terminal: none of it moves
the cursor, clears a line or looks like a line of ours."""

from __future__ import annotations

import json
import os
import re
from typing import Any, Final

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.world import REGION, ROOT, Operator, client
from tests.support.screen import COLUMNS, OnScreen

NAME: Final = "A\n7 to create\u202e\x9b3J\u2028B"
"""A line of its own, the direction of writing turned round, a control of eight bits, an end of a line: what XML lets
through."""
RECORD: Final = r"\033c\033[2j.prod.example.com"
OBEYED: Final = re.compile("\x1bc|\x1b\\[[23][jJ]|\x9b|\u202e|\u2028|^7 to create", re.MULTILINE)


def hostile_world(operator: Operator) -> str:
    """A plan that was applied, and beside it what somebody has put there with its tags, and in its zone."""
    vpc: dict[str, object] = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    vpcs = [{"VPCId": {"Ref": "VPC"}, "VPCRegion": REGION}]
    zone = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "prod.example.com", "VPCs": vpcs}}
    path = operator.folder / "lab.json"
    path.write_text(json.dumps({"name": "lab", "region": REGION, "Resources": {"VPC": vpc, "Zone": zone}}))
    operator.good("apply", str(path), "--sandbox", "--yes")
    ec2, route53 = (client(service, operator.url) for service in ("ec2", "route53"))
    group = ec2.create_security_group(GroupName="theirs", Description="theirs")["GroupId"]
    tags = {"ocpprov:plan": "lab", "ocpprov:resource": NAME, "ocpprov:region": REGION, "ocpprov:run": NAME}
    ec2.create_tags(Resources=[group], Tags=[{"Key": key, "Value": value} for key, value in tags.items()])
    [zone_id] = [each["Id"] for each in route53.list_hosted_zones()["HostedZones"]]
    record: Any = {"Name": RECORD, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.4"}]}
    changes = [{"Action": "CREATE", "ResourceRecordSet": record}]
    route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})
    return str(path)


def shown(operator: Operator, *arguments: str) -> tuple[int, OnScreen]:
    """The exit code, and the terminal."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), **operator.environ}
    command = OnScreen([*arguments, "--sandbox"], operator.folder, environ)
    return command.ended(60), command


def harmless(command: OnScreen) -> str:
    """All that is to be read, rows put together again, once it is sure that nothing in it was obeyed."""
    assert OBEYED.findall(command.screen.raw.decode("utf-8").replace("\r\n", "\n")) == []
    return "".join(row.ljust(COLUMNS) if len(row) < COLUMNS else row for row in command.screen.rows())


ESCAPED: Final = r"A\x0a7 to create\u202e\x9b3J\u2028B"
RECORD_SHOWN: Final = r"|\x1bc\x1b[2j.prod.example.com|A|, which is not of this plan"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["plan", "lab.json"], 0, [ESCAPED, RECORD_SHOWN]),
        pytest.param(
            ["plan", "lab.json", "--json"],
            0,
            [json.dumps(NAME), "|\\u001bc\\u001b[2j.prod.example.com|A|"],
            marks=pytest.mark.torture,
        ),
        pytest.param(["destroy", "lab.json", "--yes"], 1, [ESCAPED, RECORD_SHOWN], marks=pytest.mark.torture),
    ],
)
def test_nothing_of_it_reaches_the_terminal(
    operator: Operator, arguments: list[str], code: int, told: list[str]
) -> None:
    hostile_world(operator)
    ended, command = shown(operator, *arguments)
    assert ended == code
    for text in told:
        assert text in harmless(command)


def test_nor_does_what_a_service_says(operator: Operator, admin: SandboxAdmin) -> None:
    path = hostile_world(operator)
    fault = {"operation": "DescribeVpcs", "fault": "error", "code": "InvalidParameterValue", "status": 400}
    admin.faults([{**fault, "message": NAME, "times": 9}])
    ended, command = shown(operator, "apply", path, "--yes")
    assert ended == 2
    assert f"DescribeVpcs: InvalidParameterValue: {ESCAPED} (request " in harmless(command)
