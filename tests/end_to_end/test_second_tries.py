"""What fails at AWS after it was made is made once more; what exists twice is found and ended."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import ROOT
from tests.support.forking import forked

PLAN = str(ROOT / "plans" / "network-single-zone.yaml")
REASON = {"code": "InternalError", "message": "Network interface limit exceeded for the gateway"}


@pytest.fixture
def ec2(aws: LocalAws) -> Any:
    return aws.client("ec2")


def _fail_later(aws: LocalAws, times: int) -> None:
    aws.faults(
        [{"operation": "CreateNatGateway", "nth": nth, "fault": "fail-later", **REASON} for nth in range(1, times + 1)]
    )


def _states(ec2: Any) -> list[str]:
    return sorted(gateway["State"] for gateway in ec2.describe_nat_gateways()["NatGateways"])


def _creates(aws: LocalAws) -> list[dict[str, Any]]:
    return [call for call in aws.calls() if call["operation"] == "CreateNatGateway"]


@pytest.mark.torture
def test_a_gateway_that_failed_is_made_once_more(user: LocalOperator, aws: LocalAws, ec2: Any) -> None:
    before = aws.everything()
    _fail_later(aws, 1)
    aws.clear_calls()
    user.good("apply", PLAN, "--yes")
    first, second = _creates(aws)
    assert first["parameters"]["ClientToken"] != second["parameters"]["ClientToken"]
    assert _states(ec2) == ["available", "deleted"]
    gateways = ec2.describe_nat_gateways(Filter=[{"Name": "state", "Values": ["available"]}])["NatGateways"]
    [address] = ec2.describe_addresses()["Addresses"]
    assert gateways[0]["NatGatewayAddresses"][0]["AllocationId"] == address["AllocationId"]
    targets = [
        route["NatGatewayId"]
        for table in ec2.describe_route_tables()["RouteTables"]
        for route in table["Routes"]
        if "NatGatewayId" in route
    ]
    assert targets == [gateways[0]["NatGatewayId"]]
    assert user.run("plan", PLAN, "--detailed-exitcode").code == 0
    user.good("destroy", PLAN, "--yes")
    assert aws.everything() == before


def test_a_gateway_that_fails_twice_is_reported_and_the_next_run_goes_on(
    user: LocalOperator, aws: LocalAws, ec2: Any
) -> None:
    before = aws.everything()
    _fail_later(aws, 9)
    aws.clear_calls()
    failed = user.run("apply", PLAN, "--yes")
    assert failed.code == 1
    assert len(_creates(aws)) == 2
    assert REASON["code"] in failed.err
    assert REASON["message"] in failed.err
    aws.faults([])
    user.good("apply", PLAN, "--yes")
    assert _states(ec2).count("available") == 1
    assert user.run("plan", PLAN, "--detailed-exitcode").code == 0
    user.good("destroy", PLAN, "--yes")
    assert aws.everything() == before


def _double(ec2: Any, run: str = "") -> str:
    """A second address with the tags of the first before it had its id among them, made by `run` if one is given."""
    [address] = ec2.describe_addresses()["Addresses"]
    tags = {tag["Key"]: tag["Value"] for tag in address["Tags"]}
    tags |= {"ocpprov:bound": "AWS::EC2::EIP", **({"ocpprov:run": run} if run else {})}
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    answer = ec2.allocate_address(Domain="vpc", TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": pairs}])
    return str(answer["AllocationId"])


def _run_elsewhere(ec2: Any) -> str:
    """The run that made the address, as if it had been on another host, where it may still be going on."""
    [address] = ec2.describe_addresses()["Addresses"]
    start, _, pid, rest = next(tag["Value"] for tag in address["Tags"] if tag["Key"] == "ocpprov:run").split(".")
    return f"{start}.0badc0de.{pid}.{rest}"


@pytest.mark.torture
def test_what_a_dead_run_made_twice_is_ended_and_the_one_in_use_stays(user: LocalOperator, ec2: Any) -> None:
    user.bastion.pid = forked(os.getpid)
    user.good("apply", PLAN, "--yes")
    [kept] = ec2.describe_addresses()["Addresses"]
    second = _double(ec2)
    # Nothing but its tags says so, which could be a copy of the first one's.
    assert second in user.good("plan", PLAN).err
    shown = user.run("plan", PLAN, "--detailed-exitcode", "--allow", second)
    assert shown.code == 2
    assert "sweep" in shown.out
    assert second in shown.out
    user.good("apply", PLAN, "--yes", "--allow", second)
    assert [address["AllocationId"] for address in ec2.describe_addresses()["Addresses"]] == [kept["AllocationId"]]
    assert user.run("plan", PLAN, "--detailed-exitcode").code == 0


def test_what_a_living_run_may_have_made_is_named_and_left(user: LocalOperator, ec2: Any) -> None:
    user.good("apply", PLAN, "--yes")
    second = _double(ec2, run=_run_elsewhere(ec2))
    for allowed in ((), ("--allow", second)):
        shown = user.run("plan", PLAN, "--detailed-exitcode", *allowed)
        assert second in shown.out + shown.err
        user.good("apply", PLAN, "--yes", *allowed)
    assert second in [address["AllocationId"] for address in ec2.describe_addresses()["Addresses"]]
