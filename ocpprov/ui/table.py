"""Names and values in two columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping


def table(rows: Mapping[str, object], lines: Mapping[str, str] | None = None) -> Iterator[str]:
    """The rows. `lines` has what stands between the lines of a value, by its name."""
    width = max(map(len, rows), default=0)
    for name, value in rows.items():
        shown, end = shown_value(value), (lines or {}).get(name)
        for number, line in enumerate(shown.split(end) if end else [shown]):
            yield f"{'' if number else name:{width}}  {line}"


def shown_value(value: object) -> str:
    """A text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
