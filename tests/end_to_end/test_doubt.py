"""Lost answers, lost requests and kills: the next run converges, nothing double, nothing orphaned."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ocpprov.sandbox.client import SandboxControl
from tests.end_to_end.world import ROOT, Operator, counts, everything

SINGLE_ZONE = str(ROOT / "plans" / "network-single-zone.yaml")
THREE_ZONES = str(ROOT / "plans" / "network-3az.yaml")
PARTS = 4
"""In how many tests the long matrix is cut."""
OPERATIONS = (
    "CreateVpc",
    "ModifyVpcAttribute",
    "CreateSubnet",
    "CreateInternetGateway",
    "AttachInternetGateway",
    "AllocateAddress",
    "CreateNatGateway",
    "CreateRouteTable",
    "CreateRoute",
    "AssociateRouteTable",
    "CreateVpcEndpoint",
    "CreateSecurityGroup",
    "AuthorizeSecurityGroupIngress",
    "CreateHostedZone",
    "ChangeTagsForResource",
)


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, int]]:
    """What runs without faults make, by plan; filled when it is first asked for."""
    return {}


@pytest.fixture
def clean(operator: Operator, levers: SandboxControl, known: dict[str, dict[str, int]], plan: str) -> dict[str, int]:
    """What a run without faults makes, in a sandbox that is empty again afterwards."""
    if plan not in known:
        operator.good("apply", plan, "--sandbox", "--yes")
        known[plan] = counts(operator.url)
        operator.good("destroy", plan, "--sandbox", "--yes")
        shutil.rmtree(operator.folder / ".ocpprov")
        levers.reset()
    return known[plan]


@pytest.fixture
def plan() -> str:
    """The plan that a test runs."""
    return SINGLE_ZONE


def _converges(operator: Operator, levers: SandboxControl, plan: str, clean: dict[str, int]) -> None:
    """The next apply ends well; everything is there once, and destroy leaves nothing."""
    levers.faults([])
    operator.good("apply", plan, "--sandbox", "--yes")
    operator.good("plan", plan, "--sandbox", "--detailed-exitcode")
    assert counts(operator.url) == clean
    operator.good("destroy", plan, "--sandbox", "--yes")


@pytest.mark.parametrize("fault", ["lose-answer", "lose-request"])
@pytest.mark.parametrize(
    ("operation", "plan"),
    [*((operation, SINGLE_ZONE) for operation in OPERATIONS), ("ChangeResourceRecordSets", THREE_ZONES)],
)
def test_a_lost_call_makes_nothing_twice(
    operator: Operator, levers: SandboxControl, plan: str, clean: dict[str, int], operation: str, fault: str
) -> None:
    before = everything(operator.url)
    levers.faults([{"operation": operation, "nth": 1, "fault": fault}])
    operator.good("apply", plan, "--sandbox", "--yes")
    assert levers.status()["faults_waiting"] == 0
    _converges(operator, levers, plan, clean)
    assert everything(operator.url) == before


@pytest.mark.parametrize("fault", ["kill-before", "kill-after"])
@pytest.mark.parametrize(("call", "folder_lost"), [(1, True), (6, False), (14, True)])
def test_a_killed_run_is_finished_by_the_next(
    operator: Operator,
    levers: SandboxControl,
    plan: str,
    clean: dict[str, int],
    call: int,
    folder_lost: bool,
    fault: str,
) -> None:
    before = everything(operator.url)
    _killed(operator, levers, plan, call, fault)
    if folder_lost:
        shutil.rmtree(Path(operator.folder) / ".ocpprov")
    _converges(operator, levers, plan, clean)
    assert everything(operator.url) == before


def _killed(operator: Operator, levers: SandboxControl, plan: str, call: int, fault: str) -> None:
    pid_file = operator.folder / "pid"
    levers.faults([{"call": call, "fault": fault, "pidfile": str(pid_file)}])
    process = operator.start("apply", plan, "--sandbox", "--yes")
    pid_file.write_text(str(process.pid))
    process.communicate(timeout=120)
    assert process.returncode == -9


@pytest.mark.torture
@pytest.mark.parametrize("fault", ["lose-answer", "lose-request", "kill-before", "kill-after"])
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("plan", [SINGLE_ZONE, THREE_ZONES], ids=["single-zone", "three-zones"])
def test_every_call_may_be_the_one(
    operator: Operator, levers: SandboxControl, plan: str, clean: dict[str, int], part: int, fault: str
) -> None:
    operator.good("apply", plan, "--sandbox", "--yes")
    calls: int = levers.status()["mutating_calls"]
    operator.good("destroy", plan, "--sandbox", "--yes")
    for call in range(1 + part, calls + 1, PARTS):
        shutil.rmtree(Path(operator.folder) / ".ocpprov")
        levers.reset()
        before = everything(operator.url)
        if fault.startswith("kill"):
            _killed(operator, levers, plan, call, fault)
            if call % 2:
                shutil.rmtree(Path(operator.folder) / ".ocpprov")
        else:
            levers.faults([{"call": call, "fault": fault}])
            operator.good("apply", plan, "--sandbox", "--yes")
        _converges(operator, levers, plan, clean)
        assert everything(operator.url) == before, call
