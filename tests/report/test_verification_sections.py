"""What a report has of a verification, read as a browser does."""

from __future__ import annotations

from dataclasses import replace

from ocpprov.checks.exposure import Exposures
from ocpprov.report.verified import kept, read_kept
from tests.report.runs import BEGAN
from tests.report.test_page import VERIFIED, rows, written
from tests.report.verifications import FOUND


def test_each_requirement_with_what_mends_it_and_its_evidence() -> None:
    _, root = written()
    assert rows(root, "requirements") == [
        ["NET-VPC", "pass", "a VPC with DNS support and DNS host names", "", "vpc-1, vpc-2"],
        ["LB-REACH", "fail", "<i>closed</i>", "open it aws one", ""],
        ["NET-S3", "unknown", "pl-1 couldn't be read", "give the permission", ""],
        ["DNS-ETCD", "not-applicable", "the plan doesn't ask for it", "", ""],
    ]
    assert root.id("requirements").text == (
        "Verification of 2026-01-02 03:03:20 UTC, before this run: 1 pass, 1 fail, 1 unknown, 1 not-applicable"
    )
    tones = [each.attributes["class"] for each in root.id("verification").all("span")]
    assert tones == ["good", "bad", "warn", "soft"]


def test_a_verification_after_the_run_began_says_so() -> None:
    _, root = written(verified=read_kept(kept(replace(FOUND, time=BEGAN))))
    assert ", after this run's beginning: " in root.id("requirements").text


def test_the_matrix_counts_the_flows_between_each_two() -> None:
    _, root = written()
    table = root.id("matrix").parent
    assert table
    titles = [each.text for each in table.all("th") if each.attributes["scope"] == "col"]
    assert titles == ["From", "to IntApiElb", "to ExtApiElb", "to S3Endpoint", "to 10.8.0.0/16"]
    assert rows(root, "matrix") == [
        ["compute", "no (1) yes (1)", "", "unknown", "yes"],
        ["bootstrap", "no", "", "", ""],
        ["internet", "", "no", "", ""],
        ["machine network", "", "yes", "", ""],
    ]


def test_each_pair_with_its_traffic_what_is_in_the_way_and_what_opens_it() -> None:
    _, root = written()
    closed = "acl-1's inbound entry 50 denies tcp 22623 from 10.0.64.0/20 (SUBNET_ACL_RESTRICTION)"
    below = "an inbound entry in acl-1 with a number below 50 that allows tcp 22623 from 10.0.64.0/20"
    configurations = "machine configurations (tcp 22623)"
    assert rows(root, "flows") == [
        [
            *("compute", "IntApiElb", "no", configurations),
            f"{closed}; sg-1 has no outbound rules (SG_HAS_NO_RULES); machine configurations in 1 of 2 pairs of "
            "subnets: subnet-2 to subnet-1 (eu-west-1b to eu-west-1a)",
            f"{below}; an outbound rule in sg-1 for tcp 22623 to 10.0.0.0/16 aws one aws two",
        ],
        ["bootstrap", "IntApiElb", "no", configurations, closed, below],
        [
            *("internet", "ExtApiElb", "no", "machine configurations (tcp 22623, must not arrive)"),
            *("machine configurations (tcp 22623) must not arrive, and does", ""),
        ],
        ["compute", "S3Endpoint", "unknown", "s3 (tcp 443)", "pl-1 couldn't be read", ""],
        ["compute", "IntApiElb", "yes", "API (tcp 6443)", "", ""],
        ["machine network", "ExtApiElb", "yes", "machine configurations (tcp 22623, kept out)", "", ""],
        ["compute", "10.8.0.0/16", "yes", "HTTPS (tcp 443)", "seen as far as tgw-1", ""],
    ]


def test_the_picture_says_how_many_and_what_its_lines_mean() -> None:
    _, root = written()
    assert root.id("reach").all("figcaption")[0].text == (
        "7 flows: 3 not as they should be, 1 not known, 3 as they should be. Thin lines: it arrives. Thick ones end "
        "with a cross where they are stopped, and go on dotted from there; dashed ones with a question mark aren't "
        "known."
    )
    assert root.id("reach-picture-title").text == (
        "Port matrix: 3 not as they should be, 1 not known, 3 as they should be"
    )


def test_without_a_verification_or_flows_it_says_so() -> None:
    _, root = written(verified=None)
    assert root.id("verification").text == "Verification No verification was run from this folder."
    assert not [each for each in root.all() if each.attributes.get("id") == "reach"]
    assert VERIFIED
    _, root = written(verified=replace(VERIFIED, flows=()))
    assert root.id("reach").text == "Port matrix No flows are known."


def test_what_is_open_beyond_need_stands_with_what_closes_it() -> None:
    _, root = written()
    rest = ["tcp 3306 from anywhere", "a database to everybody"]
    assert rows(root, "openings") == [
        ["sg-9 (Db)", *rest, "", "not of this plan", "aws ec2 close it"],
        ["sg-8", *rest, "tcp 22 from 10.0.0.0/16", "not of this plan", "aws ec2 close it"],
    ]
    assert root.id("openings").text == "2 openings that no requirement needs"
    assert [each.text for each in root.id("beyond-need").all("li")] == [
        "Known: egress is open",
        "Not judged: bucket x couldn't be read",
    ]


def test_where_nothing_is_open_beyond_need_it_says_so_and_where_nobody_judged_nothing() -> None:
    assert VERIFIED
    _, root = written(verified=replace(VERIFIED, exposures=Exposures()))
    assert root.id("beyond-need").text == "Open beyond need Nothing is open that no requirement needs."
    _, root = written(verified=replace(VERIFIED, exposures=Exposures(unread=["a bucket"])))
    assert "needs, as far as it could be judged." in root.id("beyond-need").text
    _, root = written(verified=replace(VERIFIED, exposures=None))
    assert not [each for each in root.all() if each.attributes.get("id") == "beyond-need"]


def test_the_flows_between_each_two_subnets_are_counted() -> None:
    _, root = written()
    assert rows(root, "subnets") == [["subnet-2", "1 of 2", ""], ["subnet-1", "", "1 of 1"]]
    table = root.id("subnets").parent
    assert table
    assert [each.text for each in table.all("th") if each.attributes["scope"] == "col"] == [
        *("From", "to subnet-1", "to subnet-2"),
    ]
    assert [each.attributes["class"] for each in table.all("span")] == ["bad", "good"]
    assert VERIFIED
    _, root = written(verified=replace(VERIFIED, subnets=()))
    assert not [each for each in root.all() if each.attributes.get("id") == "subnets"]
