"""What a role's policies let machines do, against what the templates' roles may."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.openshift.iam import Machine
from ocpprov.openshift.role_policies import RolePolicies, not_allowed
from ocpprov.reachability.verdict import Answer

WORKER = ("ec2:DescribeInstances", "ec2:DescribeRegions")


def statement(*actions: str, effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": effect, "Action": [*actions], "Resource": "*", **elements}]}


def worker(*documents: Any, boundary: Any = None) -> dict[str, Answer]:
    return dict(not_allowed("worker", "4.12", RolePolicies(documents, boundary)))


@pytest.mark.parametrize(
    ("documents", "lacking"),
    [
        ([statement(*WORKER)], []),
        ([statement("ec2:Describe*")], []),
        ([statement("EC2:describeInstances"), statement("*")], []),
        ([statement(WORKER[0]), statement(WORKER[1])], []),
        ([statement(WORKER[0])], [WORKER[1]]),
        ([], [*WORKER]),
        ([statement("*"), statement(WORKER[0], effect="Deny")], [WORKER[0]]),
        ([{"Statement": statement("*")["Statement"][0]}], []),
        ([{"Statement": [{"Effect": "Allow", "NotAction": "ec2:DescribeRegions", "Resource": "*"}]}], [WORKER[1]]),
    ],
)
def test_each_action_is_allowed_by_any_and_denied_by_any(documents: list[Any], lacking: list[str]) -> None:
    assert worker(*documents) == dict.fromkeys(lacking, Answer.NO)


def test_a_boundary_has_to_allow_it_too() -> None:
    assert worker(statement("*"), boundary=statement(WORKER[0])) == {WORKER[1]: Answer.NO}
    assert worker(statement("*"), boundary=statement("*")) == {}


def test_what_resources_or_conditions_decide_nobody_knows() -> None:
    narrow = statement("*", Resource="arn:aws:ec2:eu-west-1:123456789012:instance/*")
    assert worker(narrow) == dict.fromkeys(WORKER, Answer.UNKNOWN)
    tagged = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    assert worker(statement("*", Condition=tagged)) == dict.fromkeys(WORKER, Answer.UNKNOWN)


@pytest.mark.parametrize(("machine", "needed"), [("master", 37), ("worker", 2), ("bootstrap", 3)])
def test_keys_and_objects_of_buckets_are_not_asked_for(machine: Machine, needed: int) -> None:
    found = not_allowed(machine, "4.12", RolePolicies())
    assert len(found) == needed
    assert not [action for action in found if action.startswith(("kms:", "s3:"))]


def test_of_a_pattern_some_is_enough() -> None:
    narrow = statement("ec2:DescribeVolumes", "ec2:AttachVolume", "ec2:DetachVolume")
    assert not_allowed("bootstrap", "4.12", RolePolicies([narrow])) == {}


def test_what_is_no_policy_is_said() -> None:
    with pytest.raises(ValueError, match="effect 'Perhaps'"):
        worker({"Statement": [{"Effect": "Perhaps", "Action": "*", "Resource": "*"}]})
