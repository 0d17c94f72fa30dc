"""How many of something, in words."""

from __future__ import annotations

import pytest

from ocpprov.engine.plurals import number_of


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (1, "rule", "1 rule"),
        (25, "rule", "25 rules"),
        (2, "bucket policy", "2 bucket policies"),
        (2, "NAT gateway", "2 NAT gateways"),
        (4, "address", "4 addresses"),
        (1, "SharedTags", "1 SharedTags"),
        (3, "SharedTags", "3 SharedTags"),
        (2, "DHCPOptions", "2 DHCPOptions"),
    ],
)
def test_a_number_of_things(count: int, noun: str, text: str) -> None:
    assert number_of(count, noun) == text
