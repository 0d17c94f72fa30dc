"""Answers put together: what one of them decides is decided, whatever isn't known of the others."""

from __future__ import annotations

from collections.abc import Iterable

from ocpprov.reachability.verdict import Answer


def all_of(answers: Iterable[Answer]) -> Answer:
    """Yes where all are; of none, yes."""
    found = set(answers)
    return Answer.NO if Answer.NO in found else Answer.UNKNOWN if Answer.UNKNOWN in found else Answer.YES


def any_of(answers: Iterable[Answer]) -> Answer:
    """Yes where one is; of none, no."""
    return negated(all_of(map(negated, answers)))


def negated(answer: Answer) -> Answer:
    """The contrary; of what isn't known that isn't known either."""
    return {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(answer, Answer.UNKNOWN)
