"""Refusals and failures for programs: each with its place, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.problem import Problem
from ocpprov.engine.verb_counts import verb_counts

AGAIN: Final = "run the same command again"
INTERRUPTED: Final = Problem("", "interrupted", AGAIN)


def problem_document(problem: Problem) -> dict[str, str]:
    """A problem as JSON data; a part that there is none of is empty."""
    return {"place": problem.where, "detail": problem.detail, "remedy": problem.remedy}


def error_document(problems: Sequence[Problem]) -> dict[str, object]:
    """`error` is the first of at least one problem, `errors` are all of them."""
    documents = [problem_document(each) for each in problems]
    return {"error": documents[0], "errors": documents}


def error_events(problems: Sequence[Problem], now: float) -> Iterator[Event]:
    """An event for each, to be sent before the last one; `now` is in seconds since 1970."""
    for each in problems:
        yield Event(EventKind.ERROR, now, detail={"error": problem_document(each)})


def refusal_events(problems: Sequence[Problem], now: float, seconds: float) -> Iterator[Event]:
    """All events of a run that was refused, or ended before it began: it did nothing, in so many seconds."""
    yield from error_events(problems, now)
    nothing: Mapping[str, object] = {
        "ok": False,
        "summary": verb_counts(()),
        "seconds": round(seconds, 1),
        "calls": {},
        "unproven": [],
    }
    yield Event(EventKind.FINISHED, now, detail={**nothing, **error_document(problems)})
