"""What isn't known because something couldn't be read, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.checks.unread import (
    PERMISSION,
    known_changes,
    open_flows,
    reason_of,
    unread_resources,
)
from ocpprov.engine.actions import Action, Actions, Change, Verb
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory, Unseen
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.values import Ref, Unknown

OWNER = Owner("prod", "eu-west-1", "123456789012", "run")
VPC, SUBNET, TABLE, ROLE = "AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::IAM::Role"
DENIED = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "DescribeVpcs"))
WHY = Problem("", "DescribeVpcs: AccessDenied: no (request r-1)", PERMISSION)
OF_THE_VPC = Unknown(Ref("Vpc"))


def unseen(type: str, *about: str) -> Unseen:
    return Unseen("said", type, DENIED, may_be_there=True, about=frozenset(about))


def looked(
    types: Mapping[str, str],
    actions: Sequence[Action],
    *unread: Unseen,
    needs: Mapping[str, frozenset[str]] | None = None,
    unproven: Sequence[UnprovenClaim] = (),
) -> Mapping[str, Problem]:
    graph = Graph({id: Resource(id, type) for id, type in types.items()}, needs or {})
    return unread_resources(Actions(OWNER, graph, actions, (), {}, unproven=unproven), Inventory({}, unread))


def test_all_of_a_type_is_unknown_where_none_of_it_can_be_listed() -> None:
    actions = [Action("Vpc", VPC, Verb.KEEP, "vpc-1"), Action("Role", ROLE, Verb.KEEP, "role")]
    assert looked({"Vpc": VPC, "Role": ROLE}, actions, unseen(VPC)) == {"Vpc": WHY}
    assert looked({"Vpc": VPC, "Role": ROLE}, actions) == {}


def test_of_a_question_about_one_thing_the_others_are_known() -> None:
    actions = [
        Action("One", ROLE, Verb.KEEP, "one"),
        Action("Two", ROLE, Verb.UPDATE, "arn:aws:iam::1:role/two"),
        Action("Three", ROLE, Verb.CREATE),
    ]
    types = dict.fromkeys(("One", "Two", "Three"), ROLE)
    # Of what isn't found nobody knows whether it was asked about.
    assert looked(types, actions, unseen(ROLE, "two")).keys() == {"Two", "Three"}
    assert looked(types, actions, unseen(ROLE, "arn:aws:iam::1:role/one")).keys() == {"One", "Three"}


@pytest.mark.parametrize(
    ("action", "known"),
    [
        (Action("Subnet", SUBNET, Verb.KEEP, "subnet-1"), True),
        (Action("Subnet", SUBNET, Verb.CREATE), False),
        (Action("Subnet", SUBNET, Verb.REPLACE, "subnet-1"), False),
        (Action("Subnet", SUBNET, Verb.REPLACE, "subnet-1", [Change("VpcId", "vpc-1", OF_THE_VPC)]), False),
        (Action("Subnet", SUBNET, Verb.UPDATE, "subnet-1", [Change("Networks", ["vpc-1"], [OF_THE_VPC])]), False),
        (Action("Subnet", SUBNET, Verb.UPDATE, "subnet-1", [Change("Public", True, False)]), True),
        (
            Action(
                "Subnet",
                SUBNET,
                Verb.REPLACE,
                "subnet-1",
                [Change("VpcId", "vpc-1", OF_THE_VPC), Change("CidrBlock", "a", "b")],
            ),
            True,
        ),
        (Action("Subnet", SUBNET, Verb.ADOPT, "subnet-1"), True),
    ],
)
def test_what_is_compared_by_it_is_known_as_far_as_it_differs_besides(action: Action, known: bool) -> None:
    actions = [Action("Vpc", VPC, Verb.CREATE), action]
    found = looked({"Vpc": VPC, "Subnet": SUBNET}, actions, unseen(VPC), needs={"Subnet": frozenset({"Vpc"})})
    assert found == ({"Vpc": WHY} if known else {"Vpc": WHY, "Subnet": WHY})


def test_what_is_missing_in_something_known_is_missing() -> None:
    actions = [Action("Vpc", VPC, Verb.KEEP, "vpc-1"), Action("Subnet", SUBNET, Verb.CREATE)]
    needs = {"Subnet": frozenset({"Vpc"})}
    assert looked({"Vpc": VPC, "Subnet": SUBNET}, actions, unseen(ROLE), needs=needs) == {}


def test_it_goes_on_from_one_to_the_next() -> None:
    actions = [
        Action(id, type, Verb.CREATE) for id, type in (("Vpc", VPC), ("Table", TABLE), ("Way", "AWS::EC2::Route"))
    ]
    needs = {"Table": frozenset({"Vpc"}), "Way": frozenset({"Table"})}
    found = looked({"Vpc": VPC, "Table": TABLE, "Way": "AWS::EC2::Route"}, actions, unseen(VPC), needs=needs)
    assert found == dict.fromkeys(("Vpc", "Table", "Way"), WHY)


def test_what_nothing_proves_may_be_the_plans_where_something_is_not_known() -> None:
    live = Live(SUBNET, "subnet-1", {}, tags={"ocpprov:resource": "Subnet"})
    actions = [Action("Subnet", SUBNET, Verb.CREATE)]
    claims = [UnprovenClaim(live, "nothing shows it")]
    assert looked({"Subnet": SUBNET}, actions, unseen(ROLE), unproven=claims) == {"Subnet": WHY}
    assert looked({"Subnet": SUBNET}, actions, unproven=claims) == {}
    refuted = [UnprovenClaim(live, "another's", is_refuted=True)]
    assert looked({"Subnet": SUBNET}, actions, unseen(ROLE), unproven=refuted) == {}


def test_changes_that_rest_on_it_are_not_known() -> None:
    changes = [Change("VpcId", "vpc-1", OF_THE_VPC), Change("CidrBlock", "a", "b")]
    action = Action("Subnet", SUBNET, Verb.REPLACE, "subnet-1", changes)
    assert known_changes(action, {"Vpc": WHY}) == changes[1:]
    assert known_changes(action, {}) == changes


def test_what_remembers_rows_elsewhere_is_known_where_all_was_read() -> None:
    changes = [
        Change("Tags.ocpprov:records", "Z1 rr a", "Z0 rr a + Z1 rr a"),
        Change("Tags.ocpprov:children", "a", "b"),
    ]
    action = Action("Balancer", "X", Verb.UPDATE, "arn", [*changes, Change("Tags.team", "a", "b")])
    assert known_changes(action, {}) == action.changes
    assert known_changes(action, {}, partly=True) == [Change("Tags.team", "a", "b")]


def test_flows_through_what_is_not_known_are_open() -> None:
    group, classic = "AWS::ElasticLoadBalancingV2::TargetGroup", "AWS::ElasticLoadBalancing::LoadBalancer"
    types = {"Group": group, "Classic": classic, "Vpc": VPC}
    actions = Actions(OWNER, Graph({id: Resource(id, type) for id, type in types.items()}, {}), (), (), {})
    for balancing in ("Group", "Classic"):
        assert open_flows(actions, {balancing: WHY}) == {"LB-REACH": WHY, "LB-HEALTH": WHY}
    assert open_flows(actions, {"Vpc": WHY}) == {}


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (DENIED, WHY),
        (
            AwsError(
                ErrorClass.DENIED,
                AwsMessage(
                    "AccessDenied", "not authorized to perform: x:Y with an explicit deny in a service control policy"
                ),
            ),
            "organisation",
        ),
        (AwsError(ErrorClass.NOT_SENT, AwsMessage("EndpointConnectionError", "refused")), "AWS_ENDPOINT_URL"),
        (None, "see to it that the service can be reached"),
    ],
)
def test_what_helps_depends_on_who_stands_in_the_way(why: AwsError | None, reason: Problem | str) -> None:
    found = reason_of(Unseen("nobody answers", VPC, why))
    if isinstance(reason, Problem):
        assert found == reason
    else:
        assert reason in found.remedy
        assert found.detail == (str(why) if why else "nobody answers")
