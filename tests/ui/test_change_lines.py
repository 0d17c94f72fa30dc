"""One property that changes, in words."""

from __future__ import annotations

import pytest

from ocpprov.engine.actions import Change
from ocpprov.engine.values import Ref, Unknown, Value
from ocpprov.ui.change_lines import is_bookkeeping, key_of, shared_text, texts_of


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("a", "b", ['P: "a" -> "b"']),
        (None, 7, ["P: nothing -> 7"]),
        (True, None, ["P: true -> nothing"]),
        (["a", "b"], ["b", "c"], ['P: + "c"', 'P: - "a"']),
        (["a"], ["a", "b"], ['P: + "b"']),
        # Only the order is another one, or how often: both lists are said.
        (["a", "b"], ["b", "a"], ['P: ["a", "b"] -> ["b", "a"]']),
        ([{"Key": "k"}], [], ['P: - {"Key": "k"}']),
        ("ab", ["a"], ['P: "ab" -> ["a"]']),
        (None, ["a"], ['P: nothing -> ["a"]']),
        ("vpc-1", Unknown(Ref("Vpc")), ['P: "vpc-1" -> (of the new Vpc)']),
    ],
)
def test_of_a_list_only_what_comes_and_goes_is_said(before: Value, after: Value, said: list[str]) -> None:
    assert list(texts_of(Change("P", before, after))) == said


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("Size", 1, 2, "Size: 1 -> 2"),
        ("Tags.cost", None, "4711", "tag cost=4711"),
        ("Tags.cost", "4711", None, "tag cost taken off"),
        ("Tags.cost", "4711", "4712", "tag cost=4711 -> 4712"),
    ],
)
def test_a_change_of_many_is_said_once(name: str, before: Value, after: Value, said: str) -> None:
    assert shared_text(key_of(Change(name, before, after))) == said


@pytest.mark.parametrize(
    ("name", "about_our_tags"), [("Tags.ocpprov:run", True), ("Tags.ocpprov", False), ("Tags.cost", False)]
)
def test_tags_of_our_own_are_bookkeeping(name: str, about_our_tags: bool) -> None:
    assert is_bookkeeping(Change(name, None, "x")) is about_our_tags
