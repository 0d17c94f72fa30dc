"""What stands for others' things in a rehearsal: sides of subnets, how a network is cut, and which ids there are."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.stand_ins import carved, ids_by_prefix, sides
from ocpprov.plan.model import OpenShift, Plan
from tests.end_to_end.world import ROOT
from tests.openshift.plans import SECTION_3AZ

FOUR = ("subnet-4", "subnet-3", "subnet-2", "subnet-1")


@pytest.mark.parametrize(
    ("section", "public"),
    [
        (None, []),
        (replace(SECTION_3AZ, publish="Internal"), []),
        (replace(SECTION_3AZ, publish="External"), ["subnet-2", "subnet-1"]),
        (
            replace(
                SECTION_3AZ,
                publish="External",
                subnet_roles={"subnet-1": frozenset({"ClusterNode"}), "subnet-4": frozenset({"IngressControllerLB"})},
            ),
            ["subnet-4"],
        ),
    ],
    ids=["no section", "internal", "external", "roles"],
)
def test_sides_follow_roles_else_the_second_half_is_public(section: OpenShift | None, public: list[str]) -> None:
    assert [id for id, side in sides(section, FOUR).items() if side] == public
    assert list(sides(section, FOUR)) == list(FOUR)


def test_of_three_subnets_the_last_is_public() -> None:
    assert sides(replace(SECTION_3AZ, publish="External"), FOUR[:3]) == {FOUR[0]: False, FOUR[1]: False, FOUR[2]: True}


@pytest.mark.parametrize(
    ("number", "blocks"),
    [
        (0, []),
        (1, ["10.0.0.0/24"]),
        (2, ["10.0.0.0/25", "10.0.0.128/25"]),
        (3, ["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26"]),
    ],
)
def test_a_network_is_cut_into_equal_blocks(number: int, blocks: list[str]) -> None:
    assert list(map(str, carved(IPv4Network("10.0.0.0/24"), number))) == blocks


def plan_of(tmp_path: Path, text: str) -> Plan:
    file = tmp_path / "plan.yaml"
    file.write_text(text)
    return load_plan(Options(plan=file, directory=tmp_path))


def test_ids_are_told_apart_and_subnets_keep_the_plans_order(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, (ROOT / "plans" / "existing-vpc.yaml").read_text())
    assert ids_by_prefix(plan) == {
        "vpc": ["vpc-0123456789abcdef0"],
        "subnet": [f"subnet-0123456789abcdef{number}" for number in (1, 2, 3)],
        "rtb": ["rtb-0123456789abcdef4"],
    }
