"""What preflight says of the cluster's traffic."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocpprov.aws.reads import Reader
from ocpprov.checks.result import Check, Status, warned
from ocpprov.commands import preflight_flows
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Actions
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.kinds.reads import Found
from ocpprov.openshift.matrix_row import NO_SUBNETS, MatrixRow
from ocpprov.reachability.verdict import ARRIVES, Verdict
from tests.checks.test_flow_checks import ACL, GROUP, row
from tests.checks.test_verification import OWNER
from tests.openshift.plans import SECTION_3AZ, plan_of

NAMED = Check("subnet-acl", Status.WARN, "acl-1 of subnet-1", "one", about="acl-1")


def told(monkeypatch: pytest.MonkeyPatch, rows: Sequence[MatrixRow], *named: Check) -> list[tuple[str, Status]]:
    monkeypatch.setattr(preflight_flows, "planned_reach", lambda *_: rows)
    planned = PlanResult(
        Inventory({}), Actions(OWNER, Graph({}, {}), (), (), {}), Found(OWNER, given=frozenset(), names=None)
    )
    found = preflight_flows.flows_of_plan(plan_of(SECTION_3AZ), planned, Reader.__new__(Reader), named)
    return [(check.id, check.status) for check in found]


def test_all_that_arrives_is_one_word(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, [row(ARRIVES), row(ARRIVES)]) == [("reachability", Status.PASS)]
    assert told(monkeypatch, []) == []


def test_what_stops_it_is_told_and_nothing_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, [row(ARRIVES), row(GROUP)]) == [("endpoint-admits", Status.FAIL)]


def test_an_acl_that_was_named_is_not_named_again_and_nothing_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, [row(ACL)], NAMED) == []
    assert told(monkeypatch, [row(ACL)], warned("subnet-acl", "no ACL", "one")) == [("endpoint-reach", Status.FAIL)]


def test_what_nothing_is_known_of_passes_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, [row(ARRIVES), row(Verdict(unread=(NO_SUBNETS,)))]) == []
