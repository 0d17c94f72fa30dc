"""A quota that is one too small: preflight says which, with numbers, before anything is made."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.preflighting import checks_of
from tests.end_to_end.world import ROOT

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


def checks(user: LocalOperator, plan: str = PLAN) -> dict[str, dict[str, str]]:
    return {check["id"]: check for check in checks_of(user.run("preflight", plan, "--json"))}


def numbers(check: dict[str, str]) -> tuple[int, int, int, int]:
    found = NUMBERS.search(check["detail"])
    assert found, check
    used, needed, left, limit = map(int, found.groups())
    return used, needed, left, limit


def refused_by(user: LocalOperator, aws: LocalAws, ids: Iterable[str]) -> None:
    """With quotas that just fit every check is good; with one less, those that are too small are named."""
    fits = {id: numbers(check) for id, check in checks(user).items() if id in ids}
    exact = {LIMITED[id]: used + needed for id, (used, needed, _, _) in fits.items()}

    aws.conditions(quotas=exact)
    assert {check["status"] for id, check in checks(user).items() if id in ids} == {"pass"}

    aws.conditions(quotas={operation: most - 1 for operation, most in exact.items()})
    aws.clear_calls()
    tight = checks(user)
    for id, (used, needed, _, _) in fits.items():
        assert tight[id]["status"] == "fail"
        assert numbers(tight[id]) == (used, needed, needed - 1, used + needed - 1)
        assert str(used + needed) in tight[id]["remedy"]
    assert {id for id, check in tight.items() if check["status"] == "fail"} == set(ids)
    assert aws.changes() == []


def test_quotas_one_below_the_need_are_named_with_their_numbers(user: LocalOperator, aws: LocalAws) -> None:
    refused_by(user, aws, LIMITED)


@pytest.mark.torture
@pytest.mark.parametrize("id", LIMITED)
def test_a_quota_one_below_the_need_is_named_alone(user: LocalOperator, aws: LocalAws, id: str) -> None:
    refused_by(user, aws, [id])


def test_what_others_have_counts_as_used(user: LocalOperator, aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    before = numbers(checks(user)["quota-addresses"])[0]
    ec2.allocate_address(Domain="vpc")
    assert numbers(checks(user)["quota-addresses"])[0] == before + 1


def test_without_service_quotas_the_defaults_are_named_as_such(user: LocalOperator, aws: LocalAws) -> None:
    denied = {"fault": "error", "code": "AccessDeniedException", "message": "No.", "status": 400}
    aws.faults([{"operation": "GetServiceQuota", "nth": 1, **denied}])
    found = checks(user)
    assert found["service-quotas"]["status"] == "unknown"
    assert "servicequotas" in found["service-quotas"]["remedy"]
    assert "AWS's default" in found["quota-vpcs"]["detail"]
