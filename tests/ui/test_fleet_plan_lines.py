"""What a plan of a fleet would do, in lines."""

from __future__ import annotations

from typing import Any

from ocpprov.engine.events import Event, EventKind
from ocpprov.ui.fleet_plan_lines import planned_lines
from ocpprov.ui.lines import Tone

NAT, SUBNET, GROUP = "AWS::EC2::NatGateway", "AWS::EC2::Subnet", "AWS::EC2::SecurityGroup"
RULE = "AWS::EC2::SecurityGroupIngress"


def action(action: str, resource: str, type: str, id: str = "", **more: Any) -> dict[str, Any]:
    return {"resource": resource, "type": type, "action": action, "id": id, **more}


def lines(actions: list[Any], *, verbose: bool = False, **detail: Any) -> list[tuple[str, Tone]]:
    event = Event(EventKind.PLANNED, 0.0, detail={"actions": actions, **detail})
    return [(line.text, line.tone) for line in planned_lines("lab", event, verbose=verbose)]


def test_counts_then_what_leaves_or_is_interrupted() -> None:
    actions = [
        action("create", "Net", "T"),
        action("delete", "Nat", NAT, "nat-1", reason="not in the plan any more"),
        action("replace", "Api", "T", "x", reason=""),
        action("update", "Rule", "T", "r", interrupts=True),
    ]
    summary = {"create": 1, "update": 1, "replace": 1, "delete": 1, "keep": 3, "sweep": 2}
    assert lines(actions, summary=summary, notes=["look"]) == [
        ("lab: 1 to create, 1 to update, 1 to replace, 1 to delete, 2 to sweep", Tone.HEADING),
        ("lab:   delete NatGateway: Nat nat-1 (not in the plan any more)", Tone.DANGER),
        ("lab:   replace T: Api x", Tone.DANGER),
        ("lab:   update T: Rule r, which INTERRUPTS", Tone.DANGER),
        ("lab:   note: look", Tone.CHANGE),
    ]


LEAVING = [
    action("delete", "A", SUBNET, "subnet-1"),
    action("delete", "Own", GROUP, "sg-1"),
    action("delete", "B", SUBNET, "subnet-2"),
    action("delete", "Own/r1", RULE, "sgr-1"),
    action("delete", "Own/r2", RULE, "sgr-2"),
    action("delete", "Kept/r3", RULE, "sgr-3"),
    action("delete", "Api", "X::Balancer", "arn:aws:x"),
    action("delete", "Zone/www A", "X::Record", "Z|www|A"),
]


def test_one_sort_is_one_line_and_parts_of_what_leaves_are_counted() -> None:
    assert [text for text, _ in lines(LEAVING)][1:] == [
        "lab:   delete Subnet: A subnet-1, B subnet-2",
        "lab:   delete SecurityGroup: Own sg-1; with 2 SecurityGroupIngress",
        "lab:   delete SecurityGroupIngress: Kept/r3 sgr-3",
        "lab:   delete Balancer: Api",
        "lab:   delete Record: Zone/www A",
    ]


def test_what_leaves_in_another_way_than_its_parent_is_named() -> None:
    actions = [action("forget", "Own", GROUP, "sg-1"), action("delete", "Own/r1", RULE, "sgr-1")]
    assert [text for text, _ in lines(actions)][1:] == [
        "lab:   forget SecurityGroup: Own sg-1",
        "lab:   delete SecurityGroupIngress: Own/r1 sgr-1",
    ]


def test_verbose_names_each() -> None:
    assert len(lines(LEAVING, verbose=True)) == 1 + len(LEAVING)


def test_where_there_is_nothing_to_do_it_says_so() -> None:
    assert lines([], summary={"keep": 7}) == [("lab: nothing to do", Tone.PLAIN)]


def test_what_another_host_sends_breaks_nothing() -> None:
    assert lines([None, "x", {"action": "delete"}], notes="no list", summary=[])[0][0] == "lab: nothing to do"
