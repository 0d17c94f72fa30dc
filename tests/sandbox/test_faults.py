"""The fault script."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from urllib.error import HTTPError

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import ResponseParserError

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.record import Running
from tests.sandbox.world import World, refused


@pytest.fixture
def world(sandbox: Running, admin: SandboxAdmin) -> World:
    """Clients of the empty sandbox, over sockets, which are what breaks."""
    return World(sandbox.endpoint_url)


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """A process to kill."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process
        process.kill()


def vpcs(world: World) -> int:
    return sum(not vpc["IsDefault"] for vpc in world.ec2.describe_vpcs()["Vpcs"])


def test_an_answer_is_lost_once(world: World, admin: SandboxAdmin) -> None:
    admin.faults([{"call": 2, "fault": "lose-answer"}])
    world.vpc()
    vpcs(world)
    with pytest.raises(ConnectionClosedError):
        world.vpc()
    world.vpc()
    assert vpcs(world) == 3


def test_a_request_is_lost(world: World, admin: SandboxAdmin) -> None:
    admin.faults([{"operation": "CreateVpc", "nth": 2, "fault": "lose-request"}])
    world.address()
    world.vpc()
    with pytest.raises(ConnectionClosedError):
        world.vpc()
    assert vpcs(world) == 1
    assert admin.status()["faults_waiting"] == 0


def test_a_call_fails_as_told(world: World, admin: SandboxAdmin) -> None:
    admin.faults(
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
    world: World, admin: SandboxAdmin, victim: subprocess.Popen[bytes], fault: str, made: int
) -> None:
    admin.faults([{"call": 1, "fault": fault}])
    admin.register(victim.pid)
    with pytest.raises(ConnectionClosedError):
        world.vpc()
    assert victim.wait(5) == -signal.SIGKILL
    assert vpcs(world) == made


def test_no_process_is_killed_that_was_not_registered_or_no_longer_is(
    world: World, admin: SandboxAdmin, victim: subprocess.Popen[bytes]
) -> None:
    def strike() -> None:
        admin.faults([{"call": 1, "fault": "kill-before"}])
        with pytest.raises(ConnectionClosedError):
            world.vpc()

    strike()
    admin.register(victim.pid)
    admin.reset()
    strike()
    assert victim.poll() is None


@pytest.mark.parametrize(
    "fault",
    [
        {"call": 1, "fault": "burn"},
        {"fault": "error"},
        {"call": 1, "operation": "X", "fault": "error"},
        {"call": "1", "fault": "error"},
        {"call": 1, "fault": "error", "kind": "x"},
        {"call": 1, "fault": "kill-before", "pid": 4711},
        {"call": 1, "fault": "kill-before", "pidfile": "/tmp/pid"},
    ],
)
def test_a_script_that_says_nothing_sensible_is_refused(admin: SandboxAdmin, fault: dict[str, object]) -> None:
    with pytest.raises(HTTPError, match="400"):
        admin.faults([fault])


def test_a_reset_forgets_everything(world: World, admin: SandboxAdmin) -> None:
    admin.faults([{"operation": "DescribeVpcs", "fault": "lose-request"}])
    world.zone("once", world.vpc())
    admin.reset()
    assert admin.calls() == []
    assert vpcs(world) == 0
    assert world.zone("once", world.vpc())


def test_a_call_may_be_carried_out_and_answered_with_an_error(world: World, admin: SandboxAdmin) -> None:
    admin.faults([{"call": 1, "fault": "error-after", "code": "Unavailable", "status": 503}])
    with refused("Unavailable", 503):
        world.vpc()
    assert vpcs(world) == 1


def test_a_fault_may_strike_several_times_in_a_row(world: World, admin: SandboxAdmin) -> None:
    admin.faults([{"operation": "CreateVpc", "nth": 2, "times": 2, "fault": "lose-request"}])
    world.vpc()
    for _ in range(2):
        with pytest.raises(ConnectionClosedError):
            world.vpc()
    world.vpc()
    assert vpcs(world) == 2


THROTTLES = [
    ("ec2", "describe_vpcs", "RequestLimitExceeded", 503),
    ("route53", "list_hosted_zones", "Throttling", 400),
    ("elbv2", "describe_load_balancers", "Throttling", 400),
    ("iam", "list_roles", "Throttling", 400),
    ("s3", "list_buckets", "SlowDown", 503),
]


@pytest.mark.parametrize(("service", "method", "code", "status"), THROTTLES, ids=[row[0] for row in THROTTLES])
def test_a_service_is_throttled_for_a_time_in_its_own_words(
    world: World, admin: SandboxAdmin, service: str, method: str, code: str, status: int
) -> None:
    operation = "".join(part.capitalize() for part in method.split("_"))
    admin.faults([{"operation": operation, "fault": "throttle", "seconds": 1_000_000}])
    ask = getattr(world.other(service), method)
    for _ in range(2):
        with refused(code, status):
            ask()
    admin.advance(1_000_000)
    ask()


def test_a_throttle_keeps_to_its_service(world: World, admin: SandboxAdmin) -> None:
    admin.faults([{"call": 1, "fault": "throttle", "seconds": 1_000_000}])
    with refused("RequestLimitExceeded", 503):
        world.vpc()
    assert world.route53.list_hosted_zones()["HostedZones"] == []


@pytest.mark.parametrize(("fault", "made"), [("html", 0), ("html-after", 1)])
def test_a_proxy_answers_in_awss_place(world: World, admin: SandboxAdmin, fault: str, made: int) -> None:
    admin.faults([{"call": 1, "fault": fault}])
    with pytest.raises(ClientError, match="502"):
        world.vpc()
    assert vpcs(world) == made


def test_half_an_answer_arrives(world: World, admin: SandboxAdmin) -> None:
    admin.faults([{"call": 1, "fault": "half-answer"}])
    with pytest.raises(ResponseParserError):
        world.vpc()
    assert vpcs(world) == 1


def test_a_connection_hangs_and_is_closed(world: World, admin: SandboxAdmin) -> None:
    admin.faults([{"call": 1, "fault": "hang", "seconds": 0.2}])
    with pytest.raises(ConnectionClosedError):
        world.vpc()
    assert vpcs(world) == 1


def outcomes(world: World, calls: int) -> list[str]:
    """What becomes of so many calls in a row."""
    found = []
    for _ in range(calls):
        try:
            world.address()
        except ClientError as error:
            found.append(error.response["Error"]["Code"])
        except ConnectionClosedError:
            found.append("closed")
        else:
            found.append("")
    return found


def test_a_storm_strikes_at_random_and_the_same_for_the_same_seed(world: World, admin: SandboxAdmin) -> None:
    storm = {"seed": 7, "throttled": 0.2, "lost_answers": 0.1, "lost_requests": 0.1, "done_but_failed": 0.1}
    admin.faults([], storm)
    first = outcomes(world, 60)
    admin.faults([])
    made = len(world.ec2.describe_addresses()["Addresses"])
    assert set(first) == {"", "closed", "RequestLimitExceeded", "InternalError"}
    assert first.count("") < made < 60 - first.count("RequestLimitExceeded")
    admin.faults([], storm)
    assert outcomes(world, 60) == first


def test_what_a_storm_has_fail_is_not_done(world: World, admin: SandboxAdmin) -> None:
    admin.faults([], {"seed": 7, "failed": 1.0})
    assert outcomes(world, 3) == ["InternalError"] * 3
    admin.faults([])
    assert world.ec2.describe_addresses()["Addresses"] == []


@pytest.mark.parametrize("storm", [{"seed": "1"}, {"seed": 1, "throttled": 1.5}, {"seed": 1, "hail": 0.1}])
def test_a_storm_that_says_nothing_sensible_is_refused(admin: SandboxAdmin, storm: dict[str, object]) -> None:
    with pytest.raises(HTTPError, match="400"):
        admin.faults([], storm)


def test_an_answer_can_be_put_into_awss_mouth(world: World, admin: SandboxAdmin) -> None:
    body = "<CreateVpcResponse><vpc><vpcId>vpc-0123</vpcId></vpc></CreateVpcResponse>"
    admin.faults([{"operation": "CreateVpc", "fault": "answer", "body": body}])
    assert world.vpc() == "vpc-0123"
    assert vpcs(world) == 0
