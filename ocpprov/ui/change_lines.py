"""One property that changes, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from ocpprov.engine.actions import Change
from ocpprov.engine.values import Unknown, Value, references, to_json

_BOOKKEEPING: Final = "Tags.ocpprov:"
_LONGEST: Final = 100

ChangeKey = tuple[str, str, str]
"""A property, and its old and its new value in words: what is the same on many things."""


def is_bookkeeping(change: Change) -> bool:
    """Whether it is only about ocpprov's own tags."""
    return change.property.startswith(_BOOKKEEPING)


def key_of(change: Change) -> ChangeKey:
    return change.property, text_of(change.before), text_of(change.after)


def texts_of(change: Change) -> Iterator[str]:
    """A property: its old and its new value; of a list, what is added and what is taken."""
    before, after = change.before, change.after
    if _is_list(before) and _is_list(after):
        old, new = [[text_of(item) for item in value] for value in (before, after)]  # type: ignore[union-attr]
        texts = [f"+ {item}" for item in new if item not in old] + [f"- {item}" for item in old if item not in new]
        if texts:
            yield from (f"{change.property}: {text}" for text in texts)
            return
    yield f"{change.property}: {text_of(before)} -> {text_of(after)}"


def shared_text(key: ChangeKey) -> str:
    """The same change of many resources, which follow."""
    name, before, after = key
    if not name.startswith("Tags."):
        return f"{name}: {before} -> {after}"
    tag, nothing = name.removeprefix("Tags."), text_of(None)
    if after == nothing:
        return f"tag {tag} taken off"
    return f"tag {tag}={_bare(after)}" if before == nothing else f"tag {tag}={_bare(before)} -> {_bare(after)}"


def text_of(value: Value) -> str:
    """A value, at most 100 characters of it."""
    if value is None:
        return "nothing"
    if isinstance(value, Unknown):
        return f"(of the new {', '.join(dict.fromkeys(each.logical_id for each in references(value)))})"
    text = json.dumps(to_json(value), ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _is_list(value: Value) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith('"') else text
