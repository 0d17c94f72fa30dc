"""Flows that nobody knows, told by what is missing."""

from __future__ import annotations

from ocpprov.checks.unknown_flows import unknown_flows
from ocpprov.checks.unread import PERMISSION
from ocpprov.engine.problem import Problem
from ocpprov.openshift.matrix_row import NO_SUBNETS, MatrixRow
from ocpprov.reachability.verdict import ARRIVES, Unread, Verdict

DENIED = Problem("", "DescribeNetworkAcls: UnauthorizedOperation: no (request r-1)", "ask")


def flow(name: str, *unread: Unread) -> MatrixRow:
    return MatrixRow(name, "SG-MASTER", "a", "b", "tcp", "22", Verdict(unread=unread) if unread else ARRIVES)


def test_one_reason_is_told_once_with_its_flows_and_all_that_is_missing() -> None:
    acls = [Unread(f"acl-{number}", why=DENIED) for number in range(5)]
    flows = [flow("ssh", *acls[:2]), flow("ping"), flow("api", *acls[1:])]
    assert list(unknown_flows(flows, "apply")) == [
        Problem(
            "",
            "ssh (tcp 22) from a to b, api (tcp 22) from a to b: acl-0, acl-1, acl-2 and 2 more couldn't be read: "
            "DescribeNetworkAcls: UnauthorizedOperation: no (request r-1)",
            "ask",
        )
    ]


def test_reasons_are_told_apart() -> None:
    flows = [flow("ssh", Unread("acl-1", why=DENIED), Unread("pl-1"), Unread("vpce-1", "its policy has a condition"))]
    assert [
        (each.detail.removeprefix("ssh (tcp 22) from a to b: "), each.remedy) for each in unknown_flows(flows, "")
    ] == [
        ("acl-1 couldn't be read: DescribeNetworkAcls: UnauthorizedOperation: no (request r-1)", "ask"),
        ("pl-1 couldn't be read", PERMISSION),
        ("vpce-1: its policy has a condition", "look at vpce-1: nobody can tell from here"),
    ]


def test_subnets_that_are_not_there_come_with_an_apply() -> None:
    assert list(unknown_flows([flow("ssh", NO_SUBNETS)], "apply it")) == [
        Problem("", "ssh (tcp 22) from a to b: there are no subnets of the machines", "apply it")
    ]
