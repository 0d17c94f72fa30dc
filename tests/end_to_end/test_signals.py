"""Whoever wants a run to end gets it ended: once, what is in flight ends first; twice, at once. Either way the next
apply finishes what was begun, and the next destroy takes it away."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import random
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.endings import HEADS, HEADS_OF_DESTROY
from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.world import CRASH, REGION, ROOT, Operator, client
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import snapshot

COMMANDS: Final = ("apply", "destroy")
CALLS: Final = 20
"""Fewer than an apply or a destroy of the plan sends that change something: 47 and 26."""
LATENCY: Final = 30.0
"""Seconds of the sandbox's clock for each call, a tenth of one on the wall: what is left to send isn't sent while a
signal is on its way."""
NETWORK: Final = str(CRASH / "small-network.yaml")


@dataclass
class Session:
    """A command in a terminal of its own, which can be closed."""

    process: subprocess.Popen[bytes]
    terminal: int
    output: Path

    def said(self) -> str:
        return self.output.read_text(errors="replace")


def heeded(session: Session, word: str) -> None:
    """Two signals that come before the process has looked are one."""
    deadline = time.monotonic() + 10
    while word not in session.said() and session.process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)


def once(session: Session) -> None:
    session.process.send_signal(signal.SIGINT)


def twice(session: Session) -> None:
    session.process.send_signal(signal.SIGINT)
    heeded(session, "stopping")
    session.process.send_signal(signal.SIGINT)


def terminate(session: Session) -> None:
    session.process.send_signal(signal.SIGTERM)


def hang_up(session: Session) -> None:
    """The kernel tells the process that its terminal is gone."""
    os.close(session.terminal)


ENDINGS: Final[dict[str, Callable[[Session], None]]] = {
    "once": once,
    "twice": twice,
    "terminated": terminate,
    "hung-up": hang_up,
}


def in_a_terminal(operator: Operator, *arguments: str, nohup: bool = False) -> Session:
    """The command, whose standard streams are a terminal that it controls. What it says on stderr goes to a file where
    the terminal is going to be closed anyway; a terminal's own buffer would block."""
    master, slave = pty.openpty()
    output = operator.folder / "said"

    def control() -> None:
        os.setsid()
        # Whoever started the tests may have had them ignore these.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN if nohup else signal.SIG_DFL)
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "ocpprov", *arguments],
            cwd=operator.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **operator.environ},
            stdin=slave,
            stdout=slave,
            stderr=file,
            preexec_fn=control,  # noqa: PLW1509 - nothing else runs in this process
        )
    os.close(slave)
    return Session(process, master, output)


def changes(admin: SandboxAdmin) -> int:
    return sum(call["mutating"] for call in admin.calls())


def until(happened: Callable[[], bool], session: Session) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, session.said()
        assert session.process.poll() is None, session.said()
        time.sleep(0.005)


@pytest.fixture
def plan(operator: Operator) -> str:
    path = operator.folder / "plan.json"
    path.write_text(json.dumps(PLAN))
    return str(path)


def ends_well(operator: Operator, admin: SandboxAdmin, plan: str, command: str, ending: str, moment: int) -> None:
    """A command that is ended when it has sent `moment` changes."""
    reach: Any = lambda service: client(service, operator.url)  # noqa: E731 - what a snapshot asks for
    empty = likeness(snapshot(reach))
    operator.good("apply", plan, "--sandbox", "--yes")
    full = likeness(snapshot(reach))
    if command == "apply":
        operator.good("destroy", plan, "--sandbox", "--yes")
    admin.clear_calls()
    admin.conditions(latency=LATENCY)
    session = in_a_terminal(operator, command, plan, "--sandbox", "--yes")
    until(lambda: changes(admin) >= moment, session)
    ENDINGS[ending](session)
    code = session.process.wait(30)
    admin.conditions()
    if ending != "hung-up":
        os.close(session.terminal)
    said = session.said()
    assert "Traceback" not in said
    # The last calls may all have been in flight when the wish to end came.
    assert code in (130, 0) if moment > CALLS - 5 else code == 130, said
    if code == 130:
        assert ("exists: " if command == "apply" else "remains: ") in said
        assert "next: " in said
    [journal] = (operator.folder / ".ocpprov").glob("*/journal.jsonl")
    assert all(json.loads(line) for line in journal.read_text().splitlines())
    operator.good("apply", plan, "--sandbox", "--yes")
    assert unlike(likeness(snapshot(reach)), full) == []
    operator.good("destroy", plan, "--sandbox", "--yes")
    assert unlike(likeness(snapshot(reach)), empty) == []


@pytest.mark.parametrize(
    ("ending", "command"), [("once", "apply"), pytest.param("twice", "destroy", marks=pytest.mark.torture)]
)
def test_a_run_that_is_told_to_end(operator: Operator, admin: SandboxAdmin, ending: str, command: str) -> None:
    ends_well(operator, admin, NETWORK, command, ending, 3)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_run_that_is_told_to_end_at_any_moment(
    operator: Operator, admin: SandboxAdmin, plan: str, ending: str, seed: int
) -> None:
    moment = random.Random(f"{ending} {seed}").randint(1, CALLS)
    ends_well(operator, admin, plan, COMMANDS[seed % 2], ending, moment)


def test_the_second_interrupt_waits_for_nothing(operator: Operator, admin: SandboxAdmin) -> None:
    admin.faults([{"operation": "CreateVpc", "fault": "hang", "seconds": 25}])
    session = in_a_terminal(operator, "apply", small(operator), "--sandbox", "--yes")
    until(lambda: any(call["operation"] == "CreateVpc" for call in admin.calls()), session)
    twice(session)
    assert session.process.wait(10) == 130
    os.close(session.terminal)
    assert "exists: " in session.said()
    assert "missing: " in session.said()


VPC: Final = {
    "Type": "AWS::EC2::VPC",
    "Properties": {"CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "kubernetes.io/cluster/lab-x1", "Value": "owned"}]},
}
SUBNET: Final = {
    "Type": "AWS::EC2::Subnet",
    "Properties": {"VpcId": {"Ref": "VPC"}, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": f"{REGION}a"},
}
NAT: Final = {
    "Type": "AWS::EC2::NatGateway",
    "Properties": {"ConnectivityType": "private", "SubnetId": {"Ref": "Subnet"}},
}
FOR_EVER: Final = 100_000
"""Seconds of the sandbox's clock: minutes on the wall."""


def small(operator: Operator, **resources: Any) -> str:
    """A plan of one VPC, and of these."""
    path = operator.folder / "small.json"
    path.write_text(json.dumps({"name": "lab", "region": REGION, "Resources": {"VPC": VPC, **resources}}))
    return str(path)


def asked(admin: SandboxAdmin, operation: str, times: int = 1) -> Callable[[], bool]:
    return lambda: sum(call["operation"] == operation for call in admin.calls()) >= times


def ends_interrupted(session: Session) -> str:
    try:
        assert session.process.wait(15) == 130, session.said()
    finally:
        session.process.kill()
        os.close(session.terminal)
    return session.said()


def leaves_at_once(session: Session, signals: int = 2) -> str:
    """What a run said that had begun, and was told so often to end."""
    for word in ("stopping", "aborting", "aborting")[:signals]:
        session.process.send_signal(signal.SIGINT)
        heeded(session, word)
    said = ends_interrupted(session)
    assert "Traceback" not in said
    heads = tuple(line.partition(":")[0] + ":" for line in said.splitlines()[-5:])
    assert heads in (HEADS, HEADS_OF_DESTROY)
    return said


def test_the_second_interrupt_ends_a_wait_for_what_is_throttled(operator: Operator, admin: SandboxAdmin) -> None:
    plan = small(operator, Subnet=SUBNET, Nat=NAT)
    session = in_a_terminal(operator, "apply", plan, "--sandbox", "--yes")
    until(asked(admin, "CreateNatGateway"), session)
    admin.faults([{"operation": "DescribeNatGateways", "nth": 1, "fault": "throttle", "seconds": FOR_EVER}])
    until(asked(admin, "DescribeNatGateways", 2), session)
    assert "the run was interrupted" in leaves_at_once(session, signals=3)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"fault": "throttle", "seconds": FOR_EVER}, id="throttle", marks=pytest.mark.torture),
        pytest.param({"fault": "hang", "seconds": 40}, id="hang"),
    ],
)
def test_the_second_interrupt_ends_the_look_after_the_run(
    operator: Operator, admin: SandboxAdmin, fault: dict[str, Any]
) -> None:
    admin.faults([{"operation": "DescribeVpcs", "nth": 3, **fault}])
    session = in_a_terminal(operator, "apply", small(operator), "--sandbox", "--yes")
    until(asked(admin, "DescribeVpcs", 3), session)
    assert "exists:   1 of the plan's 1 resources" in leaves_at_once(session)


def test_the_second_interrupt_ends_the_removal_of_what_a_cluster_left(operator: Operator, admin: SandboxAdmin) -> None:
    plan = small(operator)
    operator.good("apply", plan, "--sandbox", "--yes")
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "kubernetes.io/cluster/lab-x1", "Value": "owned"}]}]
    client("ec2", operator.url).create_volume(AvailabilityZone=f"{REGION}a", Size=1, TagSpecifications=tags)
    admin.faults([{"operation": "DeleteVolume", "fault": "hang", "seconds": 40}])
    admin.clear_calls()
    leftovers = ("--cluster-leftovers", "delete", "--infra-id", "lab-x1")
    session = in_a_terminal(operator, "destroy", plan, "--sandbox", "--yes", *leftovers)
    until(asked(admin, "DeleteVolume"), session)
    assert "remains:  VPC" in leaves_at_once(session)


def test_the_first_interrupt_before_a_run_waits_for_no_read_that_hangs(operator: Operator, admin: SandboxAdmin) -> None:
    admin.faults([{"operation": "DescribeVpcs", "fault": "hang", "seconds": 40}])
    admin.clear_calls()
    session = in_a_terminal(operator, "apply", small(operator), "--sandbox", "--yes")
    until(asked(admin, "DescribeVpcs", 1), session)
    session.process.send_signal(signal.SIGINT)
    assert ends_interrupted(session).splitlines()[-1] == "interrupted"


@pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGINT, marks=pytest.mark.torture), signal.SIGTERM, signal.SIGHUP]
)
def test_a_signal_before_the_first_change_ends_in_a_word(
    operator: Operator, admin: SandboxAdmin, number: signal.Signals
) -> None:
    admin.faults([{"operation": "DescribeVpcs", "fault": "hang", "seconds": 3}])
    admin.clear_calls()
    session = in_a_terminal(operator, "apply", small(operator), "--sandbox", "--yes")
    until(lambda: any(call["operation"] == "DescribeVpcs" for call in admin.calls()), session)
    session.process.send_signal(number)
    assert session.process.wait(20) == 130
    os.close(session.terminal)
    assert "Traceback" not in session.said()
    assert "interrupted" in session.said()
    assert changes(admin) == 0


def test_a_run_that_was_told_to_outlive_its_terminal_does(operator: Operator, admin: SandboxAdmin) -> None:
    admin.clear_calls()
    session = in_a_terminal(operator, "apply", NETWORK, "--sandbox", "--yes", nohup=True)
    until(lambda: changes(admin) >= 3, session)
    hang_up(session)
    assert session.process.wait(60) == 0


def test_a_run_that_nobody_reads_any_more_is_finished(operator: Operator, admin: SandboxAdmin) -> None:
    process = operator.start("apply", NETWORK, "--sandbox", "--yes", "--json")
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    process.stderr.close()
    assert process.wait(60) == 0
    admin.clear_calls()
    operator.good("apply", NETWORK, "--sandbox", "--yes")
    assert changes(admin) == 0
