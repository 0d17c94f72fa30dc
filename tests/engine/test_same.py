"""A list has what is wanted when each item is there as often, and in the same order where the order means something."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.engine.drift import changes_in_place, create_only_changes
from ocpprov.engine.resources import Live
from ocpprov.engine.same import same
from ocpprov.engine.values import Value
from ocpprov.kinds.registry import KINDS

_ITEMS = st.lists(
    st.one_of(st.sampled_from(["a", "b", 1]), st.dictionaries(st.sampled_from("xyz"), st.integers(0, 1), max_size=2)),
    max_size=5,
)


@pytest.mark.parametrize(
    ("wanted", "live", "expected"),
    [
        (["a", "a"], ["a", "b"], False),
        (["a", "b"], ["a", "a"], False),
        (["a", "b", "a"], ["a", "a", "b"], True),
        ([1, "2"], ["2", "1"], True),
        # The first wanted one fits both, the second only the first.
        ([{"x": 1}, {"x": 1, "y": 1}], [{"x": 1, "y": 1}, {"x": 1, "y": 2}], True),
        ([{"x": 1}, {"x": 1, "y": 1}], [{"x": 1, "y": 2}, {"x": 1, "y": 3}], False),
    ],
)
def test_each_item_counts_as_often_as_it_is_there(wanted: Value, live: Value, expected: bool) -> None:
    assert same(wanted, live) is expected


@given(_ITEMS, _ITEMS)
def test_a_list_is_the_same_when_some_order_of_it_is(wanted: list[Value], live: list[Value]) -> None:
    assert same(wanted, live) is any(same(wanted, order, ordered=True) for order in permutations(live))


@pytest.mark.parametrize("name", ["DomainNameServers", "NtpServers", "NetbiosNameServers"])
def test_the_order_of_servers_counts(name: str) -> None:
    kind = KINDS["AWS::EC2::DHCPOptions"]
    live = Live(kind.type, "dopt-1", {name: ["10.0.0.2", "10.0.0.3"]})
    assert create_only_changes(kind, {name: ["10.0.0.2", "10.0.0.3"]}, live) == []
    (change,) = create_only_changes(kind, {name: ["10.0.0.3", "10.0.0.2"]}, live)
    assert change.property == name


def test_the_order_of_subnets_counts_for_nothing() -> None:
    kind = KINDS["AWS::EC2::VPCEndpoint"]
    live = Live(kind.type, "vpce-1", {"SubnetIds": ["subnet-2", "subnet-1"]})
    assert changes_in_place(kind, {"SubnetIds": ["subnet-1", "subnet-2"]}, live, ()).changes == []
    assert changes_in_place(kind, {"SubnetIds": ["subnet-1", "subnet-3"]}, live, ()).changes
