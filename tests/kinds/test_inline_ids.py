"""Logical ids for what a plan writes inside another resource."""

from __future__ import annotations

import pytest

from ocpprov.engine.values import GetAtt, Join, Ref, Select, Unknown, Value
from ocpprov.kinds.inline_ids import free_id, words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("10.0.0.0/16", "10.0.0.0/16"),
        (443, "443"),
        (Ref("Group"), "Group"),
        (GetAtt("Group", "GroupId"), "Group"),
        (Unknown(Ref("Group")), "Group"),
        (Join("-", ("a", Ref("Group"))), "a-Group"),
        (Select(1, (Ref("One"), "two")), "One,two[1]"),
        (("a", Ref("Group")), "a,Group"),
    ],
)
def test_a_value_is_called_by_what_it_names(value: Value, text: str) -> None:
    assert words(value) == text


def test_an_id_that_is_taken_gets_a_number_and_is_taken_from_then_on() -> None:
    taken = {"Group/tcp"}
    assert [free_id(id, taken) for id in ("Group/tcp", "Group/tcp", "Group/udp")] == [
        "Group/tcp (2)",
        "Group/tcp (3)",
        "Group/udp",
    ]
    assert taken == {"Group/tcp", "Group/tcp (2)", "Group/tcp (3)", "Group/udp"}
