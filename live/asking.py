"""Asks the questions, topic by topic; what a topic made is gone before the next begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from botocore.exceptions import BotoCoreError, ClientError

from live.answers import Answer, answer_to, not_asked
from live.lab import Lab
from live.questions import Question, Topic
from live.sweep import sweep


def ask_all(topics: Sequence[Topic], new_lab: Callable[[], Lab], say: Callable[[str], None]) -> Iterator[Answer]:
    """The answers, each when it is there."""
    for topic in topics:
        lab = new_lab()
        say(f"\n{topic.name}: at most {topic.most}")
        for question in topic.questions:
            answer = _ask(question, lab)
            say(f"  {question.name}: {'' if answer.asked else 'not asked: '}{answer.seen}")
            yield answer
        for line in sweep(lab.client, lab.clock, lab.run, seconds=lab.seconds * 2):
            say(f"  not deleted yet: {line}")


def _ask(question: Question, lab: Lab) -> Answer:
    """A question that can't be put says why, and the others are asked all the same."""
    try:
        return answer_to(question, question.ask(lab))
    except (BotoCoreError, ClientError, LookupError, ValueError) as error:
        return not_asked(question, f"{type(error).__name__}: {error}")
