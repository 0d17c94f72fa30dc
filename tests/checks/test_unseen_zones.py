"""Zones that hold records of a plan and can't be seen."""

from __future__ import annotations

from ocpprov.checks.unseen_zones import unseen_zones
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN, RECORDS
from ocpprov.engine.resources import Live, Owner

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
ZONE = "AWS::Route53::HostedZone"
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"


def said(plan: str = "lab", seen: tuple[str, ...] = ()) -> list[str]:
    records = "Z0THEIRS00 rr api.a.b A + Z0THEIRS00 rr api-int.a.b A + Z0OTHER000 rr x=1b A"
    tags = {PLAN: plan, RECORDS: records.replace(" ", "=20").replace("=20+=20", " + ")}
    balancer = Live(BALANCER, "arn", {}, tags=tags)
    zones = [Live(ZONE, id, {}) for id in seen]
    return list(unseen_zones(Inventory({BALANCER: [balancer], ZONE: zones}), OWNER))


def test_what_is_left_in_them_is_said() -> None:
    both = said()
    assert [line.partition(" isn't")[0] for line in both] == ["zone Z0OTHER000", "zone Z0THEIRS00"]
    assert "; this plan's in it: api-int.a.b A, api.a.b A. If" in both[1]
    assert "\x1b" not in both[0]
    assert all("name the plan file, which has its role (openshift.hostedZoneRole)" in line for line in both)


def test_nothing_is_said_of_zones_that_are_seen_and_of_other_plans() -> None:
    assert said(seen=("Z0THEIRS00", "Z0OTHER000")) == []
    assert said(plan="other") == []
