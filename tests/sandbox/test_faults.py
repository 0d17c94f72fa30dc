"""The fault script."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from botocore.exceptions import ConnectionClosedError

from ocpprov.sandbox.client import SandboxControl
from tests.sandbox.world import World, refused


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """A process to kill."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process
        process.kill()


def vpcs(world: World) -> int:
    return sum(not vpc["IsDefault"] for vpc in world.ec2.describe_vpcs()["Vpcs"])


def test_an_answer_is_lost_once(world: World, levers: SandboxControl) -> None:
    levers.faults([{"call": 2, "fault": "lose-answer"}])
    world.vpc()
    vpcs(world)
    with pytest.raises(ConnectionClosedError):
        world.vpc()
    world.vpc()
    assert vpcs(world) == 3


def test_a_request_is_lost(world: World, levers: SandboxControl) -> None:
    levers.faults([{"operation": "CreateVpc", "nth": 2, "fault": "lose-request"}])
    world.address()
    world.vpc()
    with pytest.raises(ConnectionClosedError):
        world.vpc()
    assert vpcs(world) == 1
    assert levers.status()["faults_waiting"] == 0


def test_a_call_fails_as_told(world: World, levers: SandboxControl) -> None:
    levers.faults(
        [
            {"operation": "DescribeVpcs", "fault": "error", "code": "RequestLimitExceeded", "status": 503},
            {"operation": "CreateHostedZone", "fault": "error", "code": "Throttling", "message": "Rate exceeded"},
        ]
    )
    with refused("RequestLimitExceeded", 503):
        world.ec2.describe_vpcs()
    with refused("Throttling", 500):
        world.zone("once", world.vpc())
    assert world.route53.list_hosted_zones()["HostedZones"] == []


@pytest.mark.parametrize(("fault", "made"), [("kill-before", 0), ("kill-after", 1)])
def test_a_process_is_killed(
    world: World, levers: SandboxControl, victim: subprocess.Popen[bytes], fault: str, made: int, tmp_path: Path
) -> None:
    pidfile = tmp_path / "pid"
    pidfile.write_text(f"{victim.pid}\n")
    levers.faults([{"call": 1, "fault": fault, "pidfile": str(pidfile)}])
    with pytest.raises(ConnectionClosedError):
        world.vpc()
    assert victim.wait(5) == -signal.SIGKILL
    assert vpcs(world) == made


def test_a_process_is_killed_by_its_number(
    world: World, levers: SandboxControl, victim: subprocess.Popen[bytes]
) -> None:
    levers.faults([{"call": 1, "fault": "kill-before", "pid": victim.pid}])
    with pytest.raises(ConnectionClosedError):
        world.vpc()
    assert victim.wait(5) == -signal.SIGKILL


@pytest.mark.parametrize(
    "fault",
    [
        {"call": 1, "fault": "burn"},
        {"fault": "error"},
        {"call": 1, "operation": "X", "fault": "error"},
        {"call": "1", "fault": "error"},
        {"call": 1, "fault": "error", "kind": "x"},
        {"call": 1, "fault": "kill-before"},
    ],
)
def test_a_script_that_says_nothing_sensible_is_refused(levers: SandboxControl, fault: dict[str, object]) -> None:
    with pytest.raises(HTTPError, match="400"):
        levers.faults([fault])


def test_a_reset_forgets_everything(world: World, levers: SandboxControl) -> None:
    levers.faults([{"operation": "DescribeVpcs", "fault": "lose-request"}])
    world.zone("once", world.vpc())
    levers.reset()
    assert levers.calls() == []
    assert vpcs(world) == 0
    assert world.zone("once", world.vpc())
