"""Looks are few, soon after AWS is done, and not before it could be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.engine.poll_times import SHARE, SHORTEST, next_look, shared_look


def looks(least: float, takes: float) -> list[float]:
    """The looks at something that takes so long, the last of which sees that it is done."""
    found = [next_look(least, 0.0)]
    while found[-1] < takes:
        found.append(next_look(least, found[-1]))
    return found


@pytest.mark.parametrize(
    ("least", "takes", "expected"),
    [
        (90, 90, [3, 7.5, 30, 90]),
        (90, 100, [3, 7.5, 30, 90, 93.333, 96.79, 100.375]),
        (150, 150, [5, 12.5, 50, 150]),
        (150, 151, [5, 12.5, 50, 150, 155.556]),
        (90, 27, [3, 7.5, 30]),
        (90, 2, [3]),
        (60, 75, [2, 5, 20, 60, 62.222, 64.527, 66.917, 69.395, 71.965, 74.63, 77.394]),
        (3, 5, [3, 4, 5]),
        (1, 7, [1, 2, 3, 4, 5, 6, 7]),
        (0, 2, [1, 2]),
        (14.9, 14, [14.9]),
        (15, 14, [0.5, 1.25, 5, 15]),
    ],
)
def test_when_it_is_looked_at(least: float, takes: float, expected: list[float]) -> None:
    assert looks(least, takes) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("takes", "most"), [(0.3, 3), (1.0, 4), (1.111, 7), (3.0, 35), (5.0, 46)])
def test_a_mistaken_belief_costs_a_sane_number_of_looks(takes: float, most: int) -> None:
    for least in (60, 90, 150):
        assert len(looks(least, takes * least)) <= most


@given(st.floats(0, 1000), st.floats(1, 4))
def test_what_takes_the_least_or_longer_is_seen_soon_after_it_is_done(least: float, part: float) -> None:
    takes = least * part
    assert 0 <= looks(least, takes)[-1] - takes <= max(SHORTEST, SHARE * takes) + 1e-6


@given(st.floats(0, 1000), st.floats(0.001, 1))
def test_what_takes_less_is_seen_by_then(least: float, part: float) -> None:
    assert looks(least, least * part)[-1] <= max(least, SHORTEST)


@given(st.floats(0, 1000), st.floats(0, 10_000))
def test_the_next_look_is_never_sooner_than_in_a_second_once_it_could_be_done(least: float, elapsed: float) -> None:
    following = next_look(least, elapsed)
    assert following > elapsed
    assert following - elapsed >= SHORTEST * 0.999 or elapsed < least


def test_what_isnt_believed_any_more_is_looked_at_more_seldom() -> None:
    assert next_look(90, 359) - 359 == pytest.approx(359 / 27)
    assert next_look(90, 360) - 360 == pytest.approx(36)


@pytest.mark.parametrize(
    ("elapsed", "following"),
    [(0, 3), (1.4, 3), (1.5, 7.5), (3.7, 7.5), (3.75, 30), (14.9, 30), (15, 90), (30, 90), (89.9, 90)],
)
def test_three_looks_come_early(elapsed: float, following: float) -> None:
    assert next_look(90, elapsed) == following


@pytest.mark.parametrize(
    ("due", "elapsed", "at"),
    [
        ([100.0], 90, 100),
        ([101.0, 100.0], 90, 101),
        ([100.0, 101.6, 101.7], 90, 101.6),
        ([100.0, 101.0, 102.0], 27, 100),
        ([100.0, 100.5], 1, 100.5),
        ([100.0, 100.6], 1, 100),
    ],
)
def test_several_are_looked_at_together(due: list[float], elapsed: float, at: float) -> None:
    assert shared_look(due, elapsed) == at
