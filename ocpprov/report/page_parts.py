"""What sections of a report are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from ocpprov.report.markup import Child, element


@dataclass(frozen=True)
class Column:
    """One column of a table; `style` is the class of its cells. The first is the heading of each row."""

    title: str
    style: str = ""


@dataclass(frozen=True)
class Row:
    """One row: a cell for each column, each of parts."""

    cells: Sequence[Sequence[Child]]
    style: str = ""


def cell(*parts: Child) -> Sequence[Child]:
    """The content of one cell."""
    return parts


def table(id: str, caption: str, columns: Sequence[Column], rows: Iterable[Row], style: str = "") -> Element:
    """A table in a place of its own that scrolls, by keys too, where it is too wide. On a narrow screen its style shows
    a cell below the other: roles say that it is a table all the same, and each cell which column it is of."""
    titles = (element("th", each.title, scope="col", role="columnheader", **_class(each.style)) for each in columns)
    head = element("thead", element("tr", *titles, role="row"), role="rowgroup")
    body = element("tbody", *(_row(columns, row) for row in rows), role="rowgroup")
    made = element("table", element("caption", caption, id=id), head, body, role="table", **_class(style))
    return element("div", made, class_="wide", tabindex="0", role="region", aria_labelledby=id)


def _row(columns: Sequence[Column], row: Row) -> Element:
    first, *rest = row.cells
    cells = [
        element("td", *parts, role="cell", data_label=column.title, **_class(column.style))
        for column, parts in zip(columns[1:], rest, strict=True)
    ]
    name = element("th", *first, scope="row", role="rowheader", **_class(columns[0].style))
    return element("tr", name, *cells, role="row", **_class(row.style))


def _class(style: str) -> dict[str, str]:
    return {"class_": style} if style else {}


def section(id: str, title: str, *parts: Child) -> Element:
    """A section of the page, which its heading names."""
    return element("section", element("h2", title, id=f"{id}-title"), *parts, id=id, aria_labelledby=f"{id}-title")


def facts(rows: Iterable[tuple[str, Sequence[Child]]]) -> Element:
    """Names and what they are."""
    made = element("dl")
    for name, parts in rows:
        made.extend([element("dt", name), element("dd", *parts)])
    return made


def point(time: float) -> str:
    """A time, in UTC."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def duration(seconds: float) -> str:
    """How long: `0.4 s`, `12 s`, `3 min 20 s`, `1 h 05 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
