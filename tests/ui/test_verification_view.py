"""Requirements for a reader."""

from __future__ import annotations

import pytest

from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.verification_view import verification_lines

HOLDS = RowResult("NET-VPC", RowStatus.PASS, ["vpc-1"])
FLOWS = RowResult("SG-MASTER", RowStatus.PASS, detail="2 flows as they should be")
FAILS = RowResult("NET-NAT", RowStatus.FAIL, [], "NAT isn't there", "ocpprov apply prod.yaml")
UNKNOWN = RowResult("LB-REACH", RowStatus.UNKNOWN, [], "acl-1 couldn't be read", "give the permission")
NOT_ASKED = RowResult("DNS-ETCD", RowStatus.NOT_APPLICABLE, [], "the plan doesn't ask for it")


def test_each_row_has_a_line_and_what_mends_it_beneath() -> None:
    assert list(verification_lines([HOLDS, FLOWS, FAILS, UNKNOWN, NOT_ASKED])) == [
        Line("  pass            NET-VPC            a VPC with DNS support and DNS host names"),
        Line("  pass            SG-MASTER          2 flows as they should be"),
        Line("  fail            NET-NAT            NAT isn't there", Tone.DANGER),
        Line("                  -> ocpprov apply prod.yaml", Tone.ASIDE),
        Line("  unknown         LB-REACH           acl-1 couldn't be read", Tone.CHANGE),
        Line("                  -> give the permission", Tone.ASIDE),
        Line("  not-applicable  DNS-ETCD           etcd's names", Tone.ASIDE),
        Line("not as it should be: 1 of 4 requirements fail", Tone.DANGER),
    ]


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ([HOLDS, NOT_ASKED], Line("as it should be: 1 requirements", Tone.GOOD)),
        ([HOLDS, UNKNOWN], Line("nothing fails, and 1 of 2 requirements are unknown", Tone.CHANGE)),
        ([FAILS, UNKNOWN], Line("not as it should be: 1 of 2 requirements fail", Tone.DANGER)),
    ],
)
def test_the_last_line_says_how_many_hold(rows: list[RowResult], last: Line) -> None:
    assert list(verification_lines(rows))[-1] == last


def test_a_row_is_within_eighty_columns_and_what_is_pasted_is_whole() -> None:
    detail = "acl-1's inbound entry 50 denies tcp 22623 from 10.0.64.0/20: stops machine configurations"
    change = "an inbound entry in acl-1 with a number below 50 that allows tcp 22623 from 10.0.64.0/20"
    command = "ocpprov apply a/folder/with/a/long/name/prod.yaml --profile somebody --dir elsewhere"
    rows = [
        RowResult("SG-MASTER-INGRESS", RowStatus.FAIL, [], detail, change),
        RowResult("LB-EXT", RowStatus.FAIL, [], "gone", command),
    ]
    assert list(verification_lines(rows))[:-1] == [
        Line("  fail            SG-MASTER-INGRESS  acl-1's inbound entry 50 denies tcp 22623", Tone.DANGER),
        Line("                    from 10.0.64.0/20: stops machine configurations", Tone.DANGER),
        Line("                  -> an inbound entry in acl-1 with a number below 50 that", Tone.ASIDE),
        Line("                    allows tcp 22623 from 10.0.64.0/20", Tone.ASIDE),
        Line("  fail            LB-EXT             gone", Tone.DANGER),
        Line(f"                  -> {command}", Tone.ASIDE),
    ]


def test_commands_stand_whole_on_lines_of_their_own() -> None:
    long = f"aws ec2 create-route --route-table-id {'rtb-1' * 20} --region eu-west-1"
    row = RowResult("NET-NAT", RowStatus.FAIL, [], "no route", "a route", [long, "aws ec2 x"])
    assert [line.text for line in verification_lines([row])][1:4] == [
        "                  -> a route",
        f"                  -> {long}",
        "                  -> aws ec2 x",
    ]
