"""A plan for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocpprov.engine.actions import Action, Actions, Change, Unmanaged, Verb
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Live, Owner
from ocpprov.ui.plan_document import plan_document
from ocpprov.ui.unproven_claims import unproven_lines

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
VPC = "AWS::EC2::VPC"
GROUP = "AWS::EC2::SecurityGroup"
RULE = "AWS::EC2::SecurityGroupIngress"


COPY = UnprovenClaim(Live(VPC, "vpc-9", {}, tags={"ocpprov:resource": "A"}), "it is a copy")
NAMELESS = UnprovenClaim(Live(GROUP, "sg-1\n", {}), "nothing shows it")


def actions(
    *rows: Action, others: Sequence[Unmanaged] = (), notes: Sequence[str] = (), unproven: Sequence[UnprovenClaim] = ()
) -> Actions:
    return Actions(OWNER, Graph({}, {}), rows, [], {}, others, notes, unproven=unproven)


def test_the_document_has_every_action_and_marks_outages() -> None:
    rows = [
        Action("A", VPC, Verb.KEEP, "vpc-1"),
        Action("B", VPC, Verb.REPLACE, "vpc-2", [Change("X", 1, [2])], "X", interrupts=True),
    ]
    planned = actions(*rows, others=[Unmanaged("A", "a rule")], notes=["so"], unproven=[COPY, NAMELESS])
    assert plan_document(planned, "ocpprov apply plan.yaml") == {
        "plan": "lab",
        "region": "eu-west-1",
        "actions": [
            {"resource": "A", "type": VPC, "action": "keep", "id": "vpc-1", "changes": [], "reason": ""},
            {
                "resource": "B",
                "type": VPC,
                "action": "replace",
                "id": "vpc-2",
                "changes": [{"property": "X", "from": 1, "to": [2]}],
                "reason": "X",
                "interrupts": True,
            },
        ],
        "others": [{"resource": "A", "what": "a rule"}],
        "unproven": [
            {
                "resource": "A",
                "type": VPC,
                "id": "vpc-9",
                "reason": "it is a copy",
                "command": "ocpprov apply plan.yaml --allow vpc-9",
            },
            {"resource": "", "type": GROUP, "id": "sg-1\n", "reason": "nothing shows it", "command": ""},
        ],
        "notes": ["so"],
        "summary": {"create": 0, "update": 0, "replace": 1, "delete": 0, "keep": 1},
    }


def test_what_only_claims_to_be_the_plans_is_listed_with_the_command_that_says_that_it_is() -> None:
    copy = replace(COPY, live=replace(COPY.live, id="a name'; rm -rf x"))
    assert list(unproven_lines(actions(unproven=[COPY, NAMELESS, copy]), "ocpprov apply plan.yaml")) == [
        f"  not proven to be this plan's, left alone: A: {VPC} vpc-9 carries this plan's tags, but it is a copy",
        "    if it is: ocpprov apply plan.yaml --allow vpc-9",
        f"  not proven to be this plan's, left alone: sg-1\n: {GROUP} sg-1\n carries this plan's tags, but nothing "
        "shows it",
        f"  not proven to be this plan's, left alone: A: {VPC} a name'; rm -rf x carries this plan's tags, but it is a "
        "copy",
    ]
    assert list(unproven_lines(actions(), "ocpprov apply plan.yaml")) == []
