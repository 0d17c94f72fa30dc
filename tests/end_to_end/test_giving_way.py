"""What has a name that AWS gives once, held by what the plan keeps: the holder gives way, and all is made again."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from ocpprov.sandbox.exchange import Request
from tests.end_to_end.world import CRASH, ROOT
from tests.support.forking import Points
from tests.support.in_process import Bastion, Ended, Moment
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


def carried_out(bastion: Bastion, operation: str) -> int:
    """How often AWS did it in the last command: what was used a moment ago isn't let go at once."""
    return sum(call["operation"] == operation and call["status"] == 200 for call in bastion.pipeline.calls())


@pytest.mark.parametrize("plan", [CRASH / "small-balancer.yaml"], ids=["balancer"])
def test_a_listener_gives_way_to_the_new_group_of_the_same_name(bastion: Bastion, plan: Path, tmp_path: Path) -> None:
    assert bastion.apply(plan).code == 0
    moved = changed(plan, tmp_path, ("Port: 6443, TargetType", "Port: 8443, TargetType"))
    shown = bastion.plan(moved)
    assert shown.said.count("INTERRUPTS") == 2
    applied = bastion.apply(moved)
    assert applied.code == 0, applied.said
    assert carried_out(bastion, "DeleteTargetGroup") == 1
    assert in_order(applied, "DeleteListener", "DeleteTargetGroup", "CreateTargetGroup", "CreateListener")
    assert "DeleteLoadBalancer" not in applied.sent
    assert bastion.plan(moved).code == 0
    assert bastion.destroy(moved).code == 0


@pytest.mark.parametrize("plan", [CRASH / "small-balancer.yaml"], ids=["balancer"])
def test_so_it_does_where_the_group_of_that_name_is_called_otherwise_in_the_plan(
    bastion: Bastion, plan: Path, tmp_path: Path
) -> None:
    assert bastion.apply(plan).code == 0
    text = plan.read_text().replace("  Targets:", "  Machines:").replace("!Ref Targets", "!Ref Machines")
    (tmp_path / "renamed.yaml").write_text(text)
    applied = bastion.apply(tmp_path / "renamed.yaml")
    assert applied.code == 0, applied.said
    assert carried_out(bastion, "DeleteTargetGroup") == 1
    assert in_order(applied, "DeleteListener", "DeleteTargetGroup", "CreateTargetGroup", "CreateListener")
    assert bastion.plan(tmp_path / "renamed.yaml").code == 0


@pytest.mark.torture
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


def networks(bastion: Bastion) -> list[tuple[str, str]]:
    """Two existing VPCs, each with a subnet."""
    ec2, made = bastion.client("ec2"), []
    for _ in range(2):
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        made.append((vpc, ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]))
    return made


@pytest.mark.torture
@pytest.mark.parametrize("plan", [CRASH / "small-balancer.yaml"], ids=["balancer"])
@pytest.mark.parametrize("by", ["Subnets: [!Ref Subnet]", "SubnetMappings: [{SubnetId: !Ref Subnet}]"])
def test_a_balancer_of_another_vpc_is_made_anew_and_only_where_that_is_allowed(
    bastion: Bastion, plan: Path, by: str, tmp_path: Path
) -> None:
    text = plan.read_text().replace("Subnets: [!Ref Subnet]", by)
    network = text[text.index("  VPC: {") : text.index("  Balancer:")]
    wrong, right = (
        text.replace(network, "").replace("!Ref VPC", vpc).replace("!Ref Subnet", subnet)
        for vpc, subnet in networks(bastion)
    )
    file = tmp_path / plan.name
    file.write_text(wrong)
    assert bastion.apply(file).code == 0
    file.write_text(right)
    refused = bastion.apply(file)
    assert (refused.code, refused.sent) == (2, [])
    assert "--allow Balancer" in refused.said
    applied = bastion.apply(file, allow=frozenset({"Balancer"}))
    assert applied.code == 0, applied.said
    # The old one's listener goes with it.
    assert "DeleteListener" not in applied.sent
    assert in_order(applied, "DeleteLoadBalancer", "CreateLoadBalancer", "CreateListener")
    assert (carried_out(bastion, "DeleteTargetGroup"), "SetSubnets" in applied.sent) == (1, False)
    assert bastion.plan(file).code == 0


@pytest.mark.torture
@pytest.mark.parametrize("plan", [ROOT / "plans" / "existing-vpc.yaml"], ids=["existing"])
def test_so_is_that_of_a_cluster_whose_network_was_the_wrong_one(bastion: Bastion, plan: Path, tmp_path: Path) -> None:
    ec2 = bastion.client("ec2")
    folders = [tmp_path / name for name in ("wrong", "right")]
    for folder in folders:
        folder.mkdir()
    wrong, right = (with_a_network(plan, ec2, folder) for folder in folders)
    assert bastion.apply(wrong).code == 0
    applied = bastion.apply(right, allow=frozenset({"IntApiElb"}))
    assert applied.code == 0, applied.said
    assert carried_out(bastion, "DeleteTargetGroup") == 2
    assert bastion.plan(right).code == 0
    [balancer] = bastion.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert balancer["VpcId"] in right.read_text()


@pytest.mark.torture
@pytest.mark.parametrize("plan", [CRASH / "small-balancer.yaml"], ids=["balancer"])
def test_wherever_the_change_was_killed_the_next_run_ends_it(
    bastion: Bastion, plan: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    assert bastion.apply(plan).code == 0
    moved, points = changed(plan, tmp_path, ("Port: 6443, TargetType", "Port: 8443, TargetType")), Points()

    def next_run(home: Path) -> None:
        home.mkdir()
        bastion.moved_to(home)
        applied = bastion.apply(moved)
        if applied.code == 2:
            # Without the folder, and without an id of the plan's, what goes could be another plan's of its name.
            assert "so that another plan of its name may have made" in applied.said
            allowed = frozenset(re.findall(r"--allow (\S+)", applied.said))
            applied = bastion.apply(moved, allow=allowed)
        assert applied.code == 0, applied.said
        assert bastion.plan(moved).code == 0

    def at_call(number: int, moment: Moment, request: Request) -> None:
        name = f"{number} {request.operation} {moment.value}"
        points.try_in_a_copy(name, partial(next_run, tmp_path / name))

    bastion.watch = at_call
    assert bastion.apply(moved).code == 0
    points.judge(record_property)
    assert points.tried >= 8
