"""What a plan is exclusive about: others' additions go, of that sort only, and only from what stays."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ocpprov.engine.memory import Memory
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.top_level import EXCLUSIVE_SORTS
from tests.engine.one_of_each import graph_of, there
from tests.engine.planning import action_on, done, left_alone, live, planned, reasons

TARGETS: Final = [{"Type": "forward", "TargetGroupArn": "arn:theirs"}]
THEIRS: Final = {
    "rules": live(
        "AWS::EC2::SecurityGroupIngress",
        "sgr-0f",
        "",
        {"GroupId": "id-of-Group", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.9.0.0/16"},
    ),
    "entries": live(
        "AWS::EC2::NetworkAclEntry",
        "id-of-Acl|in|7",
        "",
        {"NetworkAclId": "id-of-Acl", "RuleNumber": 7, "Protocol": -1, "CidrBlock": "10.9.0.0/16"},
    ),
    "listeners": live(
        "AWS::ElasticLoadBalancingV2::Listener",
        "arn:listener",
        "",
        {"LoadBalancerArn": "id-of-Balancer", "Port": 81, "DefaultActions": TARGETS},
    ),
    "policies": live(
        "Ocpprov::IAM::RolePolicyAttachment",
        "prod-machines|arn:theirs",
        "",
        {"RoleName": "prod-machines", "PolicyArn": "arn:theirs"},
    ),
}
OURS: Final = list(there())


def _planned(exclusive: set[str], resources: Any = None) -> Any:
    plan = graph_of().resources if resources is None else resources
    return planned(plan, [*OURS, *THEIRS.values()], Memory(exclusive=frozenset(exclusive), is_known_here=True))


def test_every_sort_has_a_type() -> None:
    assert {kind.exclusive_sort for kind in KINDS.values()} - {""} == set(EXCLUSIVE_SORTS) == set(THEIRS)


def test_without_being_asked_nothing_of_others_goes() -> None:
    assert done(_planned(set())) == {}


@pytest.mark.parametrize("sort", THEIRS)
def test_of_the_sort_that_is_asked_for_others_go(sort: str) -> None:
    actions = _planned({sort})
    assert done(actions) == {THEIRS[sort].id: "delete"}
    assert reasons(actions) == {THEIRS[sort].id: f"not of this plan, which is exclusive about {sort}"}
    assert "/" in action_on(actions, THEIRS[sort].id).resource
    assert THEIRS[sort].id not in left_alone(actions)


def test_what_is_in_something_of_others_stays() -> None:
    for each in THEIRS.values():
        kind = KINDS[each.type]
        elsewhere = {**each.properties, kind.parent_property or kind.bound_by[0]: "theirs-0"}
        lives = [*OURS, live(each.type, "x-0", "", elsewhere)]
        memory = Memory(exclusive=frozenset(THEIRS), is_known_here=True)
        assert done(planned(graph_of().resources, lives, memory)) == {}, each.type
