"""What a plan, checks, outputs and a failed run look like, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocpprov.checks.result import failed, passed, unknown, warned
from ocpprov.engine.actions import Action, Actions, Change, Unmanaged, Verb
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Live, Owner
from ocpprov.ui.text import (
    Shortfall,
    check_lines,
    failure_lines,
    left_lines,
    plan_document,
    table,
    unproven_lines,
)

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


def test_checks_stand_in_columns_with_their_remedies_beneath() -> None:
    checks = [
        passed("zones", "three"),
        failed("quota-vpcs", "5 used", "raise it"),
        warned("plan", "odd", "look"),
        unknown("aws", "silent", "wait"),
        passed("clock", "right"),
    ]
    assert list(check_lines(checks)) == [
        "pass     zones       three",
        "fail     quota-vpcs  5 used",
        "         -> raise it",
        "warn     plan        odd",
        "         -> look",
        "unknown  aws         silent",
        "         -> wait",
        "pass     clock       right",
        "2 pass, 1 warn, 1 fail, 1 unknown",
    ]
    assert list(check_lines([])) == [""]


def test_a_check_is_within_eighty_columns_whatever_its_id() -> None:
    zones = "eu-west-1 has eu-west-1a, eu-west-1b, eu-west-1c"
    checks = [passed("zones", zones), failed("endpoint-of-a-very-long-name", f"{zones} yes", f"{zones} and {zones}")]
    assert list(check_lines(checks)) == [
        f"pass     zones                  {zones}",
        "fail     endpoint-of-a-very-long-name  eu-west-1 has eu-west-1a, eu-west-1b,",
        "           eu-west-1c yes",
        f"         -> {zones} and eu-west-1 has",
        "           eu-west-1a, eu-west-1b, eu-west-1c",
        "1 pass, 1 fail",
    ]


def test_outputs_stand_in_two_columns() -> None:
    assert list(table({"VpcId": "vpc-1", "Subnets": ["a", "b"], "N": 3})) == [
        "VpcId    vpc-1",
        'Subnets  ["a", "b"]',
        "N        3",
    ]
    assert list(table({})) == []


def test_an_output_of_several_lines_stands_under_its_name() -> None:
    assert list(table({"VpcId": "vpc; 1", "Subnets": "a 1; b 2", "None": ""}, {"Subnets": "; ", "None": "; "})) == [
        "VpcId    vpc; 1",
        "Subnets  a 1",
        "         b 2",
        "None     ",
    ]


@pytest.mark.parametrize(
    ("shortfall", "text"),
    [
        (Shortfall([]), "nothing"),
        (Shortfall(["A"]), "A"),
        (Shortfall([], unready=["B"]), "nothing; not ready: B"),
        (
            Shortfall(["A"], ["B"], ["C"], ["D", "E"]),
            "A; not ready: B; not yet as planned: C; not gone yet: D, E",
        ),
        (Shortfall([f"R{number}" for number in range(8)]), "R0, R1, R2, R3, R4, R5, R6, R7"),
        (Shortfall([f"R{number}" for number in range(9)]), "R0, R1, R2, R3, R4, R5, R6, R7 and 1 more"),
    ],
)
def test_what_an_apply_has_left_undone(shortfall: Shortfall, text: str) -> None:
    assert str(shortfall) == text


def test_the_five_lines_of_an_apply_and_of_a_destroy() -> None:
    assert list(failure_lines(2, 3, Shortfall(["A"]), "Code: no", "A failed", "ocpprov apply")) == [
        "exists:   2 of the plan's 3 resources",
        "missing:  A",
        "AWS said: Code: no",
        "cause:    A failed",
        "next:     ocpprov apply",
    ]
    assert list(left_lines([], "nothing", "the run was interrupted", "ocpprov destroy")) == [
        "remains:  nothing",
        "deleted:  everything else of the plan",
        "AWS said: nothing",
        "cause:    the run was interrupted",
        "next:     ocpprov destroy",
    ]
