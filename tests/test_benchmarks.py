"""The benchmark of the engine still does what it measures: what it takes for granted is asserted in it."""

from __future__ import annotations

import pytest

from benchmarks.scale import SHAPES, cost


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_planned_made_kept_replaced_and_destroyed(shape: str) -> None:
    assert min(vars(cost(shape, 40)).values()) > 0
