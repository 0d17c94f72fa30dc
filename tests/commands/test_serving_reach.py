"""Why something may not serve, by the rows of the cluster's traffic, as values."""

from __future__ import annotations

from dataclasses import replace

from ocpprov.checks.verification import RowResult, RowStatus, Seen
from ocpprov.commands.serving_reach import Reach, reach_in, traffic_rows
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Owner, Resource
from ocpprov.engine.secret_texts import NO_SECRETS, SecretTexts
from ocpprov.openshift.matrix_row import FLOW_ROWS
from ocpprov.ui.lines import Line, Tone
from tests.report.verifications import FLOWS

VERIFY = "ocpprov verify prod.yaml"
OWNER = Owner("prod", "eu-west-1", "123456789012", "run")
GONE = [Action("VPC", "AWS::EC2::VPC", Verb.CREATE)]
SEEN = Seen(
    Actions(OWNER, Graph({"VPC": Resource("VPC", "AWS::EC2::VPC")}, {}), GONE, (), {}),
    FLOWS,
    "ocpprov apply prod.yaml",
)


def failing(*names: str) -> list[RowResult]:
    return [RowResult(name, RowStatus.FAIL, [], f"{name} is closed", f"open {name}") for name in names]


def test_rows_are_judged_by_their_traffic_alone_and_balancers_come_first() -> None:
    assert [(row.id, row.status) for row in traffic_rows(SEEN)] == [
        ("LB-REACH", RowStatus.FAIL),
        ("NET-S3", RowStatus.UNKNOWN),
        ("NET-TRANSIT", RowStatus.PASS),
    ]


def test_what_is_known_of_the_traffic_in_all() -> None:
    found = reach_in(SEEN, VERIFY)
    assert found
    assert (found.flows, found.command) == (7, VERIFY)
    assert [row.id for row in found.failing] == ["LB-REACH"]
    assert [row.id for row in found.unknown] == ["NET-S3"]
    assert reach_in(replace(SEEN, flows=()), VERIFY) is None
    unread = reach_in(replace(SEEN, flows=(), unread="no", open_flows={"NET-S3": Problem("", "no")}), VERIFY)
    assert unread
    assert [row.id for row in unread.unknown] == ["NET-S3"]


def test_what_could_not_be_read_is_not_known() -> None:
    unread = replace(SEEN, flows=(), unread="no VPC", open_flows={"NET-S3": Problem("", "no VPC")})
    assert traffic_rows(unread) == [RowResult("NET-S3", RowStatus.UNKNOWN, detail="no VPC")]
    reason = Problem("", "groups couldn't be read", "ask")
    closed = replace(SEEN, open_flows={"LB-REACH": reason})
    assert traffic_rows(closed)[0] == RowResult("LB-REACH", RowStatus.UNKNOWN, detail="groups couldn't be read")
    assert {row.id for row in traffic_rows(closed)} <= FLOW_ROWS


def test_rows_that_fail_are_told_with_what_opens_them() -> None:
    reach = Reach(60, failing("LB-REACH", "NET-S3", "NET-EC2", "NET-ELB", "AIR-GAP", "NET-NAT"), [], VERIFY)
    assert list(reach.lines(NO_SECRETS))[:3] == [
        Line("of the cluster's traffic this doesn't arrive:", Tone.DANGER),
        Line("  LB-REACH  LB-REACH is closed"),
        Line("    -> open LB-REACH", Tone.ASIDE),
    ]
    assert [line.text for line in list(reach.lines(NO_SECRETS))[-4:]] == [
        "  NET-ELB  NET-ELB is closed",
        "    -> open NET-ELB",
        "  and 2 more rows",
        f"  all rows: {VERIFY}",
    ]
    assert [row["id"] for row in reach.document() or ()][:2] == ["LB-REACH", "NET-S3"]
    (row,) = failing("LB-REACH")
    with_command = Reach(60, [replace(row, commands=["aws one"])], [], VERIFY)
    assert [line.text for line in with_command.lines(NO_SECRETS)][-3:-1] == ["    -> open LB-REACH", "    -> aws one"]
    four = Reach(60, failing("LB-REACH", "NET-S3", "NET-EC2", "NET-ELB"), [], VERIFY)
    assert [line.text for line in four.lines(NO_SECRETS)][-2] == "    -> open NET-ELB"
    long = Reach(60, [replace(row, detail="closed " * 20)], [], VERIFY)
    assert [line.text[:10] for line in long.lines(NO_SECRETS)][1:4] == ["  LB-REACH", "    closed", "    -> ope"]


def test_what_is_not_to_be_shown_is_taken_out_before_lines_are_made() -> None:
    secrets = SecretTexts({"Word": ["two words of it"]})
    rows = [RowResult("NET-S3", RowStatus.FAIL, detail=f"{'closed ' * 9}two words of it", remedy="two words of it")]
    lines = [line.text for line in Reach(60, rows, [], VERIFY).lines(secrets)]
    assert lines[1:3] == [f"  NET-S3  {'closed ' * 9}****", "    -> ****"]
    unknown = [RowResult("NET-S3", RowStatus.UNKNOWN, detail=f"{'closed ' * 3}two words of it")]
    assert next(line.text.split()[-1] for line in Reach(60, [], unknown, VERIFY).lines(secrets)) == "****"


def test_what_nobody_knows_is_a_hint() -> None:
    unknown = [RowResult("NET-S3", RowStatus.UNKNOWN, detail="pl-1 couldn't be read")]
    reach = Reach(60, [], unknown, VERIFY)
    assert list(reach.lines(NO_SECRETS)) == [
        Line("whether the cluster's traffic arrives isn't known: pl-1 couldn't be read", Tone.CHANGE),
        Line(f"  -> {VERIFY}", Tone.ASIDE),
    ]
    assert reach.document() is None
    assert Reach(60, failing("LB-REACH"), unknown, VERIFY).document() == [failing("LB-REACH")[0].document()]


def test_that_all_arrives_is_said() -> None:
    reach = Reach(60, [], [], VERIFY)
    assert [str(line) for line in reach.lines(NO_SECRETS)] == [
        "all 60 flows of the cluster's traffic are as they should be: look at the",
        "  machines",
    ]
    assert reach.document() == []
