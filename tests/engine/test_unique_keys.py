"""What clashes with a key is found by an index just as by comparing it with each."""

from __future__ import annotations

from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from ocpprov.engine.kind_facts import UniqueKey
from ocpprov.engine.unique_keys import UniqueKeys, clash

_NETWORKS = st.builds(
    lambda start, length: IPv4Network(((start << 20 | start << 4) >> (32 - length) << (32 - length), length)),
    st.integers(0, 255),
    st.integers(0, 32),
)
_PARTS = st.one_of(st.sampled_from(["a", "b"]), _NETWORKS)
_KEYS: st.SearchStrategy[UniqueKey] = st.lists(_PARTS, min_size=1, max_size=3).map(tuple)


@given(st.lists(_KEYS, max_size=20), _KEYS, st.lists(_KEYS, max_size=5))
def test_the_index_finds_what_comparing_finds(keys: list[UniqueKey], asked: UniqueKey, later: list[UniqueKey]) -> None:
    index: UniqueKeys[int] = UniqueKeys()
    for number, key in enumerate(keys):
        index.add(key, number)
    assert sorted(index.clashing(asked)) == [number for number, key in enumerate(keys) if clash(asked, key)]
    # What is added after the first question is found, too.
    for number, key in enumerate(later, len(keys)):
        index.add(key, number)
    assert sorted(index.clashing(asked)) == [n for n, key in enumerate([*keys, *later]) if clash(asked, key)]


def test_networks_clash_where_they_overlap_and_other_parts_where_they_are_equal() -> None:
    inner, outer, beside = (IPv4Network(block) for block in ("10.0.1.0/24", "10.0.0.0/16", "10.1.0.0/24"))
    assert clash(("subnet", "vpc-1", inner), ("subnet", "vpc-1", outer))
    assert clash(("subnet", "vpc-1", outer), ("subnet", "vpc-1", inner))
    assert not clash(("subnet", "vpc-1", inner), ("subnet", "vpc-1", beside))
    assert not clash(("subnet", "vpc-1", inner), ("subnet", "vpc-2", inner))
    assert not clash(("name", "a"), ("name", "a", "b"))
