"""Failed runs: the five lines in which each ends, and that every one of them is true."""

from __future__ import annotations

import json
import re
import resource
import shlex
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.endings import Client, Ending, ending, standing
from tests.end_to_end.failing import CASES, SAMPLE, Failing, errors
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import REGION, ROOT, Operator, all_ids, client, everything
from tests.support.in_process import Bastion
from tests.support.warm import Finished

PLAN = str(ROOT / "plans" / "single-zone.yaml")
APPLY = ("apply", PLAN, "--sandbox", "--yes")
DESTROY = ("destroy", PLAN, "--sandbox", "--yes")


@dataclass(frozen=True)
class Clean:
    """What a run makes in which nothing fails: by type, by name, and how many resources the plan has."""

    counts: Mapping[str, int]
    names: frozenset[str]
    resources: int


@pytest.fixture(scope="module")
def known() -> list[Clean]:
    return []


THROTTLED = ("RequestLimitExceeded", "Request limit exceeded.", 503)


@pytest.fixture
def clean(one_bastion: Bastion, known: list[Clean], tmp_path: Path) -> Clean:
    if not known:
        one_bastion.moved_in(tmp_path / "clean", REGION)
        one_bastion.home.mkdir()
        user = LocalOperator(one_bastion)
        last = json.loads(user.good(*APPLY, "--json").out.splitlines()[-1])
        resources = sum(last["summary"].values())
        known.append(Clean(_counts(user.aws.client), frozenset(standing(user.aws.client)), resources))
        # A server of this worker has the same account.
        one_bastion.pipeline.reset()
    return known[0]


def _counts(client: Client) -> dict[str, int]:
    return {member: len(ids) for member, ids in all_ids(client).items()}


def reach(operator: Operator) -> Client:
    return lambda service: client(service, operator.url)


def _true_after_apply(client: Client, clean: Clean, finished: Finished, code: int = 1) -> Ending:
    """Each line of a failed apply against what AWS has; the command that it ends with is run by the caller."""
    assert finished.code == code, finished.err
    assert "Traceback" not in finished.err
    said = ending(finished)
    left = said.left()
    there = standing(client)
    assert there <= clean.names
    assert there.isdisjoint(left["missing"])
    unnamed = left["missing"].count("")
    assert len(clean.names - there - set(chain(*left.values()))) <= unnamed
    assert set(left.get("not yet as planned", ())) <= there | {""}
    shortfall = len(left["missing"]) + len(left.get("not ready", ()))
    assert said.there == f"{clean.resources - shortfall} of the plan's {clean.resources} resources"
    return said


def _goes_on(operator: Operator | LocalOperator, client: Client, clean: Clean, said: Ending) -> None:
    """The next command, as it is told, finishes what was begun: nothing is missing, nothing there twice."""
    words = shlex.split(said.next)
    assert words[0] == "ocpprov"
    operator.good(*words[1:])
    assert _counts(client) == clean.counts
    assert standing(client) == clean.names


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=name, marks=[] if name in SAMPLE else [pytest.mark.torture])
        for name, case in CASES.items()
    ],
)
def test_a_failed_apply_ends_in_five_true_lines(
    clean: Clean, user: LocalOperator, aws: LocalAws, case: Failing
) -> None:
    aws.faults(case.faults)
    finished = user.run(*APPLY)
    aws.faults([])
    said = _true_after_apply(aws.client, clean, finished)
    assert case.missing in said.missing
    assert re.fullmatch(case.said, said.said), said.said
    assert case.cause in said.cause
    _goes_on(user, aws.client, clean, said)


def test_a_full_disk_ends_in_five_true_lines(operator: Operator, clean: Clean) -> None:
    process = operator.start(*APPLY)
    # A file that may not grow behaves as one on a full disk. Log and journal grow about as fast: either may be first.
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (20_000, 20_000))
    out, err = process.communicate(timeout=240)
    said = _true_after_apply(reach(operator), clean, Finished(process.returncode, out, err))
    assert said.said == "nothing"
    assert "the journal can't be written: File too large" in said.cause
    _goes_on(operator, reach(operator), clean, said)


@pytest.mark.torture
def test_a_name_taken_during_the_run_ends_in_five_true_lines(
    operator: Operator, admin: SandboxAdmin, clean: Clean
) -> None:
    # While it is throttled, the run doesn't come to its balancers, of which a stranger makes one.
    admin.faults(errors("CreateSubnet", *THROTTLED))
    process = operator.start(*APPLY)
    _until(lambda: any(call["operation"] == "CreateSubnet" for call in admin.calls()))
    ec2, elbv2 = client("ec2", operator.url), client("elbv2", operator.url)
    [subnet] = [item for item in ec2.describe_subnets()["Subnets"] if item["AvailabilityZone"] == "eu-west-1a"]
    theirs = elbv2.create_load_balancer(
        Name="lab-m4t8q-int", Type="network", Scheme="internal", Subnets=[subnet["SubnetId"]]
    )["LoadBalancers"][0]["LoadBalancerArn"]
    admin.faults([])
    out, err = process.communicate(timeout=240)
    said = _true_after_apply(reach(operator), clean, Finished(process.returncode, out, err))
    assert "IntApiElb" in said.missing
    assert "DuplicateLoadBalancerName" in said.said
    assert f"{theirs} is in the way and doesn't belong to this plan" in said.cause
    elbv2.delete_load_balancer(LoadBalancerArn=theirs)
    _goes_on(operator, reach(operator), clean, said)


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_destroy_that_a_stranger_blocks_ends_in_five_true_lines(user: LocalOperator, aws: LocalAws) -> None:
    before = aws.everything()
    user.good(*APPLY)
    ec2 = aws.client("ec2")
    [subnet] = ec2.describe_subnets(Filters=[{"Name": "tag:ocpprov:resource", "Values": ["PrivateSubnet"]}])["Subnets"]
    theirs = ec2.create_network_interface(SubnetId=subnet["SubnetId"])["NetworkInterface"]["NetworkInterfaceId"]
    finished = user.run(*DESTROY)
    assert finished.code == 1
    said = ending(finished)
    left = said.there.split(", ")
    assert {"VPC", "PrivateSubnet"} <= standing(aws.client) == {name for name in left if "/" not in name}
    assert said.missing == "everything else of the plan"
    assert re.fullmatch(r"DeleteSubnet: DependencyViolation: .*\(request \S+\)", said.said)
    assert f"network interface {theirs} is not of this plan" in said.cause
    ec2.delete_network_interface(NetworkInterfaceId=theirs)
    user.good(*shlex.split(said.next)[1:])
    assert aws.everything() == before


LEAVING = pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])


def _interrupted(operator: Operator, admin: SandboxAdmin, operation: str, times: int, *command: str) -> Finished:
    """The command, interrupted while this operation is throttled."""
    admin.faults(errors(operation, *THROTTLED))
    admin.clear_calls()
    process = operator.start(*command)
    _until(lambda: sum(call["operation"] == operation for call in admin.calls()) > 2)
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
    out, err = process.communicate(timeout=240)
    admin.faults([])
    return Finished(process.returncode, out, err)


@pytest.mark.torture
@LEAVING
def test_an_interrupted_apply_ends_in_five_true_lines(
    operator: Operator, admin: SandboxAdmin, clean: Clean, times: int
) -> None:
    finished = _interrupted(operator, admin, "CreateSubnet", times, *APPLY)
    said = _true_after_apply(reach(operator), clean, finished, code=130)
    assert {"PublicSubnet", "PrivateSubnet"} <= clean.names - standing(reach(operator))
    _goes_on(operator, reach(operator), clean, said)


@pytest.mark.torture
@LEAVING
def test_an_interrupted_destroy_ends_in_five_true_lines(operator: Operator, admin: SandboxAdmin, times: int) -> None:
    before = everything(operator.url)
    operator.good(*APPLY)
    finished = _interrupted(operator, admin, "DeleteVpc", times, *DESTROY)
    said = ending(finished)
    assert finished.code == 130
    assert standing(reach(operator)) == {"VPC"}
    assert said.there == "VPC"
    # What is in flight ends first: AWS's last word is the cause, unless the second interrupt cuts it off.
    assert ("AWS limits how often" if times == 1 else "the run was interrupted") in said.cause
    operator.good(*shlex.split(said.next)[1:])
    assert everything(operator.url) == before
