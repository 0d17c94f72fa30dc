"""`--cluster-leftovers` is for one cluster, the plan's: where plan and tags don't agree on it, nothing is touched."""

from __future__ import annotations

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.leftovers import guard_one_cluster


@pytest.mark.parametrize(("given", "remembered"), [("a-1", ["a-1"]), ("a-1", []), ("", ["a-1"])])
def test_one_cluster_is_taken(given: str, remembered: list[str]) -> None:
    assert guard_one_cluster(given, remembered, "lab") == "a-1"


@pytest.mark.parametrize(
    ("given", "remembered", "named"),
    [
        ("", [], ["openshift.infraID"]),
        ("", ["a-1", "b-2"], ["a-1, b-2"]),
        ("a-1", ["a-1", "b-2"], ["a-1, b-2", "the plan says a-1"]),
        ("c-3", ["a-1"], ["the plan says c-3", "remember a-1"]),
    ],
)
def test_none_or_several_are_refused_and_listed(given: str, remembered: list[str], named: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        guard_one_cluster(given, remembered, "lab")
    for text in (*named, "nothing was changed"):
        assert text in str(refused.value)
