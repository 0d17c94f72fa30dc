"""Two runs on one plan, on one host and on two: one works, the other waits or leaves in words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.record import Running
from tests.end_to_end.world import REGION, Operator, client
from tests.support.warm import shared

LOCK: Final = "s3://team-locks/ocpprov"
RESOURCES: Final = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "Subnet": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": f"{REGION}a"},
    },
    "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "GroupName": "one", "GroupDescription": "one"},
    },
}


def bastion(url: str, folder: Path, lock: str = "") -> Operator:
    """Somebody on a host of their own, with the plan."""
    folder.mkdir()
    plan: dict[str, Any] = {"name": "prod", "region": REGION, "Resources": RESOURCES}
    (folder / "plan.json").write_text(json.dumps({**plan, **({"lock": lock} if lock else {})}))
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return Operator(url, folder, {"XDG_STATE_HOME": str(folder / "state"), **credentials})


@pytest.fixture
def team(running: Running, admin: SandboxAdmin) -> str:
    """The URL of an AWS in which there is a bucket for locks."""
    s3 = client("s3", running.endpoint_url)
    s3.create_bucket(Bucket="team-locks", CreateBucketConfiguration={"LocationConstraint": REGION})
    return running.endpoint_url


def held_up(operator: Operator, admin: SandboxAdmin, seconds: float) -> subprocess.Popen[str]:
    """A run that is in the middle of its changes, and waits for an answer."""
    admin.faults([{"operation": "CreateVpc", "fault": "hang", "seconds": seconds}])
    process = operator.start("apply", "plan.json", "--yes")
    deadline = time.monotonic() + 30
    while not any(call["operation"] == "CreateVpc" for call in admin.calls()):
        assert time.monotonic() < deadline, process.communicate()
        time.sleep(0.05)
    return process


def networks(url: str) -> int:
    return len([vpc for vpc in client("ec2", url).describe_vpcs()["Vpcs"] if not vpc["IsDefault"]])


def test_on_one_host_the_second_leaves_and_is_told_of_the_first(team: str, admin: SandboxAdmin, tmp_path: Path) -> None:
    """Takes five seconds: the first is at work for as long as the second may need to begin, on a slow machine too."""
    operator = bastion(team, tmp_path / "one")
    # What the second begins in takes seconds to begin itself.
    shared()
    first = held_up(operator, admin, 5)
    second = operator.run("destroy", "plan.json", "--yes")
    assert second.code == 2
    assert f"process {first.pid}" in second.err
    assert os.uname().nodename in second.err
    assert "last: " in second.err
    assert first.wait(60) == 0
    assert networks(team) == 1


@pytest.mark.torture
def test_on_two_hosts_one_leaves_and_one_waits(team: str, admin: SandboxAdmin, tmp_path: Path) -> None:
    """Takes eight seconds, as the test before, and the one who waits looks at the lock every few."""
    first = held_up(bastion(team, tmp_path / "one", LOCK), admin, 8)
    waiting = bastion(team, tmp_path / "two", LOCK).start("apply", "plan.json", "--yes", "--lock-timeout", "60")
    leaving = bastion(team, tmp_path / "three", LOCK).run("apply", "plan.json", "--yes")
    assert leaving.code == 2
    assert f"process {first.pid}" in leaving.err
    assert f"{LOCK}/123456789012-{REGION}-prod.lock" in leaving.err
    assert first.wait(60) == 0
    _, said = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, said
    assert networks(team) == 1
    admin.clear_calls()
    bastion(team, tmp_path / "four").good("destroy", "--name", "prod", "--region", REGION, "--yes", "--lock", LOCK)
    assert networks(team) == 0
    assert "PutObject" in {call["operation"] for call in admin.calls()}


def test_a_lock_that_cannot_be_had_is_named_before_anything_is_changed(
    team: str, admin: SandboxAdmin, tmp_path: Path
) -> None:
    admin.clear_calls()
    missing = bastion(team, tmp_path / "one", "s3://nobody/ocpprov").run("apply", "plan.json", "--yes")
    assert missing.code == 2
    assert "s3://nobody/ocpprov/" in missing.err
    assert "NoSuchBucket" in missing.err
    admin.faults([{"operation": "PutObject", "fault": "error", "code": "AccessDenied", "status": 403, "times": 9}])
    denied = bastion(team, tmp_path / "two", LOCK).run("apply", "plan.json", "--yes")
    assert denied.code == 2
    assert "s3:PutObject" in denied.err
    assert {call["operation"] for call in admin.calls() if call["mutating"]} == {"PutObject"}


@pytest.mark.torture
def test_a_killed_holder_is_followed_after_a_minute(team: str, admin: SandboxAdmin, tmp_path: Path) -> None:
    first = held_up(bastion(team, tmp_path / "one", LOCK), admin, 5)
    first.kill()
    first.wait(10)
    killed = time.monotonic()
    bastion(team, tmp_path / "two", LOCK).good("apply", "plan.json", "--yes", "--lock-timeout", "120")
    assert time.monotonic() - killed > 45
    assert networks(team) == 1


@pytest.mark.torture
def test_a_holder_that_was_stopped_changes_nothing_when_it_wakes(
    team: str, admin: SandboxAdmin, tmp_path: Path
) -> None:
    first = held_up(bastion(team, tmp_path / "one", LOCK), admin, 5)
    os.kill(first.pid, signal.SIGSTOP)
    bastion(team, tmp_path / "two", LOCK).good("apply", "plan.json", "--yes", "--lock-timeout", "120")
    admin.clear_calls()
    os.kill(first.pid, signal.SIGCONT)
    _, said = first.communicate(timeout=120)
    assert first.returncode == 1, said
    assert "nothing more was sent" in said
    assert [call["operation"] for call in admin.calls() if call["mutating"] and call["service"] == "ec2"] == []
    assert networks(team) == 1
