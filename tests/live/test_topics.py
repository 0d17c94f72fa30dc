"""All questions, asked of a sandbox with the quotas of a new account."""

from __future__ import annotations

import re
from typing import Final

import pytest

from live.asking import ask_all
from live.inventory import look
from live.lab import Lab
from live.questions import Topic
from live.sweep import sweep
from live.topics import TOPICS
from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.default_quotas import default_quotas
from tests.live.support import REGION, RUN, Aws

SAMPLE: Final = ("a peering", "load balancers")


@pytest.mark.parametrize(
    "topic",
    [pytest.param(topic, id=topic.name, marks=() if topic.name in SAMPLE else pytest.mark.torture) for topic in TOPICS],
)
def test_a_topics_questions_can_be_asked_and_leave_nothing(aws: Aws, topic: Topic) -> None:
    aws.pipeline.set_conditions(Conditions(quotas=default_quotas()))
    before = {thing for thing in look(aws.client).things if not thing.going}
    lab = Lab(aws.client, aws.clock, REGION, f"{REGION}a", RUN, with_keys=lambda like, keys: like)
    said: list[str] = []
    answers = list(ask_all([topic], lambda: lab, said.append))
    assert [answer.says for answer in answers if not answer.asked] == []
    assert len(answers) == len(topic.questions)
    assert {thing for thing in look(aws.client).things if not thing.going} == before
    assert [line for line in said if "not deleted" in line] == []
    networks = re.search(r"(\d+) networks?", topic.most)
    assert aws.changes().count("CreateVpc") == int(networks[1] if networks else 0)


@pytest.mark.torture
@pytest.mark.parametrize("topic", [pytest.param(topic, id=topic.name) for topic in TOPICS])
def test_they_can_be_asked_too_where_what_is_new_is_seen_late_and_lists_come_in_pages(aws: Aws, topic: Topic) -> None:
    late = Conditions(unseen_by_id=8, unseen_by_tag=12, flapping=True, page_size=5, quotas=default_quotas())
    aws.pipeline.set_conditions(late)
    lab = Lab(aws.client, aws.clock, REGION, f"{REGION}a", RUN, with_keys=lambda like, keys: like)
    answers = list(ask_all([topic], lambda: lab, lambda _: None))
    assert [answer.says for answer in answers if not answer.asked] == []
    assert sweep(aws.client, aws.clock, RUN, looks=2) == []
