"""Ranges, and what is left of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.reachability.spans import Share, Span, addresses, blocks, without
from tests.reachability.networks import spans

SHARES = st.builds(Share, spans(0, 6), spans(0, 4))


def points(share: Share) -> set[tuple[int, int]]:
    return {
        (peer, port)
        for peer in range(share.peers.first, share.peers.last + 1)
        for port in range(share.ports.first, share.ports.last + 1)
    }


@given(st.lists(SHARES, max_size=3), SHARES)
def test_what_is_left_is_what_was_not_taken(shares: list[Share], taken: Share) -> None:
    left = without(shares, taken)
    assert {point for each in left for point in points(each)} == {p for each in shares for p in points(each)} - points(
        taken
    )
    assert sum(len(points(each)) for each in without(shares[:1], taken)) == len(
        {point for each in shares[:1] for point in points(each)} - points(taken)
    )


@given(SHARES, SHARES)
def test_what_is_common_is_in_both(one: Share, other: Share) -> None:
    common = one.common(other)
    assert (points(common) if common else set()) == points(one) & points(other)


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("10.0.0.0/16", "10.0.0.0/16"),
        ("10.0.0.7", "10.0.0.7/32"),
        ("10.0.0.9/29", "10.0.0.8/29"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_blocks_are_read_and_written(block: str, text: str) -> None:
    assert blocks(addresses(block)) == text


def test_a_range_that_is_no_block_takes_several() -> None:
    assert blocks(Span(addresses("10.0.0.1").first, addresses("10.0.0.3").last)) == "10.0.0.1/32, 10.0.0.2/31"
