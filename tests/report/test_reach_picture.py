"""The picture of the port matrix: each party, each hop, and a line of the right sort for each pair."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree.ElementTree import Element

from ocpprov.reachability.verdict import Verdict
from ocpprov.report.reach_picture import STYLE, reach_picture
from ocpprov.report.verified import shown_flow
from tests.report.verifications import CLOSED, FLOWS, flow


def drawn(flows: tuple[object, ...] = FLOWS) -> Element:
    return reach_picture([shown_flow(each) for each in FLOWS if each in flows], "Port matrix: some")


def classes(root: Element, tag: str) -> list[str]:
    return [each.attrib["class"] for each in root.iter(tag)]


def words(root: Element) -> list[str]:
    """Texts as they are seen, without tooltips."""
    return ["".join([each.text or "", *(inner.tail or "" for inner in each)]) for each in root.iter("text")]


def test_a_line_for_each_pair_and_what_becomes_of_it() -> None:
    paths = [(each.attrib["class"], each[0].text) for each in drawn().iter("path")]
    configurations = "machine configurations (tcp 22623)"
    assert paths == [
        ("yes", "compute to IntApiElb: API (tcp 6443)"),
        ("no", f"compute to IntApiElb: {configurations}"),
        ("lost", f"compute to IntApiElb: {configurations}"),
        ("no", f"bootstrap to IntApiElb: {configurations}"),
        ("lost", f"bootstrap to IntApiElb: {configurations}"),
        ("no", "internet to ExtApiElb: machine configurations (tcp 22623, must not arrive)"),
        ("no", "internet to ExtApiElb: machine configurations (tcp 22623, must not arrive)"),
        ("unknown", "compute to S3Endpoint: s3 (tcp 443)"),
        ("yes", "compute to 10.8.0.0/16: HTTPS (tcp 443)"),
    ]


def test_parties_stand_once_on_each_side_and_a_hop_once_for_all_that_it_stops() -> None:
    root = drawn()
    assert classes(root, "rect") == ["party"] * 3 + ["party"] * 4 + ["hop"] * 2
    assert words(root) == [
        *("compute", "bootstrap", "internet", "IntApiElb", "ExtApiElb", "S3Endpoint", "10.8.0.0/16"),
        *("✕", "acl-1", "inbound entry 50 denies tcp 22…"),
        *("✕", "machine configurations (tc…", "must not arrive, and does"),
        *("?", "from", "to", "in the way"),
    ]


def test_a_hop_that_stops_the_answer_is_named_once() -> None:
    stopped = flow("compute", "IntApiElb", Verdict((replace(CLOSED, reply=True),)))
    root = reach_picture([shown_flow(stopped)], "Port matrix: some")
    assert words(root)[2:5] == ["✕", "acl-1", "the answer: inbound entry 50 d…"]


def test_where_nothing_is_stopped_there_is_no_column_of_hops() -> None:
    root = drawn((FLOWS[0],))
    assert classes(root, "path") == ["yes"]
    assert words(root) == ["compute", "IntApiElb", "from", "to"]


def test_what_is_kept_out_is_no_line() -> None:
    assert classes(drawn((FLOWS[4],)), "path") == []


def test_lines_begin_and_end_at_boxes_and_none_is_outside() -> None:
    root = drawn()
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    boxes = [[float(each.attrib[name]) for name in ("x", "y", "width", "height")] for each in root.iter("rect")]
    assert all(min(x, y) > 0 and x + w < width and y + h < height for x, y, w, h in boxes)
    for path in root.iter("path"):
        numbers = [float(each) for each in re.findall(r"[0-9.]+", path.attrib["d"])]
        (x1, y1), (x2, y2) = numbers[:2], numbers[-2:]
        assert any(x1 == x + w and y < y1 < y + h for x, y, w, h in boxes)
        assert any(x2 == x and y < y2 < y + h for x, y, w, h in boxes)
    left, hop, right = sorted({(x, x + w) for x, _, w, _ in boxes})
    assert left[1] < hop[0]
    assert hop[1] < right[0]
    beside = [[each for each in boxes if each[0] == x] for x in {each[0] for each in boxes}]
    for column in beside:
        assert all(one[1] + one[3] < other[1] for one, other in pairwise(column))


def test_whoever_does_not_see_it_is_told() -> None:
    root = drawn()
    assert root.attrib["aria-describedby"] == root[1].attrib["id"]
    assert (root[0].tag, root[0].text) == ("title", "Port matrix: some")
    assert root[1].text == (
        "compute to IntApiElb: 1 as it should be. "
        "compute to IntApiElb: machine configurations (tcp 22623) stopped: acl-1's inbound entry 50 denies tcp 22623 "
        "from 10.0.64.0/20 (SUBNET_ACL_RESTRICTION); sg-1 has no outbound rules (SG_HAS_NO_RULES). "
        "bootstrap to IntApiElb: machine configurations (tcp 22623) stopped: acl-1's inbound entry 50 denies tcp 22623 "
        "from 10.0.64.0/20 (SUBNET_ACL_RESTRICTION). "
        "internet to ExtApiElb: machine configurations (tcp 22623, must not arrive). "
        "machine network to ExtApiElb: 1 as it should be. "
        "compute to S3Endpoint: s3 (tcp 443) not known. "
        "compute to 10.8.0.0/16: 1 as it should be."
    )


def test_each_class_has_a_look_on_a_light_and_on_a_dark_page() -> None:
    root = drawn()
    used = {name for tag in ("path", "rect") for name in classes(root, tag)}
    light, _, dark = STYLE.partition("@media")
    for name in used:
        assert f".reach .{name} {{" in light
        assert f".reach .{name} {{" in dark
