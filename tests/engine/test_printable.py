"""Whatever somebody else has written, it stays on its line, and the terminal obeys none of it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.engine.printable import offered, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("prod-VPC\tübung 日本 ∅ ±", "prod-VPC\tübung 日本 ∅ ±"),
        ("\x1bc\x1b[3j", r"\x1bc\x1b[3j"),
        ("A\n0 to create", r"A\x0a0 to create"),
        ("A\r\x08\x00", r"A\x0d\x08\x00"),
        ("\x7f\x9b2J\x85", r"\x7f\x9b2J\x85"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\u202egnp\u2066\u200f\u061c", r"\u202egnp\u2066\u200f\u061c"),
        ("a\u200bb\ufeff\u00ad", r"a\u200bb\ufeff\xad"),
        ("\U000e0041", r"\U000e0041"),
        ("\ud800", r"\ud800"),
        ("a\u00a0b", r"a\xa0b"),
    ],
)
def test_what_a_terminal_obeys_is_shown_instead(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_whatever_is_written_is_one_line_of_what_can_be_seen(text: str) -> None:
    shown = printable(text)
    assert len(f"|{shown}|".splitlines()) == 1
    assert not [char for char in shown if char != "\t" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    shown.encode()
    assert printable(shown) == shown


@pytest.mark.parametrize(
    "name",
    ["VPC", "prod-PrivateSubnetA", "vpc-0123abcd", "Z0123456789ABC", "arn:aws:elasticloadbalancing:eu-west-1:1:a/b/c"],
)
def test_what_is_ours_is_offered(name: str) -> None:
    assert offered(name)


@pytest.mark.parametrize(
    "name", ["", "-x", "--yes", "X; touch Y #", "$(id)", "a b", "a\nb", "VPC\n", "Übung", "VPC\u200b"]
)
def test_nothing_else_is(name: str) -> None:
    assert not offered(name)
