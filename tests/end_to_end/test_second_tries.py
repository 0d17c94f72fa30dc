"""What fails at AWS after it was made is made once more; what exists twice is found and ended."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.world import ROOT, Operator, client, everything

PLAN = str(ROOT / "plans" / "network-single-zone.yaml")
REASON = {"code": "InternalError", "message": "Network interface limit exceeded for the gateway"}


@pytest.fixture
def ec2(operator: Operator) -> Any:
    return client("ec2", operator.url)


def _fail_later(admin: SandboxAdmin, times: int) -> None:
    admin.faults(
        [{"operation": "CreateNatGateway", "nth": nth, "fault": "fail-later", **REASON} for nth in range(1, times + 1)]
    )


def _states(ec2: Any) -> list[str]:
    return sorted(gateway["State"] for gateway in ec2.describe_nat_gateways()["NatGateways"])


def _creates(admin: SandboxAdmin) -> list[dict[str, Any]]:
    return [call for call in admin.calls() if call["operation"] == "CreateNatGateway"]


def test_a_gateway_that_failed_is_made_once_more(operator: Operator, admin: SandboxAdmin, ec2: Any) -> None:
    before = everything(operator.url)
    _fail_later(admin, 1)
    admin.clear_calls()
    operator.good("apply", PLAN, "--sandbox", "--yes")
    first, second = _creates(admin)
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
    assert operator.run("plan", PLAN, "--sandbox", "--detailed-exitcode").code == 0
    operator.good("destroy", PLAN, "--sandbox", "--yes")
    assert everything(operator.url) == before


def test_a_gateway_that_fails_twice_is_reported_and_the_next_run_goes_on(
    operator: Operator, admin: SandboxAdmin, ec2: Any
) -> None:
    before = everything(operator.url)
    _fail_later(admin, 9)
    admin.clear_calls()
    failed = operator.run("apply", PLAN, "--sandbox", "--yes")
    assert failed.code == 1
    assert len(_creates(admin)) == 2
    assert REASON["code"] in failed.err
    assert REASON["message"] in failed.err
    admin.faults([])
    operator.good("apply", PLAN, "--sandbox", "--yes")
    assert _states(ec2).count("available") == 1
    assert operator.run("plan", PLAN, "--sandbox", "--detailed-exitcode").code == 0
    operator.good("destroy", PLAN, "--sandbox", "--yes")
    assert everything(operator.url) == before


def _double(ec2: Any, run: str = "") -> str:
    """A second address with the tags of the first, made by `run` if one is given."""
    [address] = ec2.describe_addresses()["Addresses"]
    tags = {tag["Key"]: tag["Value"] for tag in address["Tags"]}
    tags |= {"ocpprov:run": run} if run else {}
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    answer = ec2.allocate_address(Domain="vpc", TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": pairs}])
    return str(answer["AllocationId"])


def _run_elsewhere(ec2: Any) -> str:
    """The run that made the address, as if it had been on another host, where it may still be going on."""
    [address] = ec2.describe_addresses()["Addresses"]
    start, _, pid, rest = next(tag["Value"] for tag in address["Tags"] if tag["Key"] == "ocpprov:run").split(".")
    return f"{start}.0badc0de.{pid}.{rest}"


def test_what_a_dead_run_made_twice_is_ended_and_the_one_in_use_stays(operator: Operator, ec2: Any) -> None:
    operator.good("apply", PLAN, "--sandbox", "--yes")
    [kept] = ec2.describe_addresses()["Addresses"]
    second = _double(ec2)
    shown = operator.run("plan", PLAN, "--sandbox", "--detailed-exitcode")
    assert shown.code == 2
    assert "sweep" in shown.out
    assert second in shown.out
    operator.good("apply", PLAN, "--sandbox", "--yes")
    assert [address["AllocationId"] for address in ec2.describe_addresses()["Addresses"]] == [kept["AllocationId"]]
    assert operator.run("plan", PLAN, "--sandbox", "--detailed-exitcode").code == 0


def test_what_a_living_run_may_have_made_is_named_and_left(operator: Operator, ec2: Any) -> None:
    operator.good("apply", PLAN, "--sandbox", "--yes")
    second = _double(ec2, run=_run_elsewhere(ec2))
    shown = operator.run("plan", PLAN, "--sandbox", "--detailed-exitcode")
    assert second in shown.out
    operator.good("apply", PLAN, "--sandbox", "--yes")
    assert second in [address["AllocationId"] for address in ec2.describe_addresses()["Addresses"]]
