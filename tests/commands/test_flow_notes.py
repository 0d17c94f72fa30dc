"""What plan and apply say of the cluster's traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocpprov.aws.reads import Reader
from ocpprov.commands import flow_notes
from ocpprov.commands.discovery_reachability import Unreadable
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.problem import Problem
from ocpprov.kinds.reads import Found
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.reachability.verdict import ARRIVES, Unread, Verdict
from tests.checks.test_flow_checks import GROUP, row
from tests.checks.test_verification import OWNER
from tests.openshift.plans import SECTION_3AZ, plan_of

MADE = Action("VPC", "AWS::EC2::VPC", Verb.CREATE)
KEPT = replace(MADE, verb=Verb.KEEP)


def noted(
    monkeypatch: pytest.MonkeyPatch, action: Action, rows: Sequence[MatrixRow], closed: bool = False
) -> Sequence[str]:
    def judged(*_: object) -> Sequence[MatrixRow]:
        if closed:
            raise Unreadable(Problem("", "nobody may look"))
        return rows

    monkeypatch.setattr(flow_notes, "planned_reach", judged)
    planned = PlanResult(
        Inventory({}), Actions(OWNER, Graph({}, {}), [action], (), {}), Found(OWNER, given=frozenset(), names=None)
    )
    return flow_notes.flow_notes(plan_of(SECTION_3AZ), planned, Reader.__new__(Reader))


def test_what_stops_traffic_is_a_note_with_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    [note] = noted(monkeypatch, MADE, [row(GROUP), row(ARRIVES)])
    assert note.startswith("sg-1 has no inbound rule for tcp 443 from 10.0.0.0/16 (ENI_SG_RULES_MISMATCH): stops ")
    assert note.endswith("; what helps: an inbound rule in sg-1 for tcp 443 from 10.0.0.0/16")


def test_nothing_is_said_where_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert noted(monkeypatch, KEPT, [row(GROUP)]) == ()


def test_what_is_not_known_is_preflights_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    assert noted(monkeypatch, MADE, [row(Verdict(unread=(Unread("acl-9"),)))]) == []
    assert noted(monkeypatch, MADE, [row(GROUP)], closed=True) == ()
