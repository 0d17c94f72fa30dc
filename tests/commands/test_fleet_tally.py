"""What a member's run has told so far, in figures."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ocpprov.commands.fleet_tally import Tally
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.problem import Problem


def _told(*events: tuple[EventKind, str, Mapping[str, object]]) -> Tally:
    tally = Tally()
    for kind, name, detail in events:
        tally.add(Event(kind, 1.0, name, "T", f"id of {name}", detail))
    return tally


def test_each_resource_counts_once_whatever_is_told_of_it() -> None:
    tally = _told(
        (EventKind.STARTED, "A", {}),
        (EventKind.EXISTS, "A", {}),
        (EventKind.READY, "A", {}),
        (EventKind.UPDATED, "A", {}),
        (EventKind.DELETED, "B", {}),
        (EventKind.FORGOTTEN, "C", {}),
        (EventKind.ADOPTED, "D", {}),
        (EventKind.FAILED, "E", {}),
    )
    assert (tally.changed, tally.finished) == (4, False)


def test_errors_calls_and_the_end_are_taken_in() -> None:
    error = {"place": "plan.yaml:1", "detail": "wrong", "remedy": "mend it", "more": 1}
    tally = _told(
        (EventKind.ERROR, "", {"error": error}),
        (EventKind.ERROR, "", {"error": {}}),
        (EventKind.FINISHED, "", {"calls": {"ec2": 3, "iam": 4}}),
    )
    assert tally.problems == [Problem("plan.yaml:1", "wrong", "mend it"), Problem("", "", "")]
    assert (tally.calls, tally.finished) == (7, True)


@pytest.mark.parametrize("detail", [{}, {"error": "text", "calls": "many"}, {"calls": {"ec2": "3"}}])
def test_what_is_not_as_it_should_be_counts_nothing(detail: Mapping[str, object]) -> None:
    tally = _told((EventKind.ERROR, "", detail), (EventKind.FINISHED, "", detail))
    assert (tally.problems, tally.calls, tally.finished) == ([], 0, True)
