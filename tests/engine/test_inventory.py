"""What AWS has, as a value, and what of it isn't known."""

from __future__ import annotations

import pytest

from ocpprov.engine.inventory import Inventory, Unseen
from tests.engine.planning import ROLE, VPC, live


@pytest.mark.parametrize(
    ("about", "id", "concerns"),
    [
        ((), "lab-role", True),
        (("lab-role",), "lab-role", True),
        (("arn:aws:iam::123456789012:role/lab-role",), "lab-role", True),
        (("Z1",), "Z1|api.lab.|A|", True),
        (("other", "lab-role"), "lab-role", True),
        (("other",), "lab-role", False),
    ],
)
def test_a_question_that_was_not_answered_concerns_what_it_was_about(
    about: tuple[str, ...], id: str, concerns: bool
) -> None:
    assert Unseen("iam:GetRole was refused", about=frozenset(about)).concerns(id) is concerns


def test_what_is_not_known_is_taken_for_absent_only_where_nobody_says_otherwise() -> None:
    assert not Unseen("ec2:DescribeVpcs was refused").may_be_there


def test_each_live_one_comes_once_by_its_type() -> None:
    role, vpc = live(ROLE, "lab", "Role", {}), live(VPC, "vpc-1", "Vpc", {})
    inventory = Inventory({ROLE: [role], VPC: [vpc]})
    assert (inventory.of(ROLE), inventory.of("AWS::EC2::EIP"), list(inventory)) == ([role], (), [role, vpc])
