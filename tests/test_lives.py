"""A life in simulated time, which the benchmarks are read from."""

from __future__ import annotations

import pytest

from benchmarks.lives import ROOT, in_a_row, lived

SMALL = ROOT / "plans" / "network-single-zone.yaml"


def test_a_life_is_told_call_by_call() -> None:
    acts = lived(SMALL)
    assert [act.name for act in acts] == ["apply", "apply again", "plan", "destroy"]
    assert all(act.ok for act in acts)
    first, again, planned, destroyed = acts
    assert first.mutating > 0
    assert again.mutating == 0
    assert planned.mutating == 0
    assert destroyed.mutating > 0
    for act in acts:
        assert 0 < act.in_a_row <= len(act.calls)
        assert all(act.began <= call.began < call.ended <= act.ended for call in act.calls)


@pytest.mark.parametrize(
    ("spans", "count"),
    [
        ([], 0),
        ([(0.0, 1.0), (0.0, 1.0), (1.0, 2.0)], 2),
        ([(0.0, 9.0), (0.0, 1.0), (1.0, 2.0), (1.5, 2.5), (2.0, 3.0)], 3),
        ([(0.0, 2.0), (1.0, 3.0), (2.5, 4.0)], 2),
    ],
)
def test_calls_one_after_another_are_those_of_which_none_overlaps(spans: list[tuple[float, float]], count: int) -> None:
    assert in_a_row(spans) == count
    assert in_a_row(reversed(spans)) == count
