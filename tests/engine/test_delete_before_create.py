"""Which predecessors have to leave before their successors can be there, known better with each decision."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Final

from ocpprov.engine.delete_before_create import Leaving
from ocpprov.engine.kind_facts import UniqueKey
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import NAT
from tests.engine.planning import GROUP, SUBNET, live

NET: Final = live(SUBNET, "subnet-1", "Net", {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"})
GATEWAY: Final = live(NAT, "nat-1", "Nat", {"SubnetId": "subnet-1", "AllocationId": "eipalloc-1"})
ITS_PLACE: Final[UniqueKey] = ("subnet", "vpc-1", IPv4Network("10.0.0.0/16"))
A_FREE_PLACE: Final[UniqueKey] = ("subnet", "vpc-1", IPv4Network("10.1.0.0/16"))


def test_what_has_the_place_of_something_new_leaves() -> None:
    leaving = Leaving()
    leaving.decided(KINDS[SUBNET], [ITS_PLACE], [NET])
    assert ({*leaving}, len(leaving), "subnet-1" in leaving) == ({"subnet-1"}, 1, True)
    free = Leaving()
    free.decided(KINDS[SUBNET], [A_FREE_PLACE], [NET])
    assert ({*free}, len(free), "subnet-1" in free) == (set(), 0, False)


def test_it_may_be_the_place_of_something_that_is_decided_later_or_was_before() -> None:
    later, before = Leaving(), Leaving()
    later.decided(KINDS[SUBNET], [A_FREE_PLACE], [NET])
    assert {*later} == set()
    later.decided(KINDS[SUBNET], [ITS_PLACE], [])
    before.decided(KINDS[SUBNET], [ITS_PLACE], [])
    before.decided(KINDS[SUBNET], [], [NET])
    assert {*later} == {*before} == {"subnet-1"}


def test_a_key_of_another_type_is_another_place() -> None:
    leaving = Leaving()
    leaving.decided(KINDS[GROUP], [ITS_PLACE], [])
    leaving.decided(KINDS[SUBNET], [], [NET])
    assert {*leaving} == set()


def test_what_refers_to_something_leaving_leaves_with_it() -> None:
    leaving = Leaving()
    leaving.decided(KINDS[SUBNET], [ITS_PLACE], [NET])
    leaving.decided(KINDS[NAT], [], [GATEWAY])
    assert {*leaving} == {"subnet-1", "nat-1"}


def test_so_does_what_was_decided_before_once_another_of_its_type_is() -> None:
    leaving = Leaving()
    leaving.decided(KINDS[NAT], [], [GATEWAY])
    leaving.decided(KINDS[SUBNET], [ITS_PLACE], [NET])
    assert {*leaving} == {"subnet-1"}
    leaving.decided(KINDS[NAT], [], [])
    assert {*leaving} == {"subnet-1", "nat-1"}
