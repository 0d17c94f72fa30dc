"""The questions, as values."""

from __future__ import annotations

import re
from pathlib import Path

from live.topics import TOPICS

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = [question for topic in TOPICS for question in topic.questions]


def test_each_names_a_module_that_there_is_and_is_asked_once() -> None:
    assert [question.name for question in QUESTIONS if not (ROOT / question.matters).is_file()] == []
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS) >= 69
    assert len({question.ask for question in QUESTIONS}) == len(QUESTIONS)
    assert [question.id for question in QUESTIONS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.id)] == []
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)


def test_no_topic_needs_more_networks_than_a_new_account_has_room_for() -> None:
    """Five VPCs, of which one is AWS's own and one may be somebody's; five addresses."""
    for topic in TOPICS:
        networks = re.search(r"(\d+) networks?", topic.most)
        assert int(networks[1] if networks else 0) <= 2


def test_what_was_never_asked_of_aws_says_what_another_answer_would_mean() -> None:
    asked = {
        "attachments-to-transit-gateways-by-a-tag-a-filter-that-isn-t-documented",
        "an-alias-record-to-a-balancer-that-was-just-made",
        "private-names-right-after-modifyvpcattribute",
        "a-subnet-in-a-block-that-was-just-associated",
        "a-route-to-a-gateway-that-was-just-attached",
        "a-route-to-a-nat-gateway-that-is-pending",
        "an-internet-facing-balancer-in-a-network-without-an-internet-gateway",
        "a-rule-of-protocol-50-with-the-ports-1-made-described-modified",
        "a-zone-with-an-empty-comment",
        "how-long-listbuckets-doesn-t-list-a-new-bucket",
        "whether-a-filter-shows-a-new-subnet-and-then-not",
        "how-long-a-deleted-endpoint-s-interface-keeps-its-group",
        "createvpcpeeringconnection-twice",
        "an-endpoint-to-a-service-of-another-region-without-vpce-allowmultiregion",
        "a-private-zone-below-example-com",
    }
    assert asked <= {question.id for question in QUESTIONS if question.means}
