"""What has a name that AWS gives once, held by what the plan keeps: the holder gives way, and all is made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.world import CRASH, ROOT
from tests.support.in_process import Bastion, Ended
from tests.support.networks import with_a_network

NAMED = "Name: small-6443, "


def changed(plan: Path, folder: Path, *edits: tuple[str, str]) -> Path:
    """A copy of a plan with each text replaced by another."""
    text = plan.read_text()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    copy = folder / plan.name
    copy.write_text(text)
    return copy


def in_order(ended: Ended, *operations: str) -> bool:
    """Whether these were sent, one after the other."""
    rest = iter(ended.sent)
    return all(operation in rest for operation in operations)


@pytest.mark.parametrize("plan", [CRASH / "small-balancer.yaml"], ids=["balancer"])
@pytest.mark.parametrize("edit", [("Port: 6443, TargetType", "Port: 8443, TargetType"), ("TCP, Port", "TCP_UDP, Port")])
def test_a_listener_gives_way_to_the_new_group_of_the_same_name(
    bastion: Bastion, plan: Path, edit: tuple[str, str], tmp_path: Path
) -> None:
    assert bastion.apply(plan).code == 0
    moved = changed(plan, tmp_path, edit)
    shown = bastion.plan(moved)
    assert shown.said.count("INTERRUPTS") == 2
    applied = bastion.apply(moved)
    assert applied.code == 0, applied.said
    assert applied.sent.count("DeleteTargetGroup") == 1
    assert in_order(applied, "DeleteListener", "DeleteTargetGroup", "CreateTargetGroup", "CreateListener")
    assert "DeleteLoadBalancer" not in applied.sent
    assert bastion.plan(moved).code == 0
    assert bastion.destroy(moved).code == 0


@pytest.mark.parametrize("plan", [CRASH / "small-balancer.yaml"], ids=["balancer"])
def test_without_a_name_the_new_group_comes_first_and_nothing_is_interrupted(
    bastion: Bastion, plan: Path, tmp_path: Path
) -> None:
    (tmp_path / "before").mkdir()
    assert bastion.apply(changed(plan, tmp_path / "before", (NAMED, ""))).code == 0
    moved = changed(plan, tmp_path, (NAMED, ""), ("Port: 6443, TargetType", "Port: 8443, TargetType"))
    assert "INTERRUPTS" not in bastion.plan(moved).said
    applied = bastion.apply(moved)
    assert applied.code == 0, applied.said
    assert in_order(applied, "CreateTargetGroup", "ModifyListener", "DeleteTargetGroup")
    assert "DeleteListener" not in applied.sent
    assert bastion.plan(moved).code == 0


@pytest.mark.parametrize("plan", [ROOT / "plans" / "existing-vpc.yaml"], ids=["existing"])
def test_a_balancer_of_another_vpc_is_made_anew_and_only_where_that_is_allowed(
    bastion: Bastion, plan: Path, tmp_path: Path
) -> None:
    ec2 = bastion.client("ec2")
    folders = [tmp_path / name for name in ("wrong", "right")]
    for folder in folders:
        folder.mkdir()
    small = changed(plan, tmp_path, ("endpoints: [s3, ec2, elasticloadbalancing]", "endpoints: []"))
    wrong, right = (with_a_network(small, ec2, folder) for folder in folders)
    assert bastion.apply(wrong).code == 0
    refused = bastion.apply(right)
    assert refused.code == 2
    assert refused.sent == []
    assert "--allow IntApiElb" in refused.said
    applied = bastion.apply(right, allow=frozenset({"IntApiElb"}))
    assert applied.code == 0, applied.said
    assert applied.sent.count("DeleteTargetGroup") == 2
    assert "SetSubnets" not in applied.sent
    assert bastion.plan(right).code == 0
    [balancer] = bastion.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert balancer["VpcId"] in right.read_text()
    assert bastion.destroy(right).code == 0
