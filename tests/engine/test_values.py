"""Values with references in them: what they refer to, what they resolve to, and how they are written down."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ocpprov.engine.values import (
    GetAtt,
    Join,
    Ref,
    Select,
    Unknown,
    Value,
    is_known,
    references,
    resolve,
    substitute,
    text,
    texts_in,
    to_json,
)

A: Final = Ref("A")
ARN: Final = GetAtt("B", "Arn")
KNOWN: Final[dict[Ref | GetAtt, Value]] = {A: "a-1", ARN: "arn:b", Ref("List"): ["x", "y"], Ref("Yes"): True}


def _resolved(value: Value) -> Value:
    return resolve(value, lambda reference: KNOWN.get(reference, Unknown(reference)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A", []),
        (7, []),
        (A, [A]),
        (Join("-", (A, "x", ARN, A)), [A, ARN, A]),
        (Select(0, [ARN, A]), [ARN, A]),
        ({"k": [A, {"l": ARN}], "m": "A"}, [A, ARN]),
        (Unknown(Join("", (A,))), [A]),
    ],
)
def test_references_are_found_in_reading_order(value: Value, expected: list[Any]) -> None:
    assert list(references(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", "text"),
        (7, 7),
        (None, None),
        (A, "a-1"),
        (ARN, "arn:b"),
        (Join("-", ("x", A, 7, True, Ref("Yes"))), "x-a-1-7-true-true"),
        (Join(",", (Ref("List"), "z")), "x,y,z"),
        (Join(",", ()), ""),
        (Select(1, ["p", A]), "a-1"),
        (Select(1, Ref("List")), "y"),
        ({"k": [A, "A"], "l": {"m": ARN}}, {"k": ["a-1", "A"], "l": {"m": "arn:b"}}),
    ],
)
def test_what_is_known_is_resolved(value: Value, expected: Value) -> None:
    assert _resolved(value) == expected
    assert is_known(_resolved(value))
    assert substitute(value, KNOWN) == expected


def test_what_depends_on_something_unknown_is_unknown_as_a_whole() -> None:
    new, whole = Ref("New"), Join("-", ("x", Ref("New")))
    for value, expression in ((new, new), (whole, whole), (Select(0, new), Select(0, new))):
        found = _resolved(value)
        assert isinstance(found, Unknown)
        assert found.expression == expression
    held: Any = _resolved({"k": ["x", new]})
    assert held["k"][0] == "x"
    assert isinstance(held["k"][1], Unknown)


def test_an_unknown_is_like_itself_only() -> None:
    one, other = Unknown(A), Unknown(A)
    assert [one] == [one]
    assert one != other
    assert len({one, other, one}) == 2


@pytest.mark.parametrize("values", ["text", 7, {"k": "v"}])
def test_only_of_a_list_an_item_is_selected(values: Value) -> None:
    with pytest.raises(TypeError, match="Select works on a list"):
        _resolved(Select(0, values))


def test_what_is_not_known_stays_when_the_rest_is_put_in() -> None:
    new = Ref("New")
    assert substitute(new, KNOWN) == new
    assert substitute(Join("-", (A, new)), KNOWN) == Join("-", ("a-1", new))
    assert substitute(Select(0, new), KNOWN) == Select(0, new)
    assert substitute(Select(0, [new, A]), KNOWN) == Select(0, [new, "a-1"])
    assert substitute({"k": [new, A]}, KNOWN) == {"k": [new, "a-1"]}


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("x", True),
        (None, True),
        ([1, {"k": ["x"]}], True),
        (A, False),
        ([1, A], False),
        ({"k": 1, "l": {"m": ARN}}, False),
        (Join("", ("x",)), False),
        (Select(0, ["x"]), False),
        ([Unknown(A)], False),
    ],
)
def test_what_waits_for_another_resource_is_not_known(value: Value, known: bool) -> None:
    assert is_known(value) is known


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (A, {"Ref": "A"}),
        (ARN, {"Fn::GetAtt": ["B", "Arn"]}),
        (Join("-", (A, "x")), {"Fn::Join": ["-", [{"Ref": "A"}, "x"]]}),
        (Join(",", (ARN,), of_list=True), {"Fn::Join": [",", {"Fn::GetAtt": ["B", "Arn"]}]}),
        (substitute(Join(",", (ARN,), of_list=True), {}), {"Fn::Join": [",", {"Fn::GetAtt": ["B", "Arn"]}]}),
        (Select(1, [A, "x"]), {"Fn::Select": [1, [{"Ref": "A"}, "x"]]}),
        (Unknown(ARN), {"Fn::GetAtt": ["B", "Arn"]}),
        ({"k": (1, A), "l": None}, {"k": [1, {"Ref": "A"}], "l": None}),
        ("text", "text"),
        (True, True),
    ],
)
def test_values_are_written_as_a_template_has_them(value: Value, written: object) -> None:
    assert to_json(value) == written


@pytest.mark.parametrize(("value", "written"), [(True, "true"), (False, "false"), (7, "7"), ("x", "x"), (1.5, "1.5")])
def test_a_scalar_in_a_text_is_written_as_cloudformation_does(value: Value, written: str) -> None:
    assert text(value) == written


def test_texts_are_found_wherever_they_are() -> None:
    assert list(texts_in({"a": ["x", {"b": "y", "c": 7}], "d": "x", "e": None})) == ["x", "y", "x"]
    assert list(texts_in("one")) == ["one"]


def test_an_item_that_a_list_does_not_have_is_not_known() -> None:
    assert resolve(Select(1, ARN), lambda _: ["a", "b"]) == "b"
    item = resolve(Select(2, ARN), lambda _: ["a", "b"])
    assert isinstance(item, Unknown)
    assert item.is_unanswered
