"""Tags of several types of load balancing go out in one call, as far as twenty do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ocpprov.kinds.elbv2.common import tags_by_arn
from ocpprov.kinds.elbv2.tags_together import TogetherTagged
from ocpprov.kinds.reads import Pages, Read, read

BULK = TogetherTagged()


def tags(*arns: str) -> Read:
    return read("elbv2", "describe_tags", ResourceArns=list(arns))


def answered(*arns: str) -> Pages:
    return Pages({tags(*arns): [{"TagDescriptions": [{"ResourceArn": arn, "Tags": []} for arn in arns]}]})


def numbered(word: str, count: int) -> list[str]:
    return [f"{word}-{number:02}" for number in range(count)]


CLASSIC = read("elb", "describe_tags", LoadBalancerNames=["c"])
BALANCERS, GROUPS, LISTENERS = tags("b-1", "b-2"), tags("g-1"), tags("l-1")


def test_what_is_asked_in_one_round_is_one_call() -> None:
    asked = BULK.instead([BALANCERS, CLASSIC, GROUPS], Pages())
    assert asked == {tags("b-1", "b-2", "g-1"): [BALANCERS, GROUPS]}


@pytest.mark.parametrize("wanted", [[], [BALANCERS], [CLASSIC, GROUPS], [tags(*numbered("b", 20)), GROUPS]])
def test_nothing_is_joined_that_spares_no_call(wanted: Sequence[Read]) -> None:
    assert BULK.instead(wanted, Pages()) == {}


def test_shares_are_filled() -> None:
    one, two, three = (tags(*numbered(word, 13)) for word in "abc")
    asked = BULK.instead([one, two, three], Pages())
    assert [len(each.arguments()["ResourceArns"]) for each in asked] == [20, 19]
    assert list(asked.values()) == [[one, two], [two, three]]


def test_what_is_known_is_not_asked_again() -> None:
    known = answered("b-1", "b-2")
    assert BULK.told([BALANCERS, GROUPS, CLASSIC], known) == {BALANCERS: []}
    assert BULK.instead([tags("b-2", "b-3"), GROUPS], known) == {tags("b-3", "g-1"): [tags("b-2", "b-3"), GROUPS]}


def test_whom_an_answer_says_nothing_of_is_asked_for_by_itself() -> None:
    assert BULK.told([BALANCERS], answered("b-1")) == {}


def test_the_kinds_find_the_tags_in_the_common_answer() -> None:
    page: Any = {"TagDescriptions": [{"ResourceArn": "b-1", "Tags": [{"Key": "k", "Value": "v"}]}]}
    assert tags_by_arn(Pages({tags("b-1", "g-1"): [page], BALANCERS: []})) == {"b-1": {"k": "v"}}
