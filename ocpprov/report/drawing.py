"""Elements of pictures: boxes, lines and words of SVG, in its units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element

from ocpprov.report.markup import element

LETTER: Final = 6.9
"""Width of a letter on average; a text that is longer than its place is cut, and its tooltip has all of it."""
_BOLD: Final = 1.12


def drawn(
    kind: str, prefix: str, title: str, told: str, width: float, height: float, parts: Iterable[Element]
) -> Element:
    """The whole picture, `kind` being its class. Who can't see it is read its title and what it tells; their ids begin
    with `prefix`."""
    return element(
        "svg",
        element("title", title, id=f"{prefix}-title"),
        element("desc", told, id=f"{prefix}-text"),
        *parts,
        class_=kind,
        role="img",
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        aria_labelledby=f"{prefix}-title",
        aria_describedby=f"{prefix}-text",
    )


def rect(x: float, y: float, width: float, height: float, kind: str, radius: float = 5) -> Element:
    """A rectangle; `kind` is its class."""
    return element("rect", class_=kind, x=x, y=y, width=width, height=height, rx=radius)


def wire(x1: float, y1: float, x2: float, y2: float) -> Element:
    """A straight wire."""
    return element("line", class_="wire", x1=x1, y1=y1, x2=x2, y2=y2)


def label(x: float, y: float, text: str, style: str, full: str = "", *, middle: bool = False) -> Element:
    """Words that begin at a point, or have their middle there; `full` is their tooltip."""
    anchor = {"text_anchor": "middle"} if middle else {}
    title = element("title", full) if full else None
    return element("text", title, text, class_=style, x=x, y=y, **anchor)


def fitted(x: float, y: float, text: str, style: str, width: float) -> Element:
    """Words in a place that is so wide."""
    letters = max(4, int(width / (LETTER * (_BOLD if style == "name" else 1))))
    shown = text if len(text) <= letters else f"{text[: letters - 1]}…"
    return label(x, y, shown, style, full="" if shown == text else text)
