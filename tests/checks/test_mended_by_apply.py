"""Which obstacles apply does away with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from ocpprov.checks.mended_by_apply import mended_by_apply
from ocpprov.engine.actions import Action, Actions, Change, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.values import GetAtt, Ref
from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.spans import Share, Span
from ocpprov.reachability.verdict import Direction, Obstacle

SHARE = Share(Span(0, 3), Span(22, 22))
ENTRY = "AWS::EC2::NetworkAclEntry"
WANTED = (
    Resource("Group", "AWS::EC2::SecurityGroup"),
    Resource("Other", "AWS::EC2::SecurityGroup"),
    Resource("Rule", "AWS::EC2::SecurityGroupIngress", {"GroupId": GetAtt("Group", "GroupId")}),
    Resource("Acl", "AWS::EC2::NetworkAcl"),
    Resource("Entry", ENTRY, {"NetworkAclId": Ref("Acl"), "RuleNumber": 90}),
    Resource("Out", ENTRY, {"NetworkAclId": Ref("Acl"), "RuleNumber": 90, "Egress": True}),
    Resource("Association", "AWS::EC2::SubnetRouteTableAssociation", {"RouteTableId": Ref("Table")}),
)
IDS = {"Group": "sg-1", "Other": "sg-2", "Acl": "acl-1", "Entry": "acl-1:90", "Association": "rtbassoc-1"}
Code = ExplanationCode
APPLY = "ocpprov apply prod.yaml"


def mended(obstacle: Obstacle, *actions: Action) -> bool:
    graph = Graph({each.logical_id: each for each in WANTED}, {})
    current = {id: Live(graph.resources[id].type, live, {}) for id, live in IDS.items()}
    owner = Owner("prod", "eu-west-1", "123456789012", "run")
    told = mended_by_apply(Actions(owner, graph, actions, (), current), [obstacle], APPLY)
    assert told in ({obstacle: APPLY}, {})
    return bool(told)


def lacking(component: str, code: ExplanationCode = Code.ENI_SG_RULES_MISMATCH) -> Obstacle:
    return Obstacle(code, component, "ingress", "tcp", SHARE)


def denied(rule: str, direction: Direction = "ingress") -> Obstacle:
    return Obstacle(Code.SUBNET_ACL_RESTRICTION, "acl-1", direction, "tcp", SHARE, rule)


def action(resource: str, verb: Verb = Verb.CREATE, changes: Sequence[Change] = ()) -> Action:
    return Action(resource, "AWS::EC2::Any", verb, changes=changes)


@pytest.mark.parametrize(
    ("obstacle", "done", "expected"),
    [
        (lacking("sg-1"), action("Rule"), True),
        (lacking("sg-2, sg-1"), action("Rule"), True),
        (lacking("sg-2"), action("Rule"), False),
        (lacking("sg-1"), action("of no plan"), False),
        (denied("91"), action("of no plan"), False),
        (lacking("sg-1"), action("Rule", Verb.DELETE), False),
        (lacking("sg-1"), action("Rule", Verb.ADOPT), False),
        (lacking("sg-2"), action("Other", Verb.UPDATE), True),
        (
            lacking("rtb-theirs", Code.NO_ROUTE_TO_DESTINATION),
            action("Association", Verb.UPDATE, [Change("RouteTableId", "rtb-theirs", "rtb-1")]),
            True,
        ),
        (lacking("rtb-theirs", Code.NO_ROUTE_TO_DESTINATION), action("Association", Verb.UPDATE), False),
        (denied("*"), action("Entry"), True),
        (denied("90"), action("Entry", Verb.UPDATE), True),
        (denied("91"), action("Entry"), True),
        (denied("89"), action("Entry"), False),
        (denied("91", "egress"), action("Entry"), False),
        (denied("91", "egress"), action("Out"), True),
        (denied("91"), action("Rule"), False),
    ],
)
def test_what_is_missing_or_drifted(obstacle: Obstacle, done: Action, expected: bool) -> None:
    assert mended(obstacle, done) is expected


def test_without_changes_nothing_is_mended() -> None:
    assert not mended(lacking("sg-1"))


LINKED = (
    Resource("Acl", "AWS::EC2::NetworkAcl"),
    Resource("One", "AWS::EC2::SubnetNetworkAclAssociation", {"NetworkAclId": Ref("Acl")}),
    Resource("Two", "AWS::EC2::SubnetNetworkAclAssociation", {"NetworkAclId": Ref("Acl")}),
    Resource("Given", "AWS::EC2::SubnetRouteTableAssociation", {"RouteTableId": "rtb-given"}),
)


@pytest.mark.parametrize(
    ("led_to", "verb", "component", "expected"),
    [
        ({"One": "acl-theirs"}, Verb.KEEP, "acl-theirs", f"{APPLY} --allow One"),
        ({"One": "acl-theirs", "Two": "acl-theirs"}, Verb.KEEP, "acl-theirs", f"{APPLY} --allow One --allow Two"),
        ({"Given": "rtb-theirs"}, Verb.KEEP, "rtb-theirs", f"{APPLY} --allow Given"),
        ({"One": "acl-theirs"}, Verb.KEEP, "acl-1", None),
        ({"One": "acl-1"}, Verb.KEEP, "acl-1", None),
        ({"Given": "rtb-given"}, Verb.KEEP, "rtb-given", None),
        ({"One": "acl-theirs"}, Verb.DELETE, "acl-theirs", None),
        ({}, Verb.KEEP, "acl-theirs", None),
    ],
)
def test_what_somebody_put_in_place_of_the_plans_goes_when_apply_is_allowed_it(
    led_to: Mapping[str, str], verb: Verb, component: str, expected: str | None
) -> None:
    """Its entries are theirs, and nobody has to open them one by one."""
    graph = Graph({each.logical_id: each for each in LINKED}, {})
    member = {"Given": "RouteTableId"}
    current = {id: Live("link", f"assoc-{id}", {member.get(id, "NetworkAclId"): led_to[id]}) for id in led_to}
    current["Acl"] = Live("AWS::EC2::NetworkAcl", "acl-1", {})
    actions = [Action(id, "AWS::EC2::Any", verb) for id in graph.resources]
    owner = Owner("prod", "eu-west-1", "123456789012", "run")
    found = mended_by_apply(Actions(owner, graph, actions, (), current), [lacking(component)], APPLY)
    assert found.get(lacking(component)) == expected
