"""JUnit's XML of a verification, read with a parser of XML and held against what Jenkins' xUnit plug-in admits."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element, fromstring

import pytest

from ocpprov.checks.exposure import Exposure, Exposures
from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.checks.verification_record import Verification, masked
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.reachability.verdict import ARRIVES
from ocpprov.report.junit import junit
from tests.report.verifications import EXPOSURES

HOLDS = RowResult("NET-VPC", RowStatus.PASS, ["vpc-1", "vpc-2"])
FLOWS = RowResult("SG-MASTER", RowStatus.PASS, [], "2 flows as they should be")
FAILS = RowResult("LB-REACH", RowStatus.FAIL, ["sg-1"], "sg-1 is closed", "open it")
UNKNOWN = RowResult("NET-S3", RowStatus.UNKNOWN, [], "pl-1 couldn't be read", "give the permission")
NOT_ASKED = RowResult("DNS-ETCD", RowStatus.NOT_APPLICABLE, detail="the plan doesn't ask for it")
API: Final = MatrixRow("API", "LB-REACH", "compute", "IntApiElb", "tcp", "6443", ARRIVES)
OUTSIDE: Final = MatrixRow(
    "machine configurations", "LB-REACH", "internet", "ExtApiElb", "tcp", "22623", ARRIVES, wanted=False
)
FOUND: Final = Verification("prod", 1_790_000_000.5, 3.25, [HOLDS, FLOWS, FAILS, UNKNOWN, NOT_ASKED], [API, OUTSIDE])

_TEXT: Final = (frozenset({"message", "type"}), frozenset[str]())
ADMITTED: Final = {
    "testsuites": (frozenset({"name", "time", "tests", "failures", "errors"}), frozenset({"testsuite"})),
    "testsuite": (
        frozenset({"name", "time", "tests", "failures", "errors", "skipped", "timestamp"}),
        frozenset({"testcase", "system-out"}),
    ),
    "testcase": (
        frozenset({"classname", "name", "time"}),
        frozenset({"failure", "error", "skipped", "system-out"}),
    ),
    "failure": _TEXT,
    "error": _TEXT,
    "skipped": _TEXT,
    "system-out": (frozenset[str](), frozenset[str]()),
}
"""Attributes and elements in each element, as far as ours are among them: junit-10.xsd of the plug-in
(github.com/jenkinsci/xunit-plugin, org/jenkinsci/plugins/xunit/types/model/xsd)."""
_TIME: Final = re.compile(r"[0-9]+\.[0-9]*")
"""As far as its SUREFIRE_TIME goes."""


def read(found: Verification = FOUND) -> Element:
    """The suites; fails for what the plug-in wouldn't take."""
    root = fromstring(junit(found).encode())
    for each in root.iter():
        attributes, children = ADMITTED[each.tag]
        assert set(each.keys()) <= attributes
        assert {child.tag for child in each} <= children
    for each in (root, *root.iter("testsuite")):
        assert _TIME.fullmatch(each.attrib["time"])
    return root


def case(row: RowResult, found: Verification = FOUND) -> Element:
    (made,) = read(replace(found, rows=[row])).iter("testcase")
    return made


def test_the_suite_counts_and_says_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    root = read()
    monkeypatch.undo()
    time.tzset()
    (suite,) = root
    assert suite.attrib == {
        "name": "verify prod",
        "timestamp": "2026-09-21T14:13:20",
        "time": "3.250",
        "tests": "5",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }
    assert root.attrib == {"name": "verify", "time": "3.250", "tests": "5", "failures": "1", "errors": "1"}


@pytest.mark.parametrize(
    ("row", "tag", "attributes", "text"),
    [
        (FAILS, "failure", {"message": "sg-1 is closed", "type": "fail"}, "sg-1 is closed\n-> open it"),
        (
            UNKNOWN,
            "error",
            {"message": "pl-1 couldn't be read", "type": "unknown"},
            "pl-1 couldn't be read\n-> give the permission",
        ),
        (NOT_ASKED, "skipped", {"message": "the plan doesn't ask for it"}, None),
    ],
    ids=["fail", "unknown", "not-applicable"],
)
def test_a_row_that_does_not_pass_says_why(
    row: RowResult, tag: str, attributes: dict[str, str], text: str | None
) -> None:
    (made,) = (each for each in case(row, replace(FOUND, flows=())) if each.tag != "system-out")
    assert (made.tag, made.attrib, made.text) == (tag, attributes, text)


def test_a_row_that_passes_has_its_evidence_alone() -> None:
    made = case(HOLDS)
    assert made.attrib == {
        "classname": "ocpprov.verify.prod",
        "name": "NET-VPC: a VPC with DNS support and DNS host names",
        "time": "0",
    }
    assert [(each.tag, each.text) for each in made] == [("system-out", "evidence: vpc-1, vpc-2")]
    assert [each.text for each in case(FLOWS)] == ["2 flows as they should be"]


def test_the_flows_of_a_row_stand_with_it() -> None:
    (told,) = case(FAILS).iter("system-out")
    assert (told.text or "").splitlines() == [
        "evidence: sg-1",
        "yes: API (tcp 6443) from compute to IntApiElb",
        "no: machine configurations (tcp 22623) from internet to ExtApiElb, which must not arrive",
    ]


def test_whatever_others_wrote_it_is_xml() -> None:
    nasty = 'a\x00\x1b[31m<b>&"]]>\u202e\ud800\ufffe\r\nb'
    shown = 'a\\x00\\x1b[31m<b>&"]]>\\u202e\\ud800\\ufffe\\x0d\\x0ab'
    made = case(RowResult("LB-REACH", RowStatus.FAIL, [nasty], nasty, nasty), replace(FOUND, subject=nasty, flows=()))
    (wrong,) = made.iter("failure")
    assert (wrong.attrib["message"], wrong.text) == (shown, f"{shown}\n-> {shown}")
    assert [each.text for each in made.iter("system-out")] == [f"evidence: {shown}"]
    assert made.attrib["classname"] == f"ocpprov.verify.{shown}"


def test_what_is_not_to_be_shown_is_masked_everywhere() -> None:
    flow = replace(API, name="10.9.8.0/24", source="10.9.8.0/24", target="10.9.8.0/24")
    row = replace(FAILS, evidence=["10.9.8.0/24"], detail="to 10.9.8.0/24", remedy="open 10.9.8.0/24")
    row = replace(row, commands=("aws 10.9.8.0/24",))
    opened = Exposure(*["to 10.9.8.0/24"] * 7)
    found = Verification("10.9.8.0/24", 0.0, 0.0, [row], [flow], Exposures([opened], ["10.9.8.0/24"], ["10.9.8.0/24"]))
    assert masked(found, SecretTexts({"Block": ["10.9.8.0/24"]})) == Verification(
        "****",
        0.0,
        0.0,
        [replace(row, evidence=["****"], detail="to ****", remedy="open ****", commands=("aws ****",))],
        [replace(flow, name="****", source="****", target="****")],
        Exposures([Exposure(*["to ****"] * 7)], ["****"], ["****"]),
    )


def test_what_is_open_beyond_need_is_output_of_the_suite() -> None:
    (suite,) = read(replace(FOUND, exposures=EXPOSURES))
    assert (suite[-1].tag, (suite[-1].text or "").splitlines()) == (
        "system-out",
        [
            "open beyond need: sg-9 (Db): tcp 3306 from anywhere; lays open a database to everybody; not of this plan "
            "-> aws ec2 close it",
            "open beyond need: sg-8: tcp 3306 from anywhere; lays open a database to everybody; needed: tcp 22 from "
            "10.0.0.0/16; not of this plan -> aws ec2 close it",
            "known: egress is open",
            "not judged: bucket x couldn't be read",
        ],
    )
    (suite,) = read(replace(FOUND, exposures=Exposures()))
    assert suite[-1].text == "nothing is open that no requirement needs"
    (suite,) = read()
    assert suite[-1].tag == "testcase"
