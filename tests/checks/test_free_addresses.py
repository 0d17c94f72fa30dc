"""Subnets that are short of addresses for a plan, or for the cluster after it."""

from __future__ import annotations

import pytest

from ocpprov.checks.free_addresses import cluster_needs, free_addresses
from ocpprov.checks.result import Check, Status
from ocpprov.openshift.subnet_addresses import Uses

USES = {"subnet-1": Uses(("IntApiElb",), ("Ec2Endpoint", "StsEndpoint"))}


def checks(**free: int) -> list[Check]:
    named = {name.replace("_", "-"): count for name, count in free.items()}
    return list(free_addresses(USES, named, ["subnet-1", "subnet-2", "subnet-3"], ["subnet-1"]))


def test_a_subnet_without_room_for_the_plan_is_a_failure() -> None:
    [check] = checks(subnet_1=9)
    assert (check.id, check.status) == ("subnet-addresses", Status.FAIL)
    assert check.detail == (
        "subnet-1 has 9 free addresses, and 10 are needed: 1 load balancer and 2 other interfaces (AWS wants 8 free "
        "for each load balancer)"
    )
    assert check.remedy == "free some there, or name a larger subnet"


@pytest.mark.parametrize(("free", "status"), [(10, Status.WARN), (13, Status.WARN), (14, Status.PASS)])
def test_a_subnet_without_room_for_a_cluster_is_a_warning(free: int, status: Status) -> None:
    [check] = checks(subnet_1=free)
    assert check.status is status
    if status is Status.WARN:
        assert check.detail == (
            f"subnet-1 has {free} free addresses, 3 of them for this plan; a cluster of 5 machines needs 11 more"
        )


def test_each_subnet_is_judged_by_itself() -> None:
    assert [
        (each.status, each.detail.split()[0]) for each in checks(subnet_1=30, subnet_2=2, subnet_3=3, subnet_9=0)
    ] == [(Status.WARN, "subnet-2")]
    assert checks() == []


@pytest.mark.parametrize(
    ("machines", "routers", "expected"),
    [
        (["subnet-1"], ["subnet-1"], 14),
        (["subnet-1", "subnet-2"], [], 4),
        (["subnet-2"], ["subnet-1"], 8),
        ([], ["subnet-1"], 0),
    ],
)
def test_what_the_smallest_cluster_takes(machines: list[str], routers: list[str], expected: int) -> None:
    assert cluster_needs("subnet-1", machines, set(routers)) == expected
