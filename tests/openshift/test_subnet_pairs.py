"""Flows from subnet to subnet."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocpprov.openshift.subnet_pairs import PairCount, SubnetPair, in_words, not_arriving, pair_counts
from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import Subnet
from ocpprov.reachability.spans import Share, Span
from ocpprov.reachability.verdict import ARRIVES, Obstacle, Unread, Verdict

A, B, C = (Subnet(f"subnet-{each}", Span(0, 3), f"eu-west-1{each}") for each in "abc")
NOWHERE = Subnet("subnet-x", Span(0, 3))
STOPPED = Verdict((Obstacle(ExplanationCode.SG_HAS_NO_RULES, "sg-1", "egress", "tcp", Share(Span(0, 3), Span(1, 1))),))
UNKNOWN = Verdict(unread=(Unread("acl-1"),))
AB, AC = SubnetPair(A, B, STOPPED), SubnetPair(A, C, ARRIVES)
BA, BC = SubnetPair(B, A, UNKNOWN), SubnetPair(B, C, STOPPED)


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        (AB, ("subnet-a to subnet-b", " (eu-west-1a to eu-west-1b)")),
        (SubnetPair(A, NOWHERE, ARRIVES), ("subnet-a to subnet-x", "")),
        (SubnetPair(NOWHERE, A, ARRIVES), ("subnet-x to subnet-a", "")),
        (SubnetPair(A, None, ARRIVES), ("subnet-a", " (eu-west-1a)")),
        (SubnetPair(NOWHERE, None, ARRIVES), ("subnet-x", "")),
    ],
)
def test_a_pair_in_words(pair: SubnetPair, text: tuple[str, str]) -> None:
    assert (str(pair), pair.zones) == text


def test_a_pair_for_programs() -> None:
    assert AB.document() == {"source": "subnet-a", "target": "subnet-b", "answer": "no"}
    assert SubnetPair(A, None, UNKNOWN).document() == {"source": "subnet-a", "target": "", "answer": "unknown"}


def test_what_does_not_arrive_is_what_is_stopped_and_what_is_not_known() -> None:
    assert not_arriving([AB, AC, BA]) == [AB, BA]


@pytest.mark.parametrize(
    ("pairs", "text"),
    [
        ([], ""),
        ([AC], ""),
        ([AB, BA], ""),
        ([AC, AB], "1 of 2 pairs of subnets: subnet-a to subnet-b (eu-west-1a to eu-west-1b)"),
        (
            [AB, AC, BA, BC],
            "3 of 4 pairs of subnets: subnet-a to subnet-b (eu-west-1a to eu-west-1b), "
            "subnet-b to subnet-a (eu-west-1b to eu-west-1a) and 1 more",
        ),
        (
            [SubnetPair(A, None, ARRIVES), SubnetPair(B, None, STOPPED)],
            "1 of 2 subnets: subnet-b (eu-west-1b)",
        ),
    ],
)
def test_where_a_flow_does_not_arrive(pairs: Sequence[SubnetPair], text: str) -> None:
    assert in_words(pairs, 2, zones=True) == text


def test_zones_that_may_be_guesses_are_not_told() -> None:
    assert in_words([AB, AC], 2, zones=False) == "1 of 2 pairs of subnets: subnet-a to subnet-b"


def test_flows_are_counted_by_two_subnets() -> None:
    found = pair_counts([[AC, AB], [SubnetPair(A, B, ARRIVES), BA], [SubnetPair(A, None, ARRIVES)]])
    assert found == [
        PairCount("subnet-a", "subnet-c", 1, 1),
        PairCount("subnet-a", "subnet-b", 2, 1),
        PairCount("subnet-b", "subnet-a", 1, 0),
    ]
