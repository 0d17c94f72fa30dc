"""What stands in the way of a plan is a problem before the first change, each by its name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.graph import build
from ocpprov.engine.inventory import Unseen
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Live, State
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import ATTACHED, BALANCER, BLOCK, BUCKET, GATE, NAT, NET
from tests.engine.planning import GROUP, OWNER, ROLE, SUBNET, VPC, done, inventory, live, planned, ref, retagged, wanted

TARGETS: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
PROFILE: Final = "AWS::IAM::InstanceProfile"
TRUST: Final[dict[str, Any]] = {"AssumeRolePolicyDocument": {"Statement": []}}


@pytest.mark.parametrize(
    ("type", "properties", "theirs", "key"),
    [
        (ROLE, {"RoleName": "r", **TRUST}, {"RoleName": "R", **TRUST}, "role r"),
        (PROFILE, {"InstanceProfileName": "p"}, {"InstanceProfileName": "P"}, "instance profile p"),
        (BUCKET, {"BucketName": "b"}, {"BucketName": "b"}, "bucket b"),
        (BALANCER, {"Name": "b", "Type": "network"}, {"Name": "b", "Type": "application"}, "load balancer b"),
        (TARGETS, {"Name": "t", "Port": 1}, {"Name": "t", "Port": 2}, "target group t"),
        (
            SUBNET,
            {"VpcId": "vpc-9", **NET},
            {"VpcId": "vpc-9", "CidrBlock": "10.50.0.0/16"},
            "subnet vpc-9 10.50.1.0/24",
        ),
        (
            GROUP,
            {"VpcId": "vpc-9", "GroupName": "G", "GroupDescription": "a"},
            {"VpcId": "vpc-9", "GroupName": "g", "GroupDescription": "b"},
            "group vpc-9 g",
        ),
        (
            NAT,
            {"SubnetId": "subnet-9", "AllocationId": "eipalloc-9"},
            {"AllocationId": "eipalloc-9"},
            "address eipalloc-9",
        ),
    ],
)
def test_what_somebody_else_has_once_is_named(
    type: str, properties: dict[str, Any], theirs: dict[str, Any], key: str
) -> None:
    plan, other = wanted(One=(type, properties)), live(type, "theirs-1", "", theirs)
    problem = (
        f"One: {type} theirs-1 has the same {key} and is not of this plan; change the plan, or remove that one by hand "
        "if nobody needs it; if it is this plan's after all, add --allow theirs-1"
    )
    assert planned(plan, [other]).problems == [problem]
    for state, problems in ((State.PENDING, [problem]), (State.DELETING, []), (State.GONE, [])):
        assert planned(plan, [replace(other, state=state)]).problems == problems
    # Where ours is there already, it has the name, and none is to be made.
    assert planned(plan, [live(type, "ours-1", "One", properties)]).problems == []


def test_a_generated_name_may_be_taken_too() -> None:
    plan = wanted(Role=(ROLE, TRUST))
    [name] = {each.properties["RoleName"] for each in [live(ROLE, "x", "Role", TRUST)]}
    theirs = live(ROLE, "theirs-1", "", {"RoleName": name, **TRUST})
    [problem] = planned(plan, [theirs]).problems
    assert f"has the same role {str(name).casefold()} and" in problem
    assert planned(plan, [theirs], owner=replace(OWNER, account="999999999999")).problems == []


def test_what_is_replaced_needs_its_new_place_too() -> None:
    plan = wanted(Role=(ROLE, {"RoleName": "new", **TRUST}))
    ours, theirs = (live(ROLE, id, name, {"RoleName": id, **TRUST}) for id, name in (("old", "Role"), ("new", "")))
    actions = planned(plan, [ours, theirs])
    assert done(actions) == {"old": "replace"}
    assert len(actions.problems) == 1
    # The place of its own predecessor, or of another that goes, is no obstacle.
    plan = wanted(Role=(ROLE, {"RoleName": "old", "Path": "/new/", **TRUST}))
    assert planned(plan, [ours]).problems == []


def test_a_second_gateway_of_others_on_our_vpc_is_no_conflict_of_tags() -> None:
    """Links have no tags: what is in their way is decided by their key, not here."""
    plan = wanted(
        Vpc=(VPC, BLOCK), Gate=(GATE, {}), Link=(ATTACHED, {"VpcId": ref("Vpc"), "InternetGatewayId": ref("Gate")})
    )
    lives = [
        live(VPC, "vpc-1", "Vpc", BLOCK),
        live(GATE, "igw-1", "Gate", {}),
        live(ATTACHED, "igw-9|vpc-1", "", {"VpcId": "vpc-1", "InternetGatewayId": "igw-9"}),
    ]
    assert planned(plan, lives).problems == []


@pytest.mark.parametrize(("revision", "problems"), [("3-0123", 1), ("2-0123", 0), ("1-0123", 0)])
def test_what_a_newer_version_tagged_is_left_to_it(revision: str, problems: int) -> None:
    vpc = retagged(live(VPC, "vpc-1", "Vpc", BLOCK), **{"ocpprov:revision": revision})
    for resources in (wanted(Vpc=(VPC, BLOCK)), {}):
        assert (
            list(planned(resources, [vpc]).problems)
            == ["AWS::EC2::VPC vpc-1 was tagged by a newer ocpprov; use that version for this plan"] * problems
        )


def test_what_could_not_be_seen_is_a_note() -> None:
    actions = plan(build({}, KINDS), replace(inventory(), unseen=[Unseen("no access to IAM")]), OWNER, KINDS)
    assert (list(actions.notes), list(actions.actions)) == (["no access to IAM"], [])


def test_rows_of_others_are_said_of_what_they_are_on() -> None:
    table, route = "AWS::EC2::RouteTable", "AWS::EC2::Route"
    row = {"RouteTableId": "rtb-1", "DestinationCidrBlock": "10.0.0.0/8", "GatewayId": "igw-9"}
    lives = [
        live(table, "rtb-1", "Table", {"VpcId": "vpc-9"}),
        live(route, "rtb-1|10.0.0.0/8", "", row),
        live(route, "rtb-1|local", "", {**row, "DestinationCidrBlock": "10.50.0.0/16"}, service_owned=True),
        live(route, "rtb-9|10.0.0.0/8", "", {**row, "RouteTableId": "rtb-9"}),
    ]
    said = planned(wanted(Table=(table, {"VpcId": "vpc-9"})), lives).others
    assert [(each.resource, each.what) for each in said] == [
        ("Table", "AWS::EC2::Route rtb-1|10.0.0.0/8, which is not of this plan")
    ]
    # When the table goes they go with it.
    assert [(each.resource, each.what) for each in planned({}, lives).others] == [
        ("Table", "AWS::EC2::Route rtb-1|10.0.0.0/8, which is not of this plan and goes with what it is in")
    ]


def test_nor_is_anything_without_a_name_that_a_newer_version_tagged() -> None:
    tags = {"ocpprov:plan": "lab", "ocpprov:revision": "3-0123"}
    assert planned({}, [Live(GATE, "igw-1", {}, tags=tags)]).problems == [
        f"{GATE} igw-1 was tagged by a newer ocpprov; use that version for this plan"
    ]
