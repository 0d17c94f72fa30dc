"""Elements of HTML and SVG. They are put together as a tree and written by the standard library, so that no text gets
into the page unescaped; and what a reader can't see in a text is shown as `\\x1b`."""

from __future__ import annotations

from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

from ocpprov.engine.printable import printable

Child: TypeAlias = "Element | str | None"


def element(tag: str, /, *children: Child, **attributes: str | float) -> Element:
    """One element. An attribute's name loses a `_` at its end (`class_`), and has `-` for those within
    (`aria_label`). A child that is None is left out."""
    made = Element(tag, {_name(key): printable(_text(value)) for key, value in attributes.items()})
    last: Element | None = None
    for child in children:
        if child is None:
            continue
        if isinstance(child, str):
            text = printable(child)
            if last is None:
                made.text = (made.text or "") + text
            else:
                last.tail = (last.tail or "") + text
        else:
            made.append(child)
            last = child
    return made


def raw_style(rules: str) -> Element:
    """A `style` element with rules of ours, whose lines stay."""
    made = Element("style")
    made.text = rules
    return made


def as_html(root: Element) -> str:
    """The element in HTML's spelling."""
    return tostring(root, encoding="unicode", method="html")


def as_xml(root: Element) -> str:
    """The element in XML's spelling."""
    return tostring(root, encoding="unicode", method="xml")


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"
