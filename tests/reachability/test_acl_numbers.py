"""Where new entries of an ACL find a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocpprov.reachability.acl_numbers import AclStep, after_all, before
from ocpprov.reachability.network import AclEntry
from ocpprov.reachability.spans import Span

ALL = Span(0, 31)
NEW = (AclEntry(0, True, "tcp", Span(0, 3), Span(22, 22)), AclEntry(0, True, "tcp", Span(4, 7), Span(22, 22)))


def denies(*numbers: int) -> list[AclEntry]:
    return [AclEntry(each, False, "-1", ALL) for each in numbers]


def told(steps: Sequence[AclStep]) -> list[tuple[int, bool, bool]]:
    """Number, whether it allows, whether it replaces."""
    return [(each.entry.number, each.entry.allow, each.replaces) for each in steps]


@pytest.mark.parametrize(
    ("numbers", "taken", "number", "expected"),
    [
        ((50,), (), 50, [(48, True, False), (49, True, False)]),
        ((48, 50), (47,), 50, [(46, True, False), (49, True, False)]),
        ((1,), (), 1, [(3, False, False), (2, True, False), (1, True, True)]),
        ((1, 2, 9), (), 1, [(4, False, False), (3, False, False), (2, True, True), (1, True, True)]),
        ((1, 2), (), 2, [(4, False, False), (3, True, False), (2, True, True)]),
        ((1,), (3,), 1, []),
        ((32764,), range(1, 32764), 32764, [(32766, False, False), (32765, True, False), (32764, True, True)]),
        ((32765,), range(1, 32765), 32765, []),
    ],
)
def test_right_before_another_one(
    numbers: Sequence[int], taken: Sequence[int], number: int, expected: list[tuple[int, bool, bool]]
) -> None:
    assert told(before(denies(*numbers), taken, NEW, number)) == expected


def test_what_moves_stays_as_it_is() -> None:
    (denied,) = denies(1)
    assert before([denied], (), NEW[:1], 1) == [
        AclStep(replace(denied, number=2)),
        AclStep(replace(NEW[0], number=1), replaces=True),
    ]


def test_an_entry_of_which_not_all_is_known_does_not_move() -> None:
    one_code = AclEntry(1, False, "icmp", ALL, Span(3, 3), whole=False)
    assert before([one_code], (), NEW, 1) == ()


@pytest.mark.parametrize(
    ("numbers", "taken", "expected"),
    [
        ((), (), [(100, True, False), (200, True, False)]),
        ((100, 205), (301,), [(400, True, False), (500, True, False)]),
        ((2, 32766), (), [(1, True, False), (3, True, False)]),
        ((32650,), (), [(1, True, False), (2, True, False)]),
        ((1,), range(2, 32766), []),
    ],
)
def test_where_the_order_is_the_same(
    numbers: Sequence[int], taken: Sequence[int], expected: list[tuple[int, bool, bool]]
) -> None:
    assert told(after_all(denies(*numbers), taken, NEW)) == expected
