"""A life in simulated time, which the benchmarks are read from."""

from __future__ import annotations

from benchmarks.lives import ROOT, lived

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
