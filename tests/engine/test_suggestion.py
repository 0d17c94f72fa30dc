"""Commands that a message offers: each word is one word to a shell, whatever is in it."""

from __future__ import annotations

import pytest

from ocpprov.engine.suggestion import allow_option, command_line


def test_it_is_one_line_and_shows_all_that_is_in_it() -> None:
    assert command_line("a b", "c\nd\x1b\u202e") == r"'a b' 'c\x0ad\x1b\u202e'"


@pytest.mark.parametrize(
    ("id", "option"),
    [
        ("vpc-0a", "--allow vpc-0a"),
        ("Z0123456789ABC", "--allow Z0123456789ABC"),
        ("arn:aws:iam::123456789012:role/lab-Role", "--allow arn:aws:iam::123456789012:role/lab-Role"),
        ("bucket/$(touch x).ign", "--allow ID"),
        ("x; touch y #", "--allow ID"),
        ("x\ny", "--allow ID"),
        ("", "--allow ID"),
    ],
)
def test_an_id_that_somebody_else_chose_is_not_offered(id: str, option: str) -> None:
    assert allow_option(id) == option
