"""A topology as a picture: SVG, with colours for a light and for a dark page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar
from xml.etree.ElementTree import Element

from ocpprov.report.drawing import LETTER, drawn, fitted, label, rect, wire
from ocpprov.report.markup import as_xml, raw_style
from ocpprov.report.topology import BalancerPart, DnsPart, Item, SubnetPart, Topology, VpcPart, ZonePart, told

T = TypeVar("T")

_COLUMN: Final = 252
_GAP: Final = 12
_PAD: Final = 14
_LINE: Final = 16

STYLE: Final = """
.topology { font: 12px system-ui, sans-serif; }
.topology text { fill: #1b1f24; }
.topology .name { font-weight: 600; }
.topology .aside { fill: #505a66; }
.topology .box { fill: #ffffff; stroke: #8a94a0; }
.topology .vpc { fill: #f4f6f9; stroke: #3b5b92; stroke-width: 2; }
.topology .zone { fill: #e9edf3; stroke: #6b7785; stroke-dasharray: 5 4; }
.topology .public { fill: #e3f3e3; stroke: #3c7a3c; }
.topology .private { fill: #e4ecfa; stroke: #3b5b92; }
.topology .existing { fill: #eceef0; stroke: #6b7785; }
.topology .gateway { fill: #fff1d6; stroke: #93640a; }
.topology .balancer { fill: #f0e6f8; stroke: #6d3b92; }
.topology .endpoint { fill: #e1f2f4; stroke: #1d6a75; }
.topology .dns { fill: #fbe9ea; stroke: #a03a44; }
.topology .wire { stroke: #505a66; stroke-width: 2; fill: none; }
@media screen and (prefers-color-scheme: dark) {
  .topology text { fill: #eef1f5; }
  .topology .aside { fill: #b4bdc8; }
  .topology .box { fill: #20262e; stroke: #8a94a0; }
  .topology .vpc { fill: #171c22; stroke: #7fa2dd; }
  .topology .zone { fill: #1f252d; stroke: #8a94a0; }
  .topology .public { fill: #1d3320; stroke: #79bd7b; }
  .topology .private { fill: #1b2a44; stroke: #7fa2dd; }
  .topology .existing { fill: #2a2f36; stroke: #8a94a0; }
  .topology .gateway { fill: #3a2c10; stroke: #dba94a; }
  .topology .balancer { fill: #31213f; stroke: #be93e0; }
  .topology .endpoint { fill: #123237; stroke: #6fc2ce; }
  .topology .dns { fill: #3d1f23; stroke: #e58d96; }
  .topology .wire { stroke: #b4bdc8; }
}
"""


def svg_document(shown: Topology, title: str) -> str:
    """The picture as a file of its own."""
    root = picture(shown, title)
    root.set("xmlns", "http://www.w3.org/2000/svg")
    background = "svg { background: #ffffff; }\n"
    dark = "@media screen and (prefers-color-scheme: dark) { svg { background: #0f1318; } }\n"
    root.insert(2, raw_style(f"{STYLE}{background}{dark}"))
    return as_xml(root) + "\n"


def picture(shown: Topology, title: str, prefix: str = "picture") -> Element:
    """The picture as an element of a page that has `STYLE`; ids in it begin with `prefix`."""
    columns = max([2, *(len(vpc.zones) for vpc in shown.vpcs)])
    width = columns * (_COLUMN + _GAP) + _GAP + 2 * _PAD
    drawing = _Drawing(width)
    for vpc in shown.vpcs:
        drawing.vpc(vpc)
    drawing.dns(shown.dns)
    height = max(drawing.y, 1)
    return drawn("topology", prefix, title, " ".join(told(shown)), width, height, drawing.parts)


@dataclass
class _Drawing:
    """Draws from the top down; `y` is where the next thing begins."""

    width: float
    parts: list[Element] = field(default_factory=list)
    y: float = _PAD

    def vpc(self, vpc: VpcPart) -> None:
        if vpc.internet:
            self._internet(vpc.internet)
        top, outer = self.y, len(self.parts)
        self.y += _PAD + _LINE
        head = vpc.item.name if "vpc" in vpc.item.name.casefold() else f"VPC {vpc.item.name}"
        self._text(2 * _PAD, self.y - 2, head, "name", self.width - 4 * _PAD)
        aside = " ".join(filter(None, [vpc.item.detail, vpc.item.id]))
        self._text(2 * _PAD + len(head) * LETTER * 1.2 + 12, self.y - 2, aside, "aside", self.width / 2)
        self.y += _GAP
        self._bars([each for each in vpc.balancers if each.external], vpc.zones)
        self._zones(vpc.zones)
        self._bars([each for each in vpc.balancers if not each.external], vpc.zones)
        self._grid(vpc.endpoints, "endpoint")
        self._grid(vpc.links, "gateway")
        self.y += _PAD - _GAP
        self.parts.insert(outer, rect(_PAD, top, self.width - 2 * _PAD, self.y - top, "vpc"))
        self.y += _GAP * 2

    def dns(self, zones: Sequence[DnsPart]) -> None:
        for row in _rows(zones, 2):
            each_width = (self.width - 2 * _PAD - _GAP) / 2
            height = max(_tall(2 + bool(zone.item.id) + len(zone.records)) for zone in row)
            for index, zone in enumerate(row):
                x = _PAD + index * (each_width + _GAP)
                lines = [*_lines(zone.item), *((record, "aside") for record in zone.records)]
                self._box(x, each_width, height, "dns", zone.item.name, lines)
            self.y += height + _GAP

    def _internet(self, gateways: Sequence[Item]) -> None:
        box, middle = 120, self.width / 2
        self.parts.append(rect(middle - box / 2, self.y, box, 26, "box", 13))
        self.parts.append(label(middle, self.y + 17, "Internet", "name", middle=True))
        start = self.y + 26
        self.y = start + 14
        for row in _rows(gateways, 2):
            for index, gateway in enumerate(row):
                x = middle - _COLUMN / 2 + (index - (len(row) - 1) / 2) * (_COLUMN + _GAP)
                self.parts.append(wire(middle, start, x + _COLUMN / 2, self.y))
                height = _tall(1 + len(_lines(gateway)))
                self._box(x, _COLUMN, height, "gateway", gateway.name, _lines(gateway))
                bottom = self.y + height
                self.parts.append(wire(x + _COLUMN / 2, bottom, x + _COLUMN / 2, bottom + 14))
            self.y += max(_tall(1 + len(_lines(each))) for each in row) + 14

    def _zones(self, zones: Sequence[ZonePart]) -> None:
        if not zones:
            return
        top = self.y
        rows = max(len(zone.subnets) for zone in zones)
        heights = [
            max((_height(zone.subnets[row]) for zone in zones if row < len(zone.subnets)), default=0)
            for row in range(rows)
        ]
        height = 28 + sum(heights) + _GAP * rows
        for index, zone in enumerate(zones):
            x = self._column(index)
            self.parts.append(rect(x, top, _COLUMN, height, "zone"))
            self._text(x + 10, top + 18, zone.name, "name", _COLUMN - 20)
            self.y = top + 28
            for subnet, tall in zip(zone.subnets, heights, strict=False):
                self._subnet(x + 8, _COLUMN - 16, tall, subnet)
                self.y += tall + _GAP
        self.y = top + height + _GAP

    def _subnet(self, x: float, width: float, height: float, subnet: SubnetPart) -> None:
        lines = _lines(subnet.item)
        if subnet.way_out:
            lines.append((f"out through {subnet.way_out}", "aside"))
        self._box(x, width, height, subnet.sort.value, subnet.item.name, lines)
        top = self.y
        self.y += _tall(1 + len(lines)) - 4
        for gateway in subnet.gateways:
            lines = _lines(gateway)
            self._box(x + 8, width - 16, _tall(1 + len(lines)), "gateway", gateway.name, lines)
            self.y += _tall(1 + len(lines)) + 6
        self.y = top

    def _bars(self, balancers: Sequence[BalancerPart], zones: Sequence[ZonePart]) -> None:
        """Each below or above the zones that it stands in."""
        names = [zone.name for zone in zones]
        for balancer in balancers:
            columns = [names.index(each) for each in balancer.zones if each in names] or [0]
            x = self._column(min(columns))
            right = self._column(max(columns)) + _COLUMN
            lines = _lines(balancer.item)
            height = _tall(1 + len(lines))
            self._box(x, right - x, height, "balancer", balancer.item.name, lines)
            self.y += height + _GAP

    def _grid(self, items: Sequence[Item], kind: str) -> None:
        across = max(1, int((self.width - 2 * _PAD - _GAP) // (_COLUMN + _GAP)))
        for row in _rows(items, across):
            height = max(_tall(1 + len(_lines(item))) for item in row)
            for index, item in enumerate(row):
                self._box(self._column(index), _COLUMN, height, kind, item.name, _lines(item))
            self.y += height + _GAP

    def _column(self, index: int) -> float:
        return _PAD + _GAP + index * (_COLUMN + _GAP)

    def _box(
        self, x: float, width: float, height: float, kind: str, name: str, lines: Sequence[tuple[str, str]]
    ) -> None:
        """A box at `y` with a name and lines, each with the class of its text."""
        self.parts.append(rect(x, self.y, width, height, kind))
        self._text(x + 10, self.y + _LINE + 2, name, "name", width - 20)
        for number, (line, style) in enumerate(lines):
            self._text(x + 10, self.y + _LINE * (number + 2) + 2, line, style, width - 20)

    def _text(self, x: float, y: float, text: str, style: str, width: float) -> None:
        self.parts.append(fitted(x, y, text, style, width))


def _lines(item: Item) -> list[tuple[str, str]]:
    """What stands below its name, each with the class of its text."""
    return [(item.detail, ""), *([(item.id, "aside")] if item.id else [])]


def _tall(lines: int) -> float:
    """The height of a box with so many lines."""
    return _LINE * lines + 12


def _height(subnet: SubnetPart) -> float:
    inside = sum(_tall(1 + len(_lines(gateway))) + 6 for gateway in subnet.gateways)
    return _tall(1 + len(_lines(subnet.item)) + bool(subnet.way_out)) + (inside + 4 if inside else 0)


def _rows(items: Sequence[T], across: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), across):
        yield items[start : start + across]
