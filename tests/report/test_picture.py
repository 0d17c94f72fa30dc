"""The picture: all that the topology has, in boxes that lie in one another, and nothing that runs or loads."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest

from ocpprov.report.picture import STYLE, svg_document
from ocpprov.report.things import Thing
from ocpprov.report.topology import topology
from tests.report.examples import LIVE, LIVE_ENDPOINTS, PLANNED, ref

MANY: Final = [
    *PLANNED,
    *LIVE_ENDPOINTS,
    Thing("Edge", "AWS::ElasticLoadBalancingV2::LoadBalancer", {"Subnets": [ref("Outside")]}, (), "arn:edge"),
    Thing("Public", "AWS::Route53::HostedZone", {"Name": "example.net"}, (), "Z1"),
    Thing("Other", "AWS::Route53::HostedZone", {"Name": "example.org"}),
]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(things: list[Thing]) -> ElementTree.Element:
    return ElementTree.fromstring(svg_document(topology(things), "a <title> & more"))


def rectangles(root: ElementTree.Element) -> list[tuple[str, float, float, float, float]]:
    """Class, left, top, right, bottom."""
    found = []
    for each in root.iter(f"{SVG}rect"):
        x, y, width, height = (float(each.attrib[name]) for name in ("x", "y", "width", "height"))
        found.append((each.attrib["class"], x, y, x + width, y + height))
    return found


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


def test_it_says_all_that_the_topology_has() -> None:
    shown = texts(drawn(PLANNED))
    for expected in (
        "Internet", "Door", "VPC Net", "10.0.0.0/16 10.9.0.0/16", "eu-west-1a", "Outside", "public subnet 10.0.0.0/24",
        "Nat", "NAT gateway, public", "Inside", "out through Nat", "eu-west-1b", "Beside", "Api",
        "internal load balancer, ports 443", "Store", "s3 endpoint (Gateway)", "Hub", "peering with vpc-other", "Zone",
        "private DNS zone example.com", "api.example.com A",
    ):  # fmt: skip
        assert expected in shown, expected


def test_it_looks_as_somebody_has_looked_at() -> None:
    """Where that is meant to change: write it anew, and look at it in a browser, in a light and a dark theme."""
    expected = (Path(__file__).parent / "topology.svg").read_text()
    assert svg_document(topology(MANY), "A network") == expected


def test_ids_are_there_as_soon_as_they_are_known() -> None:
    shown = texts(drawn(LIVE))
    assert "10.0.0.0/16 vpc-1" in shown
    assert "igw-1" in shown
    assert "subnet-1" in shown


@pytest.mark.parametrize("things", [PLANNED, LIVE], ids=["planned", "live"])
def test_boxes_hold_one_another_or_stand_apart(things: list[Thing]) -> None:
    root = drawn(things)
    boxes = rectangles(root)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert all(0 <= left < right <= width and 0 <= top < bottom <= height for _, left, top, right, bottom in boxes)
    for one, other in combinations(boxes, 2):
        apart = one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]
        assert apart or holds(one, other) or holds(other, one), (one, other)


def holds(outer: tuple[str, float, float, float, float], inner: tuple[str, float, float, float, float]) -> bool:
    return outer[1] < inner[1] and outer[2] < inner[2] and inner[3] < outer[3] and inner[4] < outer[4]


def test_no_text_leaves_the_boxes_or_lies_on_another() -> None:
    root = drawn(PLANNED)
    rows = [(float(each.attrib["y"]), float(each.attrib["x"])) for each in root.iter(f"{SVG}text")]
    assert len(set(rows)) == len(rows)
    for (y, x), (other_y, other_x) in combinations(rows, 2):
        assert x != other_x or abs(y - other_y) >= 14


def test_a_long_name_is_cut_and_its_tooltip_has_all_of_it() -> None:
    name = "Subnet" * 12
    root = drawn([Thing("Net", "AWS::EC2::VPC"), Thing(name, "AWS::EC2::Subnet", {"VpcId": {"Ref": "Net"}})])
    cut = next(each for each in root.iter(f"{SVG}text") if "".join(each.itertext()).endswith("…"))
    title = cut.find(f"{SVG}title")
    assert title is not None
    assert title.text == name
    assert (title.tail or "")[:-1] == name[: len(title.tail or "") - 1]


def test_it_can_be_read_aloud() -> None:
    root = drawn(PLANNED)
    assert root.attrib["role"] == "img"
    by_id = {each.attrib["id"]: each.text for each in root.iter() if "id" in each.attrib}
    assert by_id[root.attrib["aria-labelledby"]] == "a <title> & more"
    assert "Zone eu-west-1b: Beside, private subnet 10.0.2.0/24." in str(by_id[root.attrib["aria-describedby"]])


def test_foreign_words_stay_words() -> None:
    nasty = '</svg><script>alert(1)</script>" onload="x\x1b[31m\u202e'
    document = svg_document(topology([Thing(nasty, "AWS::EC2::VPC", {"CidrBlock": nasty})]), nasty)
    root = ElementTree.fromstring(document)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "text", "line"}
    assert not any(name.startswith("on") or "href" in name for each in root.iter() for name in each.attrib)
    assert "\x1b" not in document
    assert "\u202e" not in document


def test_nothing_in_it_loads_anything() -> None:
    document = svg_document(topology(PLANNED), "x").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not any(word in document for word in ("http", "url(", "@import", "href", "<image", "<use"))


def test_every_class_has_a_colour_in_both_themes() -> None:
    light, _, dark = STYLE.partition("@media")
    classes = {each.attrib["class"] for each in drawn(PLANNED).iter() if each.tag in (f"{SVG}rect", f"{SVG}line")}
    assert len(classes) == 10
    assert all(f".{name} {{" in light and f".{name} {{" in dark for name in classes)
