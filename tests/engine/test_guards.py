"""What a cluster may depend on is replaced or deleted only when it is allowed by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.actions import Verb
from ocpprov.engine.graph import build
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import State
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import BLOCK
from tests.engine.one_of_each import applied, graph_of, there
from tests.engine.planning import OWNER, SUBNET, VPC, inventory, live, planned, wanted

PROTECTED: Final = sorted(type for type, kind in KINDS.items() if kind.protected)


def test_these_types_are_protected() -> None:
    assert PROTECTED == [
        "AWS::EC2::EIP",
        "AWS::EC2::Subnet",
        "AWS::EC2::VPC",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::IAM::Role",
        "AWS::Route53::HostedZone",
        "AWS::S3::Bucket",
    ]


def test_a_deletion_is_guarded_where_its_type_is_protected() -> None:
    """A replacement, too: of each property in test_giving_way."""
    graph = graph_of(only=("Vpc",))
    actions = plan(graph, there(), OWNER, KINDS)
    assert {action.verb for action in actions.changes} == {Verb.DELETE}
    assert {action.type for action in actions.changes if action.guarded} == {*PROTECTED} - {VPC}
    assert {action.type for action in actions.changes if not action.guarded}.isdisjoint(PROTECTED)
    made = plan(graph_of(), applied(graph), OWNER, KINDS)
    assert [action.resource for action in made.actions if action.guarded] == []


@pytest.mark.parametrize(
    ("resources", "lives", "memory", "guarded"),
    [
        pytest.param({}, [("vpc-1", State.READY)], frozenset(), ["vpc-1"], id="deleted"),
        pytest.param({}, [("vpc-1", State.PENDING)], frozenset(), ["vpc-1"], id="deleted on its way"),
        pytest.param({}, [("vpc-1", State.BROKEN)], frozenset(), [], id="failed"),
        pytest.param({}, [("vpc-1", State.DELETING)], frozenset(), [], id="going already"),
        pytest.param({}, [("vpc-1", State.READY)], frozenset({(VPC, "vpc-1")}), [], id="passing"),
        pytest.param({}, [("vpc-1", State.READY)], frozenset({(SUBNET, "vpc-1")}), ["vpc-1"], id="another passes"),
        pytest.param(
            {"Vpc": (VPC, {"CidrBlock": "10.60.0.0/16"})},
            [("vpc-1", State.READY)],
            frozenset(),
            ["vpc-1"],
            id="replaced",
        ),
        pytest.param(
            {"Vpc": (VPC, {"CidrBlock": "10.60.0.0/16"})},
            [("vpc-1", State.READY)],
            frozenset({(VPC, "vpc-1")}),
            [],
            id="replaced while passing",
        ),
        pytest.param(
            {"Vpc": (VPC, {"CidrBlock": "10.60.0.0/16"})},
            [("vpc-1", State.READY), ("vpc-2", State.READY)],
            frozenset({(VPC, "vpc-1")}),
            ["vpc-1"],
            id="one of two predecessors is passing",
        ),
        pytest.param({"Vpc": (VPC, BLOCK)}, [("vpc-1", State.READY)], frozenset(), [], id="kept"),
        pytest.param(
            {"Vpc": (VPC, BLOCK)}, [("vpc-1", State.READY), ("vpc-2", State.READY)], frozenset(), [], id="swept"
        ),
    ],
)
def test_only_what_served_somebody_is_guarded(
    resources: dict[str, Any], lives: list[tuple[str, State]], memory: frozenset[tuple[str, str]], guarded: list[str]
) -> None:
    there = [replace(live(VPC, id, "Vpc", BLOCK), state=state) for id, state in lives]
    actions = plan(build(wanted(**resources), KINDS), inventory(*there), OWNER, KINDS, temporary=memory)
    assert [action.id for action in actions.actions if action.guarded] == guarded


def test_an_earlier_one_that_a_crash_left_is_guarded_too() -> None:
    earlier = live(VPC, "vpc-0", "Vpc", {"CidrBlock": "10.60.0.0/16"})
    actions = planned(wanted(Vpc=(VPC, BLOCK)), [earlier, live(VPC, "vpc-1", "Vpc", BLOCK)])
    assert [(action.id, action.guarded) for action in actions.actions] == [("vpc-1", False), ("vpc-0", True)]
