"""A quota that is one too small: preflight says which, with numbers, before anything is made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
from click.testing import CliRunner

from ocpprov.cli import main
from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.world import ROOT, Operator, client

PLAN = str(ROOT / "plans" / "public-3az.yaml")
LIMITED = {
    "quota-vpcs": "CreateVpc",
    "quota-internet-gateways": "CreateInternetGateway",
    "quota-addresses": "AllocateAddress",
    "quota-nat-gateways": "CreateNatGateway",
    "quota-security-groups": "CreateSecurityGroup",
    "quota-gateway-endpoints": "CreateVpcEndpoint",
    "quota-network-load-balancers": "CreateLoadBalancer",
    "quota-target-groups": "CreateTargetGroup",
    "quota-hosted-zones": "CreateHostedZone",
    "quota-roles": "CreateRole",
    "quota-instance-profiles": "CreateInstanceProfile",
    "quota-buckets": "CreateBucket",
}
NUMBERS = re.compile(r"(\d+) used, (\d+) needed, (\d+) left of (\d+)")


def checks(operator: Operator, plan: str = PLAN) -> dict[str, dict[str, str]]:
    environ = {"AWS_ENDPOINT_URL": operator.url, **operator.environ}
    result = CliRunner().invoke(main, ["preflight", plan, "--json"], env=environ)
    document: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (0 if document["ok"] else 1), result.output
    return {check["id"]: check for check in document["checks"]}


def numbers(check: dict[str, str]) -> tuple[int, int, int, int]:
    found = NUMBERS.search(check["detail"])
    assert found, check
    used, needed, left, limit = map(int, found.groups())
    return used, needed, left, limit


def refused_by(operator: Operator, admin: SandboxAdmin, ids: Iterable[str]) -> None:
    """With quotas that just fit every check is good; with one less, those that are too small are named."""
    fits = {id: numbers(check) for id, check in checks(operator).items() if id in ids}
    exact = {LIMITED[id]: used + needed for id, (used, needed, _, _) in fits.items()}

    admin.conditions(quotas=exact)
    assert {check["status"] for id, check in checks(operator).items() if id in ids} == {"pass"}

    admin.conditions(quotas={operation: most - 1 for operation, most in exact.items()})
    admin.clear_calls()
    tight = checks(operator)
    for id, (used, needed, _, _) in fits.items():
        assert tight[id]["status"] == "fail"
        assert numbers(tight[id]) == (used, needed, needed - 1, used + needed - 1)
        assert str(used + needed) in tight[id]["remedy"]
    assert {id for id, check in tight.items() if check["status"] == "fail"} == set(ids)
    assert [call for call in admin.calls() if call["mutating"]] == []


def test_quotas_one_below_the_need_are_named_with_their_numbers(operator: Operator, admin: SandboxAdmin) -> None:
    refused_by(operator, admin, LIMITED)


@pytest.mark.torture
@pytest.mark.parametrize("id", LIMITED)
def test_a_quota_one_below_the_need_is_named_alone(operator: Operator, admin: SandboxAdmin, id: str) -> None:
    refused_by(operator, admin, [id])


def test_what_others_have_counts_as_used(operator: Operator, admin: SandboxAdmin) -> None:
    ec2 = client("ec2", operator.url)
    before = numbers(checks(operator)["quota-addresses"])[0]
    ec2.allocate_address(Domain="vpc")
    assert numbers(checks(operator)["quota-addresses"])[0] == before + 1


def test_without_service_quotas_the_defaults_are_named_as_such(operator: Operator, admin: SandboxAdmin) -> None:
    denied = {"fault": "error", "code": "AccessDeniedException", "message": "No.", "status": 400}
    admin.faults([{"operation": "GetServiceQuota", "nth": 1, **denied}])
    found = checks(operator)
    assert found["service-quotas"]["status"] == "unknown"
    assert "servicequotas" in found["service-quotas"]["remedy"]
    assert "AWS's default" in found["quota-vpcs"]["detail"]
