"""A value of a property, for readers."""

from __future__ import annotations

import json
from typing import Final

from ocpprov.engine.values import Unknown, Value, references, to_json

_LONGEST: Final = 100


def value_in_words(value: Value) -> str:
    """Plain data as JSON, at most 100 characters of it; what isn't known yet by what it is of."""
    if value is None:
        return "nothing"
    if isinstance(value, Unknown):
        return f"(of the new {', '.join(dict.fromkeys(each.logical_id for each in references(value)))})"
    text = json.dumps(to_json(value), ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
