"""One property that changes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocpprov.engine.actions import Change, tag_of
from ocpprov.engine.ownership import PREFIX
from ocpprov.engine.value_words import value_in_words
from ocpprov.engine.values import Value

ChangeKey = tuple[str, str, str]
"""A property, and its old and its new value in words: what is the same on many things."""


def is_bookkeeping(change: Change) -> bool:
    """Whether it is only about ocpprov's own tags."""
    return tag_of(change.property).startswith(PREFIX)


def key_of(change: Change) -> ChangeKey:
    return change.property, value_in_words(change.before), value_in_words(change.after)


def texts_of(change: Change) -> Iterator[str]:
    """A property: its old and its new value; of a list, what is added and what is taken."""
    before, after = change.before, change.after
    if _is_list(before) and _is_list(after):
        old, new = [[value_in_words(item) for item in value] for value in (before, after)]  # type: ignore[union-attr]
        texts = [f"+ {item}" for item in new if item not in old] + [f"- {item}" for item in old if item not in new]
        if texts:
            yield from (f"{change.property}: {text}" for text in texts)
            return
    yield f"{change.property}: {value_in_words(before)} -> {value_in_words(after)}"


def shared_text(key: ChangeKey) -> str:
    """The same change of many resources, which follow."""
    name, before, after = key
    tag, nothing = tag_of(name), value_in_words(None)
    if not tag:
        return f"{name}: {before} -> {after}"
    if after == nothing:
        return f"tag {tag} taken off"
    return f"tag {tag}={_bare(after)}" if before == nothing else f"tag {tag}={_bare(before)} -> {_bare(after)}"


def _is_list(value: Value) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith('"') else text
