"""How far each plan of a fleet is, as values and on the screen, and the table at its end."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.problem import Problem
from ocpprov.ui.fleet_progress import FleetProgress, MemberRow, Phase
from ocpprov.ui.fleet_table import EndRow, problem_lines, table_lines
from ocpprov.ui.fleet_view import FleetScreen
from ocpprov.ui.lines import Line
from ocpprov.ui.progress import Heading
from ocpprov.ui.run_progress import Durations

NAT, VPC = "AWS::EC2::NatGateway", "AWS::EC2::VPC"
BEGINS = Event(EventKind.STARTED, 0.0, detail={"action": "apply"})


def planned(**summary: int) -> Event:
    return Event(EventKind.PLANNED, 1.0, detail={"summary": {"keep": 7, **summary}, "actions": []})


def event(kind: EventKind, resource: str, type: str = VPC, time: float = 2.0, **detail: Any) -> Event:
    return Event(kind, time, resource, type, detail=detail)


def progress() -> FleetProgress:
    return FleetProgress({"lab": "eu-west-1", "prod": "us-east-1"}, Durations({NAT: 100.0}, frozenset({NAT})))


def row(seen: FleetProgress, now: float = 2.0) -> MemberRow:
    return seen.rows(now)[0]


def test_a_plan_waits_is_read_planned_made_and_ends() -> None:
    seen = progress()
    assert row(seen) == MemberRow("lab", "eu-west-1", Phase.WAITING)
    seen.hear("lab", BEGINS)
    assert row(seen).phase is Phase.READING
    seen.hear("lab", planned(create=2, delete=1))
    assert (row(seen).phase, row(seen).total) == (Phase.PLANNED, 3)
    seen.hear("lab", event(EventKind.STARTED, "Net", action="create"))
    assert (row(seen).phase, row(seen).done) == (Phase.AT_WORK, 0)
    for _ in range(2):
        seen.hear("lab", event(EventKind.EXISTS, "Net"))
    assert row(seen).done == 1
    seen.ended("lab", "done")
    assert (row(seen).phase, row(seen).end) == (Phase.ENDED, "done")
    assert seen.rows(2.0)[1] == MemberRow("prod", "us-east-1")


def test_no_more_is_done_than_there_is_to_do() -> None:
    seen = progress()
    seen.hear("lab", planned(create=1))
    for name in ("A", "B"):
        seen.hear("lab", event(EventKind.EXISTS, name))
    assert (row(seen).done, row(seen).total) == (1, 1)


def test_what_is_left_is_what_is_waited_for() -> None:
    seen = progress()
    seen.hear("lab", planned(create=1))
    seen.hear("lab", event(EventKind.STARTED, "Nat", NAT, 10.0, action="create"))
    seen.hear("lab", event(EventKind.EXISTS, "Nat", NAT, 11.0))
    assert row(seen, 40.0).left == pytest.approx(70.0)


def screen(*, terminal: bool, verbose: bool = False) -> tuple[FleetScreen, io.StringIO]:
    text = io.StringIO()
    console = Console(file=text, force_terminal=terminal, width=80, no_color=True)
    return FleetScreen(console, progress(), Heading("apply 2 plans", verbose), lambda: 2.0), text


def test_in_a_log_it_is_lines_of_what_happens_each_with_its_plan() -> None:
    view, text = screen(terminal=False)
    for heard in (
        BEGINS,
        planned(create=1),
        event(EventKind.STARTED, "Net"),
        event(EventKind.RETRYING, "", reason="Throttling"),
        event(EventKind.FAILED, "Net", reason="VpcLimitExceeded"),
        Event(EventKind.NOTE, 3.0, detail={"reason": "next: apply"}),
    ):
        view.hear("lab", heard)
    view.close()
    assert text.getvalue().splitlines() == [
        "lab: 1 to create",
        "lab: failed Net VpcLimitExceeded",
        "lab: next: apply",
    ]


def test_verbose_tells_every_resource() -> None:
    view, text = screen(terminal=False, verbose=True)
    view.hear("lab", event(EventKind.EXISTS, "Net"))
    assert text.getvalue() == "lab: exists Net\n"


def frame(view: FleetScreen) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=80).print(view._frame())
    return out.getvalue().rstrip().splitlines()


def test_on_a_terminal_there_is_a_line_for_each_plan_at_work_within_80_columns() -> None:
    view, _ = screen(terminal=True)
    view.count(lambda: 218)
    view.hear("lab", BEGINS)
    view.hear("lab", planned(create=95))
    view.hear("lab", event(EventKind.STARTED, "Nat", NAT, 2.0, action="create"))
    shown = frame(view)
    view.close()
    assert shown[0] == "apply 2 plans  1 at work, 1 waiting"
    assert shown[1].split() == ["lab", "eu-west-1", "at", "work", "0/95", "about", "100", "s", "left"]
    assert shown[-1].strip() == "218 calls"
    assert all(len(line) <= 80 for line in shown)


def test_the_heading_counts_how_plans_ended() -> None:
    view, _ = screen(terminal=False)
    view.ended("lab", "failed", Line("lab: failed"))
    assert frame(view)[0] == "apply 2 plans  1 waiting, 1 failed"


def test_of_many_at_work_the_rest_is_counted() -> None:
    seen = FleetProgress({f"p{number}": "eu-west-1" for number in range(20)}, Durations({}))
    view = FleetScreen(Console(file=io.StringIO(), width=80), seen, Heading("apply"), lambda: 0.0)
    for number in range(20):
        view.hear(f"p{number}", BEGINS)
    assert "and 8 more" in "\n".join(frame(view))


def test_a_terminal_that_was_closed_ends_nothing() -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    view = FleetScreen(Console(file=Closed(), width=80), progress(), Heading(), lambda: 0.0)
    view.hear("lab", planned(create=1))
    view.close()


def test_nothing_is_redrawn_while_somebody_is_asked() -> None:
    view, text = screen(terminal=True)
    shown = []
    with view.paused():
        shown.append(view.is_redrawn)
    shown.append(view.is_redrawn)
    view.close()
    assert [*shown, view.is_redrawn] == [False, True, False]
    assert text.getvalue()


GOOD = EndRow("lab", "eu-west-1", "done", 190.0, 95, 218)
BAD = EndRow("prod", "us-east-1", "failed", 12.0, 3, 40, problems=[Problem("Net", "limit", "raise it")], again="go on")
LATE = EndRow("late", "eu-west-1", "interrupted", 0.0, 0, 0, not_run="it was interrupted before it began")


def test_the_table_has_a_row_for_each_plan_and_no_empty_column() -> None:
    assert [line.text for line in table_lines([GOOD, BAD, LATE])] == [
        "plan  region     end           took  changed  calls",
        "lab   eu-west-1  done         3 min       95    218",
        "prod  us-east-1  failed        12 s        3     40",
        "late  eu-west-1  interrupted",
    ]


def test_where_they_ran_is_told_where_that_was_elsewhere() -> None:
    elsewhere = EndRow("lab", "eu-west-1", "done", 165.0, 95, 218, "bastion-1")
    head, first = [line.text for line in table_lines([elsewhere])]
    assert head.split()[2] == "host"
    assert first.split()[2] == "bastion-1"


def test_what_is_wrong_is_told_plan_by_plan_with_the_command_that_goes_on() -> None:
    assert [line.text for line in problem_lines([GOOD, BAD, LATE], "fleet")] == [
        "prod: failed",
        "  Net: limit; raise it",
        "  next: go on",
        "late: interrupted: it was interrupted before it began",
    ]


def test_the_same_of_several_is_told_once_with_the_command_for_all() -> None:
    same = [replace(BAD, name=f"p{number}", again=f"go on {number}") for number in range(10)]
    assert [line.text for line in problem_lines([*same, replace(BAD, problems=[])], "fleet")] == [
        "p0, p1, p2, p3, p4, p5, p6, p7 and 2 more: failed",
        "  Net: limit; raise it",
        "  next: fleet",
        "prod: failed",
        "  next: go on",
    ]


def test_where_plans_are_only_looked_at_it_is_told_how_much_is_to_do() -> None:
    seen = [replace(GOOD, to_do=7), replace(GOOD, name="same", to_do=0)]
    assert [line.text.split()[4:] for line in table_lines(seen)] == [
        ["to", "do", "calls"],
        ["min", "7", "218"],
        ["min", "0", "218"],
    ]
