"""What the port matrix says, as checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocpprov.checks.flow_checks import flow_checks
from ocpprov.checks.result import Check, Status
from ocpprov.engine.problem import Problem
from ocpprov.openshift.matrix_row import NO_SUBNETS, MatrixRow
from ocpprov.openshift.needed_services import NeededService
from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.placeholder_addresses import INTERNET
from ocpprov.reachability.spans import Share, Span, addresses
from ocpprov.reachability.verdict import ARRIVES, Direction, Obstacle, Unread, Verdict

HTTPS = Span(443, 443)
EC2 = "com.amazonaws.eu-west-1.ec2"


def row(verdict: Verdict, requirement: str = "NET-EC2", source: str = "compute", wanted: bool = True) -> MatrixRow:
    return MatrixRow(EC2, requirement, source, "vpce-1", "tcp", "443", verdict, wanted)


def stopped(
    code: ExplanationCode, component: str, direction: Direction = "ingress", rule: str = "", peers: Span | None = None
) -> Verdict:
    share = Share(peers or addresses("10.0.0.0/16"), HTTPS)
    return Verdict((Obstacle(code, component, direction, "tcp", share, rule),))


GROUP = stopped(ExplanationCode.ENI_SG_RULES_MISMATCH, "sg-1")
ACL = stopped(ExplanationCode.SUBNET_ACL_RESTRICTION, "acl-1", rule="*")
NO_WAY = stopped(ExplanationCode.NO_ROUTE_TO_DESTINATION, "rtb-1", "egress", peers=INTERNET)


@pytest.mark.parametrize(
    ("found", "id", "status"),
    [
        pytest.param(row(GROUP), "endpoint-admits", Status.FAIL, id="an endpoint's group"),
        pytest.param(
            row(stopped(ExplanationCode.SG_HAS_NO_RULES, "sg-1", "egress")),
            "endpoint-reach",
            Status.FAIL,
            id="the machines' group",
        ),
        pytest.param(row(NO_WAY, "NET-S3"), "endpoint-reach", Status.FAIL, id="a table without the endpoint"),
        pytest.param(row(NO_WAY, "NET-NAT"), "subnet-egress", Status.FAIL, id="a table without a way out"),
        pytest.param(row(ACL, "NET-NAT"), "subnet-egress", Status.WARN, id="an ACL on the way out"),
        pytest.param(row(ACL, "LB-REACH"), "reachability", Status.FAIL, id="an ACL inside"),
        pytest.param(row(GROUP, "SG-MASTER"), "reachability", Status.FAIL, id="a group between machines"),
        pytest.param(row(ARRIVES, "LB-REACH", wanted=False), "reachability", Status.FAIL, id="what must not arrive"),
        pytest.param(row(Verdict(unread=(Unread("acl-9"),))), "endpoint-reach", Status.UNKNOWN, id="an unread ACL"),
        pytest.param(
            row(Verdict(unread=(Unread("nat-9"),)), "NET-NAT"), "subnet-egress", Status.UNKNOWN, id="an unread NAT"
        ),
        pytest.param(
            row(Verdict(unread=(Unread("sg-9"),)), "LB-REACH"), "reachability", Status.UNKNOWN, id="an unread group"
        ),
        pytest.param(
            row(Verdict(unread=(Unread("members of sg-9"),))), "endpoint-admits", Status.WARN, id="members of a group"
        ),
    ],
)
def test_each_sort_has_its_check(found: MatrixRow, id: str, status: Status) -> None:
    [check] = flow_checks([found])
    assert (check.id, check.status, bool(check.remedy)) == (id, status, True)


@pytest.mark.parametrize(
    "fine",
    [row(ARRIVES), row(GROUP, wanted=False), row(Verdict(unread=(NO_SUBNETS,))), row(Verdict(beyond=("tgw-1",)))],
    ids=["arrives", "must not and doesn't", "no subnets", "out of sight"],
)
def test_what_is_as_it_should_be_is_no_check(fine: MatrixRow) -> None:
    assert list(flow_checks([fine])) == []


def test_one_thing_is_told_once_with_what_it_stops() -> None:
    rows = [row(GROUP, source=source) for source in ("control plane", "compute", "bootstrap", "others")]
    assert list(flow_checks(rows)) == [
        Check(
            "endpoint-admits",
            Status.FAIL,
            "sg-1 has no inbound rule for tcp 443 from 10.0.0.0/16 (ENI_SG_RULES_MISMATCH): stops "
            f"{EC2} (tcp 443) from control plane to vpce-1, {EC2} (tcp 443) from compute to vpce-1, "
            f"{EC2} (tcp 443) from bootstrap to vpce-1 and 1 more flows",
            "an inbound rule in sg-1 for tcp 443 from 10.0.0.0/16",
        )
    ]


@pytest.mark.parametrize(("told", "count"), [((), 1), (("acl-2",), 1), (("acl-1",), 0)])
def test_an_acl_that_was_named_already_is_not_named_again(told: Sequence[str], count: int) -> None:
    assert len(list(flow_checks([row(ACL)], told))) == count
    assert len(list(flow_checks([row(GROUP)], ("sg-1",)))) == 1


def test_what_must_not_arrive_is_told_with_its_way() -> None:
    [check] = flow_checks([row(ARRIVES, "LB-REACH", "internet", wanted=False)])
    assert check.detail == "tcp 443 gets from internet to vpce-1, and must not"


def test_what_could_not_be_read_is_told_once() -> None:
    unread = Verdict(unread=(Unread("acl-9"),))
    [check] = flow_checks([row(unread, source="control plane"), row(unread)])
    assert check.detail == (
        f"acl-9 couldn't be read, so nobody knows of {EC2} (tcp 443) from control plane to vpce-1, "
        f"{EC2} (tcp 443) from compute to vpce-1"
    )


def test_what_cannot_be_told_is_no_lack_of_permissions() -> None:
    undecided = Verdict(unread=(Unread("vpc-1", undecided="its machines ask 192.0.2.1"),))
    assert list(flow_checks([row(undecided)])) == [
        Check(
            "endpoint-reach",
            Status.UNKNOWN,
            f"vpc-1: its machines ask 192.0.2.1, so nobody knows of {EC2} (tcp 443) from compute to vpce-1",
            "look at vpc-1: nobody can tell from here",
        )
    ]


def test_what_aws_said_is_told_with_what_could_not_be_read() -> None:
    denied = Verdict(unread=(Unread("acl-9", why=Problem("", "AccessDenied: not you", "ask Ops")),))
    [check] = flow_checks([row(denied)])
    said = "acl-9 couldn't be read: AccessDenied: not you, so nobody knows of "
    assert (check.detail.startswith(said), check.remedy) == (True, "ask Ops")


def asked(server: str, verdict: Verdict, source: str = "compute") -> MatrixRow:
    return MatrixRow("name server", "NET-DHCP", source, server, "udp", "53", verdict)


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        pytest.param([asked("10.1.0.53", NO_WAY)], Status.FAIL, id="the only one"),
        pytest.param([asked("10.1.0.53", NO_WAY), asked("10.1.0.54", ARRIVES)], Status.WARN, id="one of two"),
        pytest.param(
            [asked("10.1.0.53", NO_WAY), asked("10.1.0.54", ARRIVES, "control plane")],
            Status.FAIL,
            id="another one of others",
        ),
        pytest.param([asked("10.1.0.53", NO_WAY), row(ARRIVES)], Status.FAIL, id="something else arrives"),
    ],
)
def test_a_name_server_out_of_reach_is_fatal_where_there_is_no_other(rows: list[MatrixRow], status: Status) -> None:
    [check] = flow_checks(rows)
    assert (check.id, check.status) == ("vpc-name-servers", status)


def test_the_remedy_is_a_command_where_there_is_one() -> None:
    [obstacle] = NO_WAY.obstacles
    told = replace(row(NO_WAY, "NET-NAT"), commands={obstacle: ("aws ec2 one", "aws ec2 two")})
    assert [check.remedy for check in flow_checks([told])] == ["aws ec2 one; aws ec2 two"]


def test_a_service_that_nothing_leads_to_is_warned_of_once() -> None:
    service = NeededService("ec2", EC2, lacking="vpc-1 has no endpoint of it", remedy="list ec2")
    rows = [replace(row(NO_WAY, "AIR-GAP", source), lacks=service) for source in ("control plane", "compute")]
    assert list(flow_checks(rows)) == [
        Check(
            "endpoint-reach",
            Status.WARN,
            f"nothing leads the machines to {EC2}: vpc-1 has no endpoint of it, and their tables have no way out",
            "list ec2",
        )
    ]
    assert list(flow_checks([replace(row(ARRIVES, "AIR-GAP"), lacks=service)])) == []
