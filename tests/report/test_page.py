"""The page, read as a browser does: whole, safe, and fit for whoever hears it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.report.history import History
from ocpprov.report.page import page, verification_page
from ocpprov.report.page_sections import Checks
from ocpprov.report.verified import ShownVerification, kept, read_kept
from tests.report.runs import BEGAN, GONE, HEAD, HISTORY
from tests.report.verifications import FOUND

CHECKS = Checks(BEGAN - 60, [{"id": "zones", "status": "fail", "detail": "<i>none</i>", "remedy": "name others"}])
VERIFIED = read_kept(kept(FOUND))
VOID = {"meta", "link", "br", "img", "input", "hr"}


@dataclass
class Node:
    """An element of a page."""

    tag: str
    attributes: dict[str, str]
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    own: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join([*self.own, *(f" {each.text}" for each in self.children)]).split())

    def all(self, tag: str = "") -> list[Node]:
        inner = [found for each in self.children for found in each.all(tag)]
        return [self, *inner] if tag in ("", self.tag) else inner

    def id(self, id: str) -> Node:
        return next(each for each in self.all() if each.attributes.get("id") == id)


class Reader(HTMLParser):
    """A tree of a page; an end that doesn't fit fails."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = self.at = Node("", {})
        self.feed(text)
        self.close()
        assert self.at is self.root, f"{self.at.tag} isn't closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        made = Node(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(made)
        self.at = self.at if tag in VOID else made

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.at.tag
        assert self.at.parent
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.own.append(data)


def written(
    history: History = HISTORY, checks: Checks | None = CHECKS, verified: ShownVerification | None = VERIFIED
) -> tuple[str, Node]:
    text = page(history, KINDS, "0.2.0", checks, verified)
    return text, Reader(text).root


def rows(root: Node, caption: str) -> list[list[str]]:
    table = root.id(caption).parent
    assert table is not None
    cells = [[cell.text for cell in row.children] for row in table.all("tr")]
    assert len({len(each) for each in cells}) == 1
    return cells[1:]


def test_it_is_whole_and_loads_nothing() -> None:
    text, root = written()
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    tags = {each.tag for each in root.all()}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "base", "form", "video", "use"})
    for node in root.all():
        assert not any(name.startswith("on") or name in ("src", "srcset", "action") for name in node.attributes)
        assert "url(" not in node.attributes.get("style", "")
    style = "".join(each.text for each in root.all("style"))
    assert not re.search(r"url\(|@import|@font-face|http", style)
    policy = next(each for each in root.all("meta") if each.attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy.attributes["content"].startswith("default-src 'none'; style-src 'unsafe-inline';")


def test_links_lead_into_the_page_or_to_the_console_of_its_region() -> None:
    _, root = written()
    links = [each.attributes for each in root.all("a")]
    ids = {each.attributes["id"] for each in root.all() if "id" in each.attributes}
    inner = [each["href"][1:] for each in links if each["href"].startswith("#")]
    outer = [each for each in links if not each["href"].startswith("#")]
    assert set(inner) <= ids
    assert len(inner) == 11
    assert len(outer) == 4
    assert all(each["href"].startswith("https://eu-west-1.console.aws.amazon.com/vpcconsole/") for each in outer)
    assert all(each["rel"] == "noopener noreferrer" for each in outer)


@pytest.mark.parametrize("changes", [{"sandbox": True}, {"region": "us-iso-east-1"}], ids=str)
def test_there_are_no_links_where_there_is_no_console(changes: dict[str, object]) -> None:
    _, root = written(replace(HISTORY, head=replace(HEAD, **changes)))  # type: ignore[arg-type]
    assert all(each.attributes["href"].startswith("#") for each in root.all("a"))
    assert ("SANDBOX" in root.text) == ("sandbox" in changes)


def test_ids_are_unique_and_what_is_named_by_one_is_there() -> None:
    _, root = written()
    ids = [each.attributes["id"] for each in root.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for node in root.all():
        for name in ("aria-labelledby", "aria-describedby"):
            assert node.attributes.get(name, ids[0]) in ids


def test_it_can_be_walked_through_without_eyes() -> None:
    _, root = written()
    assert [len(root.all(tag)) for tag in ("h1", "main", "header", "nav", "footer")] == [1, 1, 1, 1, 1]
    headings = [int(each.tag[1]) for each in root.all() if re.fullmatch("h[1-6]", each.tag)]
    assert headings[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(headings))
    assert [each.text for each in root.all("h2")] == [
        "Summary",
        "Topology",
        "Time line",
        "Resources",
        "Preflight",
        "Verification",
        "Port matrix",
        "Open beyond need",
        "What others have in it",
        "Changing calls",
    ]
    for table in root.all("table"):
        assert table.children[0].tag == "caption"
        assert table.children[0].text
        assert all(each.attributes["scope"] in ("col", "row") for each in table.all("th"))
        roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
        assert all(each.attributes["role"] == roles[each.tag] for each in table.all() if each.tag in roles)
        titles = [each.text for each in table.all("th") if each.attributes["scope"] == "col"]
        for row in table.all("tbody")[0].children:
            assert [each.attributes["data-label"] for each in row.all("td")] == titles[1:]
        assert table.parent
        assert table.parent.attributes["tabindex"] == "0"
    assert all(each.attributes.get("role") == "img" for each in root.all("svg"))


def test_the_summary() -> None:
    _, root = written()
    names = [each.text for each in root.id("summary").all("dt")]
    values = [each.text for each in root.id("summary").all("dd")]
    assert dict(zip(names, values, strict=True)) == {
        "Outcome": "failed, or was interrupted",
        "Begun": "2026-01-02 03:04:05 UTC",
        "Took": "1 min 31 s",
        "Account": "123456789012",
        "Region": "eu-west-1",
        "Cluster": "prod.example.com",
        "Run": HEAD.run,
        "Command": "ocpprov apply lab.yaml",
        "Done": "4 created",
        "Resources": "4 exist",
        "Calls": "3 that change, 7 that only read",
    }
    assert rows(root, "failures") == [["InRoute", "AWS::EC2::Route", "AWS said <no>"]]


def test_the_time_line_marks_the_longest_chain() -> None:
    _, root = written()
    assert [each.text for each in root.id("timeline").all("li")] == [
        "Net: created in 1.0 s",
        "Outside: created in 2.0 s",
        "Nat: created in 1 min 27 s",
    ]
    assert [each[:4] for each in rows(root, "steps")] == [
        ["Net longest chain", "created", "0.00", "1.00"],
        ["Door", "created", "1.00", "1.00"],
        ["Outside longest chain", "created", "1.00", "2.00"],
        ["Nat longest chain", "created", "3.00", "87.00"],
        ["InTable: 1 route", "failed", "4.00", "1.00"],
    ]
    bars = [each.attributes["style"] for each in root.all("div") if each.attributes.get("class") == "bar"]
    assert bars[3] == "margin-left:3.30%;width:95.60%"


def test_a_chain_of_two_is_one_and_a_single_step_is_none() -> None:
    _, root = written(replace(HISTORY, events=HISTORY.events[:4]))
    assert [each.text for each in root.id("timeline").all("li")] == [
        "Net: created in 1.0 s",
        "Outside: created in 2.0 s",
    ]
    _, root = written(replace(HISTORY, events=HISTORY.events[:2]))
    assert root.id("timeline").all("li") == []
    assert "longest chain" not in root.id("timeline").text.casefold()


def test_a_run_that_changed_nothing() -> None:
    _, root = written(replace(HISTORY, events=HISTORY.events[-1:]))
    assert root.id("timeline").text == "Time line Nothing was changed."


def test_what_is_wide_scrolls_in_a_place_of_its_own_that_keys_reach() -> None:
    _, root = written()
    wide = [each for each in root.all("div") if each.attributes.get("class") == "wide"]
    assert [each.children[0].tag for each in wide].count("svg") == 2
    assert len(wide) == 2 + len(root.all("table"))
    for each in wide:
        assert (each.attributes["tabindex"], each.attributes["role"]) == ("0", "region")
        assert "aria-label" in each.attributes or "aria-labelledby" in each.attributes


def test_cells_look_like_their_columns() -> None:
    _, root = written()
    found = {}
    names = (
        "failures",
        "steps",
        "counts",
        "resources-network",
        "checks",
        "requirements",
        "flows",
        "openings",
        "additions",
    )
    for name in (*names, "evidence"):
        table = root.id(name).parent
        assert table
        rows = [[each.attributes.get("class", "") for each in row.children] for row in table.all("tr")]
        assert rows[0] == rows[1]
        found[name] = rows[0]
    assert found == {
        "failures": ["", "", "text"],
        "steps": ["", "", "number", "number", "track"],
        "counts": ["", "number"],
        "resources-network": ["text", "", "id", ""],
        "checks": ["", "", "text", "text"],
        "requirements": ["", "", "text", "text", "id"],
        "flows": ["", "", "", "text", "text", "text"],
        "openings": ["", "text", "text", "text", "", "text"],
        "additions": ["", "text", ""],
        "evidence": ["", "text", "time", "", "number", "id"],
    }


def test_a_step_that_waited_for_more_than_the_one_before_says_so() -> None:
    late = [replace(each, time=each.time + 7) if each.resource == "Nat" else each for each in HISTORY.events]
    _, root = written(replace(HISTORY, events=late))
    assert root.id("timeline").all("li")[2].text == "Nat: created in 1 min 27 s, after 7.0 s more of waiting"


def test_the_resources_with_ids_and_counts() -> None:
    _, root = written()
    assert rows(root, "counts") == [
        ["AWS::EC2::InternetGateway", "1"],
        ["AWS::EC2::NatGateway", "1"],
        ["AWS::EC2::Subnet", "1"],
        ["AWS::EC2::VPC", "1"],
    ]
    assert root.id("counts").text == "4 resources exist, of 4 types"
    network = rows(root, "resources-network")
    assert ["Nat", "EC2::NatGateway", "nat-1", "created"] in network
    assert ["InRoute", "EC2::Route", "", "failed"] in network
    assert rows(root, "resources-dns") == [
        ["Zone", "Route53::HostedZone", "", "not begun"],
        ["Name", "Route53::RecordSet", "", "not begun"],
    ]


def test_every_changing_call_is_there_with_its_request_id() -> None:
    _, root = written()
    assert rows(root, "evidence") == [
        ["ec2:CreateVpc", "Net", "2026-01-02 03:04:05", "200", "0.25", "req-1"],
        [
            "ec2:CreateRoute (attempt 2)",
            "InRoute and 2 more",
            "2026-01-02 03:04:09",
            "400 RouteAlreadyExists",
            "0.50",
            "req-2",
        ],
        ["ec2:CreateTags", "", "2026-01-02 03:04:10", "ReadTimeoutError", "60.00", "none: no answer came"],
    ]
    assert root.id("evidence").text == "3 calls that may have changed something, 2 of them without success"


def test_checks_and_others_as_they_were_said() -> None:
    text, root = written()
    assert rows(root, "checks") == [["zones", "fail", "<i>none</i>", "name others"]]
    assert root.id("checks").text == "Preflight of 2026-01-02 03:03:05 UTC, before this run: 1 check"
    assert rows(root, "additions") == [["Net", 'a subnet of <b onclick="x">others</b>', "stays"]]
    assert "<b onclick" not in text
    assert "<i>" not in text


def test_without_them_it_says_so() -> None:
    _, root = written(replace(HISTORY, head=replace(HEAD, others=()), calls=()), None)
    assert root.id("preflight").text == "Preflight No preflight was run from this folder."
    assert root.id("others").text.endswith("Nothing of others was found in what is the plan's.")
    assert root.id("calls").text.endswith("The log has no call of this run that may have changed something.")


def test_an_unproven_claim_is_told() -> None:
    last = replace(HISTORY.events[-1], detail={"ok": True, "unproven": [{"id": "vpc-9", "type": "AWS::EC2::VPC"}]})
    _, root = written(replace(HISTORY, events=[*HISTORY.events[:-1], last]))
    assert rows(root, "additions")[1] == [
        "vpc-9",
        "AWS::EC2::VPC: carries this plan's tags, and nothing shows that it is the plan's",
        "stays",
    ]
    assert root.id("summary").all("dd")[0].text == "done"


def test_a_destroy_that_was_killed() -> None:
    _, root = written(GONE, None)
    assert root.id("summary").all("dd")[0].text == (
        "the run didn't say its end; the last that is known is of 2026-01-02 03:04:06 UTC"
    )
    assert root.all("figcaption")[0].text == "What was there before it went."
    assert ["Net", "EC2::VPC", "vpc-1", "begun, not ended"] in rows(root, "resources-network")
    assert root.id("counts").text == "2 resources exist, of 2 types"


def test_a_run_of_an_earlier_version() -> None:
    head = replace(HEAD, complete=False, version="")
    _, root = written(replace(HISTORY, head=head, events=HISTORY.events[:-1]))
    assert root.id("topology").text == "Topology This run kept no picture."
    assert "not known: an earlier version ran" in root.id("summary").text


def test_foreign_words_stay_words_everywhere() -> None:
    nasty = '</td></title></style><script>x</script>" onload="y\x1b[31m\u202e\x00'
    things = [replace(each, properties={**each.properties, "CidrBlock": nasty}, id=nasty) for each in HEAD.things]
    head = replace(
        HEAD, plan=nasty, command=nasty, account=nasty, region=nasty, cluster=nasty, version=nasty, things=things
    )
    calls = [
        replace(HISTORY.calls[0], operation=nasty, request_id=nasty, error_code=nasty, status=500, resources=[nasty])
    ]
    events = [replace(each, id=nasty) for each in HISTORY.events]
    checks = Checks(BEGAN, [dict.fromkeys(("id", "status", "detail", "remedy"), nasty)])
    text, root = written(History(head, events, calls), checks)
    assert root.all("script") == []
    assert not any(name.startswith("on") for each in root.all() for name in each.attributes)
    assert not set(text) & {"\x1b", "\u202e", "\x00"}
    assert len(root.all("style")) == 1


@pytest.mark.parametrize("exposed", [True, False])
def test_a_page_on_a_verification_alone(*, exposed: bool) -> None:
    found = read_kept(kept(FOUND if exposed else replace(FOUND, exposures=None)))
    assert found
    text = verification_page("vpc-1<b>", found, "0.2.0")
    root = Reader(text).root
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert root.all("h1")[0].text == "Verification of vpc-1<b>"
    assert root.all("title")[0].text == "Verification of vpc-1<b>, 2026-01-02 03:03:20 UTC"
    assert [each.text for each in root.all("h2")] == [
        *("Verification", "Port matrix"),
        *(["Open beyond need"] if exposed else []),
    ]
    counts = "1 pass, 1 fail, 1 unknown, 1 not-applicable"
    assert root.id("requirements").text == f"Verification of 2026-01-02 03:03:20 UTC: {counts}"
    assert root.all("footer")[0].text == "Made by ocpprov 0.2.0."
    assert [each.attributes["href"] for each in root.all("nav")[0].all("a")] == [
        *("#verification", "#reach"),
        *(["#beyond-need"] if exposed else []),
    ]
