"""A plan as a person reads it: what hurts first, what is folded, what is told once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocpprov.engine.actions import Action, Actions, Change, Unmanaged, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.steps import DeleteStep
from ocpprov.engine.values import GetAtt, Ref, Unknown, Value
from ocpprov.kinds.registry import KINDS
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.plan_view import PlanView, header, summary_text

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
VPC = "AWS::EC2::VPC"
GROUP = "AWS::EC2::SecurityGroup"
RULE = "AWS::EC2::SecurityGroupIngress"
TABLE = "AWS::EC2::RouteTable"
ROUTE = "AWS::EC2::Route"


def plan_of(*rows: Action, planned: Sequence[Resource] = (), gone: Sequence[Live] = ()) -> Actions:
    resources = {each.logical_id: each for each in planned}
    steps = [DeleteStep(name=each.id, type=each.type, logical_id="", after=frozenset(), live=each) for each in gone]
    return Actions(OWNER, Graph(resources, {}), rows, steps, {})


def lines(actions: Actions, *, allowed: frozenset[str] | None = frozenset(), verbose: bool = False) -> list[str]:
    return [line.text for line in PlanView(actions, KINDS, allowed, verbose).lines()]


def rule(name: str, verb: Verb = Verb.CREATE, port: int = 22) -> tuple[Action, Resource]:
    properties: dict[str, Value] = {"GroupId": Ref("G"), "IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    return Action(name, RULE, verb), Resource(name, RULE, {**properties, "CidrIp": "10.0.0.0/16"})


def test_the_header_says_what_where_and_with_what_it_was_compared() -> None:
    text = "plan lab, account 123456789012, region eu-west-1{}: compared with 3 of its resources in AWS"
    assert header(OWNER, 3, sandbox=False) == Line(text.format(""), Tone.HEADING)
    assert header(OWNER, 3, sandbox=True) == Line(text.format(", SANDBOX"), Tone.HEADING)


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({"create": 0, "delete": 0}, "0 to create, 0 to delete: nothing to do"),
        ({"create": 0, "update": 0, "delete": 0, "keep": 2}, "0 to create, 0 to delete, 2 unchanged: nothing to do"),
        ({"create": 1, "update": 2, "replace": 3, "delete": 4, "keep": 5, "sweep": 6}, None),
        ({"create": 0, "delete": 0, "forget": 1}, "0 to create, 0 to delete, 1 to forget"),
    ],
)
def test_the_summary_is_one_line(counts: dict[str, int], text: str | None) -> None:
    whole = "1 to create, 2 to update, 3 to replace, 4 to delete, 5 unchanged, 6 to sweep"
    assert summary_text(counts) == (text or whole)


@pytest.mark.parametrize(
    ("verb", "line", "tone"),
    [
        (Verb.CREATE, "  + create  A  VPC id-1", Tone.GOOD),
        (Verb.UPDATE, "  ~ update  A  VPC id-1 (why)", Tone.CHANGE),
        (Verb.REPLACE, "  ± replace A  VPC id-1 (why)", Tone.DANGER),
        (Verb.DELETE, "  - delete  A  VPC id-1 (why)", Tone.DANGER),
        (Verb.ADOPT, "  ~ adopt   A  VPC id-1 (why)", Tone.CHANGE),
        (Verb.FORGET, "  ∅ forget  A  VPC id-1 (why)", Tone.CHANGE),
        (Verb.SWEEP, "  - sweep   A  VPC id-1 (why)", Tone.DANGER),
    ],
)
def test_a_line_for_each_verb(verb: Verb, line: str, tone: Tone) -> None:
    changed = [Change("EnableDnsSupport", False, True)] if verb in (Verb.UPDATE, Verb.ADOPT) else []
    beside = Action("Role", "AWS::IAM::Role", Verb.CREATE)
    shown = list(PlanView(plan_of(Action("A", VPC, verb, "id-1", changed, "why"), beside), KINDS).lines())
    assert shown[1] == Line(line, tone)


def test_what_hurts_stands_first_and_once_and_the_rest_by_subject() -> None:
    rows = [
        Action("Zone", "AWS::Route53::HostedZone", Verb.CREATE),
        Action("A", VPC, Verb.CREATE),
        Action("Old", GROUP, Verb.DELETE, "sg-1"),
        Action("Balancer", "AWS::ElasticLoadBalancing::LoadBalancer", Verb.CREATE),
        Action("G", GROUP, Verb.CREATE),
        Action("Object", "Ocpprov::S3::Object", Verb.CREATE),
        Action("Role", "AWS::IAM::Role", Verb.CREATE),
        Action("Kept", VPC, Verb.KEEP, "vpc-2"),
    ]
    shown = lines(plan_of(*rows))
    assert [line.split()[2] if line.startswith(" ") else line for line in shown[:-1]] == [
        "Replaced, deleted or interrupted:",
        "Old",
        "Network:",
        "A",
        "Security groups:",
        "G",
        "Load balancers:",
        "Balancer",
        "DNS:",
        "Zone",
        "Roles:",
        "Role",
        "Storage:",
        "Object",
    ]


def test_where_everything_goes_nothing_stands_out() -> None:
    shown = lines(plan_of(Action("A", VPC, Verb.DELETE, "vpc-1"), Action("B", VPC, Verb.FORGET, "vpc-2")), allowed=None)
    assert shown == [
        "Network:",
        "  - delete  VPC: A vpc-1",
        "  ∅ forget  VPC: B vpc-2",
        "0 to create, 1 to delete, 1 to forget",
    ]


def test_of_what_goes_all_of_a_type_are_in_one_line_with_their_ids() -> None:
    rows = [Action(name, TABLE, Verb.DELETE, f"rtb-{name}") for name in "ab"]
    arn = Action("L", "AWS::ElasticLoadBalancingV2::LoadBalancer", Verb.DELETE, "arn:aws:x")
    swept = Action("a", TABLE, Verb.SWEEP, "rtb-c", reason="made twice")
    assert lines(plan_of(*rows, arn, swept), allowed=None) == [
        "Network:",
        "  - delete  RouteTable: a rtb-a, b rtb-b",
        "  - sweep   RouteTable: a rtb-c (made twice)",
        "Load balancers:",
        "  - delete  LoadBalancer: L",
        "0 to create, 3 to delete, 1 to sweep",
    ]
    assert lines(plan_of(*rows), allowed=None, verbose=True)[1:3] == [
        "  - delete  a  RouteTable rtb-a",
        "  - delete  b  RouteTable rtb-b",
    ]
    nameless = plan_of(Action("rtb-9", TABLE, Verb.DELETE, "rtb-9"))
    assert lines(nameless, allowed=None)[1] == "  - delete  RouteTable: rtb-9"


def test_rules_are_counted_with_a_group_that_is_made() -> None:
    rules = [rule("One"), rule("Two", port=23)]
    actions = plan_of(Action("G", GROUP, Verb.CREATE), *(row for row, _ in rules), planned=[each for _, each in rules])
    assert lines(actions) == ["Security groups:", "  + create  G  SecurityGroup: 2 rules", "3 to create, 0 to delete"]
    assert lines(actions, verbose=True) == [
        "Security groups:",
        "  + create  G  SecurityGroup",
        "    + create  One  SecurityGroupIngress tcp 22 10.0.0.0/16",
        "    + create  Two  SecurityGroupIngress tcp 23 10.0.0.0/16",
        "3 to create, 0 to delete",
    ]


def test_a_few_rules_of_a_group_that_stays_have_a_line_each_and_many_are_counted() -> None:
    def shown(count: int, verb: Verb = Verb.CREATE) -> list[str]:
        rules = [rule(f"R{number}", verb, port=number) for number in range(count)]
        kept = Action("G", GROUP, Verb.KEEP, "sg-1")
        return lines(plan_of(kept, *(row for row, _ in rules), planned=[each for _, each in rules]))

    assert shown(1) == [
        "Security groups:",
        "            G  SecurityGroup sg-1",
        "    + create  R0  SecurityGroupIngress tcp 0 10.0.0.0/16",
        "1 to create, 0 to delete, 1 unchanged",
    ]
    assert len(shown(6)) == 2 + 6 + 1
    assert shown(7)[2:] == ["      7 rules to create", "7 to create, 0 to delete, 1 unchanged"]
    assert len(shown(7, Verb.DELETE)) == 2 + 7 + 1


def test_of_a_group_that_stays_rules_that_go_are_named() -> None:
    """Also where nothing else changes: nothing is lost without having been shown."""
    gone = [Live(RULE, f"sgr-{number}", {"GroupId": "sg-1", "FromPort": number}) for number in (1, 2)]
    rows = [Action(f"G/{live.id}", RULE, Verb.DELETE, live.id) for live in gone]
    steps = [DeleteStep(name=each.id, type=RULE, logical_id="", after=frozenset(), live=each) for each in gone]
    kept = Action("G", GROUP, Verb.KEEP, "sg-1")
    actions = Actions(OWNER, Graph({}, {}), [kept, *rows], steps, {"G": Live(GROUP, "sg-1", {})})
    assert lines(actions) == [
        "Security groups:",
        "            G  SecurityGroup sg-1",
        "    - delete  G/sgr-1  SecurityGroupIngress 1 sgr-1",
        "    - delete  G/sgr-2  SecurityGroupIngress 2 sgr-2",
        "0 to create, 2 to delete, 1 unchanged",
    ]


def test_what_goes_is_counted_with_what_it_lies_in_by_its_id() -> None:
    live = Live(ROUTE, "r-1", {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0"})
    table = Live(TABLE, "rtb-1", {})
    steps = [
        DeleteStep(name="t", type=TABLE, logical_id="T", after=frozenset(), live=table),
        DeleteStep(name="r", type=ROUTE, logical_id="x", after=frozenset(), live=live),
    ]
    rows = [Action("T", TABLE, Verb.DELETE, "rtb-1"), Action("x", ROUTE, Verb.DELETE, "r-1")]
    actions = Actions(OWNER, Graph({}, {}), rows, steps, {})
    assert lines(actions, allowed=None)[1] == "  - delete  RouteTable: T rtb-1; 1 route"
    alone = Actions(OWNER, Graph({}, {}), rows[1:], steps[1:], {"T": table})
    assert lines(alone, allowed=None)[1] == "  - delete  Route: x r-1"


def test_the_same_change_of_many_is_told_once_and_our_own_tags_are_a_number() -> None:
    changes = [Change("Tags.team", None, "net"), Change("Tags.ocpprov:format", "1", "2")]
    rows = [Action(name, VPC, Verb.UPDATE, f"vpc-{name}", changes) for name in "abc"]
    assert lines(plan_of(*rows)) == [
        "  ~ tag team=net on 3 resources",
        "  ~ ocpprov's own tags on 3 resources",
        "0 to create, 3 to update, 0 to delete",
    ]
    assert '      Tags.team: nothing -> "net"' in lines(plan_of(*rows[:2]))
    assert len(lines(plan_of(*rows), verbose=True)) == 1 + 3 * 3 + 1


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("a", None, "tag team taken off"),
        ("a", "b", "tag team=a -> b"),
        (None, "b", "tag team=b"),
    ],
)
def test_how_a_tag_changes(before: Value, after: Value, text: str) -> None:
    rows = [Action(name, VPC, Verb.UPDATE, name, [Change("Tags.team", before, after)]) for name in "abc"]
    assert lines(plan_of(*rows))[0] == f"  ~ {text} on 3 resources"


def test_of_a_list_it_is_told_what_is_added_and_what_is_taken() -> None:
    change = Change("SubnetIds", ["subnet-1", "subnet-2"], ["subnet-2", "subnet-3"])
    row = Action("E", "AWS::EC2::VPCEndpoint", Verb.UPDATE, "vpce-1", [change])
    assert lines(plan_of(row))[2:4] == ['      SubnetIds: + "subnet-3"', '      SubnetIds: - "subnet-1"']


def test_what_is_replaced_only_with_something_else_names_that() -> None:
    cause = Action("V", VPC, Verb.REPLACE, "vpc-1", [Change("CidrBlock", "10.0.0.0/16", "10.1.0.0/16")], "why")
    with_it = Action("G", GROUP, Verb.REPLACE, "sg-1", [Change("VpcId", "vpc-1", Unknown(Ref("V")))], "why")
    also = Action(
        "H",
        GROUP,
        Verb.REPLACE,
        "sg-2",
        [Change("VpcId", "vpc-1", Unknown(GetAtt("V", "VpcId"))), Change("GroupDescription", "a", "b")],
        "why",
    )
    assert lines(plan_of(cause, with_it, also))[1:-1] == [
        "  ± replace V  VPC vpc-1 (why)",
        '      CidrBlock: "10.0.0.0/16" -> "10.1.0.0/16"',
        "  ± replace G  SecurityGroup sg-1 (with V)",
        "  ± replace H  SecurityGroup sg-2 (why)",
        '      VpcId: "vpc-1" -> (of the new V)',
        '      GroupDescription: "a" -> "b"',
    ]


def test_rules_of_a_replaced_group_are_counted_once() -> None:
    new, planned = rule("New")
    gone = Live(RULE, "sgr-1", {"GroupId": "sg-1"})
    rows = [Action("G", GROUP, Verb.REPLACE, "sg-1", reason="why"), new, Action("G/sgr-1", RULE, Verb.DELETE, "sgr-1")]
    assert lines(plan_of(*rows, planned=[planned], gone=[gone]))[1] == (
        "  ± replace G  SecurityGroup sg-1: 1 rule (why)"
    )


def test_what_apply_refuses_is_marked_with_the_option_that_allows_it() -> None:
    row = Action("A", VPC, Verb.DELETE, "vpc-1", guarded=True, guarded_ids=["vpc-1"])
    made = Action("B", VPC, Verb.CREATE)
    [*_, marked] = lines(plan_of(row, made))[:2]
    assert marked == "  - delete  A  VPC vpc-1  apply needs --allow vpc-1 --allow A"
    assert lines(plan_of(row, made), allowed=frozenset({"A"}))[1].endswith("apply needs --allow vpc-1")
    assert lines(plan_of(row, made), allowed=None)[1] == "  - delete  A  VPC vpc-1"
    assert lines(plan_of(row), allowed=None)[1] == "  - delete  VPC: A vpc-1"


@pytest.mark.parametrize("name", ["X; touch PWNED #", "--yes", "$(x)"])
def test_a_name_that_nobody_of_us_gave_is_offered_to_nobody(name: str) -> None:
    row = Action(name, VPC, Verb.DELETE, "vpc-1", guarded=True)
    marked = lines(plan_of(row, Action("B", VPC, Verb.CREATE)))[1]
    assert marked.endswith("  apply refuses it: somebody else chose that name")
    assert "--allow" not in marked


def test_an_outage_is_told_and_an_arn_only_in_full() -> None:
    row = Action("B", "AWS::ElasticLoadBalancingV2::LoadBalancer", Verb.REPLACE, "arn:aws:x", interrupts=True)
    line = "  ± replace B  LoadBalancer{}  INTERRUPTS: the old one goes before the new one is there"
    assert lines(plan_of(row))[1] == line.format("")
    assert lines(plan_of(row), verbose=True)[1] == line.format(" arn:aws:x")


def test_of_others_and_notes_some_are_told_and_of_what_goes_along_all() -> None:
    others = [Unmanaged("A", f"route {number}", is_left=number < 12) for number in range(24)]
    actions = Actions(OWNER, Graph({}, {}), [], [], {}, others, ["look at it"])
    shown = lines(actions)
    assert shown[:12] == [f"  not ours, goes along: A: route {number}" for number in range(12, 24)]
    assert shown[12:22] == [f"  not ours, left alone: A: route {number}" for number in range(10)]
    assert shown[22:] == [
        "    and 2 more (--verbose lists them)",
        "  note: look at it",
        "0 to create, 0 to delete: nothing to do",
    ]
    assert len(lines(actions, verbose=True)) == 24 + 1 + 1
