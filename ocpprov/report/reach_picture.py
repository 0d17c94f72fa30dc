"""The port matrix as a picture: who asks on the left, who is asked on the right, and between them what is in the way.

What arrives is a thin line, what isn't known a dashed one with a question mark, what is stopped a thick one that ends
with a cross at the hop, and goes on dotted from there: lines and marks tell them apart without their colours, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from ocpprov.report.drawing import drawn, fitted, label, rect
from ocpprov.report.markup import element
from ocpprov.report.reach_pairs import Pair, names, pairs, told, traffic
from ocpprov.report.verified import ShownFlow

_PARTY: Final = 190
_HOP: Final = 250
_GAP: Final = 120
_PAD: Final = 14
_TOP: Final = 40
_BETWEEN: Final = 14
"""Between one box and the next below it."""
_STEP: Final = 13
"""Between the ends of two lines at a box."""
_WIDTH: Final = 2 * (_PAD + _PARTY + _GAP) + _HOP
_HOPS: Final = _PAD + _PARTY + _GAP
_TARGETS: Final = _HOPS + _HOP + _GAP
_INTRUDES: Final = "must not arrive, and does"

STYLE: Final = """
.reach { font: 12px system-ui, sans-serif; }
.reach text { fill: #1b1f24; }
.reach .name { font-weight: 600; }
.reach .aside { fill: #505a66; }
.reach .party { fill: #e4ecfa; stroke: #3b5b92; }
.reach .hop { fill: #fbe9ea; stroke: #a1252f; stroke-width: 2; }
.reach path { fill: none; }
.reach .yes { stroke: #3c7a3c; stroke-width: 1.3; }
.reach .no { stroke: #a1252f; stroke-width: 2.6; }
.reach .lost { stroke: #a1252f; stroke-width: 1.6; stroke-dasharray: 1 5; }
.reach .unknown { stroke: #93640a; stroke-width: 1.8; stroke-dasharray: 7 5; }
.reach .mark { font-size: 15px; font-weight: 700; }
@media screen and (prefers-color-scheme: dark) {
  .reach text { fill: #eef1f5; }
  .reach .aside { fill: #b4bdc8; }
  .reach .party { fill: #1b2a44; stroke: #7fa2dd; }
  .reach .hop { fill: #3d1f23; stroke: #ff9aa2; }
  .reach .yes { stroke: #8fd694; }
  .reach .no { stroke: #ff9aa2; }
  .reach .lost { stroke: #ff9aa2; }
  .reach .unknown { stroke: #f1c264; }
}
"""


def reach_picture(flows: Sequence[ShownFlow], title: str, prefix: str = "reach-picture") -> Element:
    """The picture as an element of a page that has `STYLE`; ids in it begin with `prefix`."""
    found = pairs(flows)
    drawing = _Drawing()
    height = drawing.draw([way for pair in found for way in _ways(pair)])
    return drawn("reach", prefix, title, " ".join(told(found)), _WIDTH, height, [*drawing.lines, *drawing.boxes])


@dataclass(frozen=True)
class _Way:
    """One line from a party to another: `kind` is its class; `hop` is what is in the way and `said` what it does."""

    source: str
    target: str
    kind: str
    flows: Sequence[ShownFlow]
    hop: str = ""
    said: str = ""


def _ways(pair: Pair) -> Iterator[_Way]:
    """What arrives is one line; what is stopped is one for each first hop. What is kept out is none."""
    if good := [flow for flow in pair.of("yes") if flow.wanted]:
        yield _Way(pair.source, pair.target, "yes", good)
    stopped: dict[str, list[ShownFlow]] = {}
    for flow in pair.of("no"):
        if flow.wanted and flow.stops:
            stopped.setdefault(flow.stops[0].component, []).append(flow)
    for hop, flows in stopped.items():
        yield _Way(pair.source, pair.target, "lost", flows, hop, _beside(hop, flows[0].stops[0].detail))
    if pair.intruding:
        yield _Way(pair.source, pair.target, "no", pair.intruding, names(pair.intruding), _INTRUDES)
    if unknown := pair.of("unknown"):
        yield _Way(pair.source, pair.target, "unknown", unknown)


def _beside(hop: str, detail: str) -> str:
    """What a hop does, where its id stands already."""
    for named in (f"{hop}'s ", f"{hop} "):
        if hop and named in detail:
            return detail.replace(named, "", 1)
    return detail


@dataclass
class _Drawing:
    """What is drawn: lines beneath, boxes above them."""

    lines: list[Element] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)

    def draw(self, ways: Sequence[_Way]) -> float:
        """Draw it all; the height that it took."""
        sources, targets = Counter(way.source for way in ways), Counter(way.target for way in ways)
        hops = Counter(way.hop for way in ways if way.hop)
        tall = max(map(_stack, (sources, targets, hops)))
        out = self._column(sources, _PAD, tall)
        arriving = self._column(targets, _TARGETS, tall)
        on = self._column(hops, _HOPS, tall, {way.hop: way.said for way in reversed(ways)})
        for way in ways:
            self._way(way, next(out[way.source]), next(arriving[way.target]), next(on[way.hop]) if way.hop else None)
        for x, head in ((_PAD, "from"), (_TARGETS, "to"), *([(_HOPS, "in the way")] if hops else [])):
            self.boxes.append(label(x, _PAD + 12, head, "aside"))
        return tall + _TOP + _PAD

    def _column(
        self, counts: Mapping[str, int], x: float, tall: float, said: Mapping[str, str] | None = None
    ) -> Mapping[str, Iterator[float]]:
        """Boxes below each other, in the middle of the height; where the lines of each meet it. With what they do
        they are hops."""
        y, ends = _TOP + (tall - _stack(counts)) / 2, {}
        for name, count in counts.items():
            height = _tall(count)
            middle = y + height / 2
            if said is None:
                self.boxes.append(rect(x, y, _PARTY, height, "party"))
                self.boxes.append(fitted(x + 10, middle + 4, name, "name", _PARTY - 20))
            else:
                self.boxes.append(rect(x, y, _HOP, height, "hop"))
                self.boxes.append(label(x + 8, middle + 5, "✕", "mark"))
                self.boxes.append(fitted(x + 26, middle - 3, name, "name", _HOP - 34))
                self.boxes.append(fitted(x + 26, middle + 12, said[name], "aside", _HOP - 34))
            ends[name] = iter([middle + (index - (count - 1) / 2) * _STEP for index in range(count)])
            y += height + _BETWEEN
        return ends

    def _way(self, way: _Way, start: float, end: float, stop: float | None) -> None:
        tip = f"{way.source} to {way.target}: {traffic(way.flows)}"
        if stop is not None:
            self.lines.append(_curve(_PAD + _PARTY, start, _HOPS, stop, "no", tip))
            self.lines.append(_curve(_HOPS + _HOP, stop, _TARGETS, end, way.kind, tip))
            return
        self.lines.append(_curve(_PAD + _PARTY, start, _TARGETS, end, way.kind, tip))
        if way.kind == "unknown":
            self.boxes.append(label(_TARGETS - 10, end - 3, "?", "mark", middle=True))


def _tall(lines: int) -> float:
    """The height of a box at which so many lines end."""
    return max(40.0, lines * _STEP + 12.0)


def _stack(counts: Mapping[str, int]) -> float:
    return sum(map(_tall, counts.values())) + _BETWEEN * max(0, len(counts) - 1)


def _curve(x1: float, y1: float, x2: float, y2: float, kind: str, tip: str) -> Element:
    middle = (x1 + x2) / 2
    course = f"M{x1:g} {y1:g} C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
    return element("path", element("title", tip), class_=kind, d=course)
