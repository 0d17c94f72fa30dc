"""What stands for others' things in a rehearsal: sides of subnets, how a network is cut, and which ids there are."""

from __future__ import annotations

import threading
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.clients import Clients
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.stand_ins import carved, ids_by_prefix, make_stand_ins, sides
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


def test_a_network_without_room_is_none() -> None:
    assert len(carved(IPv4Network("10.0.0.0/26"), 4)) == 4
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/26 has no room for 5 subnets"):
        carved(IPv4Network("10.0.0.0/26"), 5)


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


def test_ways_out_count_and_a_peering_of_a_new_vpc_has_no_stand_in(tmp_path: Path) -> None:
    text = (ROOT / "plans" / "restricted-3az.yaml").read_text()
    way = "  transit:\n    - {cidrs: [10.99.0.0/16], %s}\n"
    through = plan_of(tmp_path, text + way % "transitGatewayID: tgw-0123456789abcdef0")
    assert ids_by_prefix(through) == {"tgw": ["tgw-0123456789abcdef0"]}
    peered = plan_of(tmp_path, text + way % "peeringConnectionID: pcx-0123456789abcdef0")
    with pytest.raises(Refused, match="pcx-0123456789abcdef0: a rehearsal has nothing to stand for that"):
        make_stand_ins(peered, Clients(no_client, threading.Lock()))


def no_client(service: str) -> Any:
    raise AssertionError(f"{service} is asked for nothing")
