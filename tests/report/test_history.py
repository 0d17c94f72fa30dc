"""Runs read again from what their folder has, by whatever version it was written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ocpprov.report.history import BEGUN, LoggedCall, Other, histories
from ocpprov.report.things import Thing
from ocpprov.runs.event_log import RecordedEvent
from ocpprov.runs.journal import Record
from tests.report.runs import BEGAN, EVENTS, HEAD, RUN, event

OTHER_RUN = "20260102T040000Z.aaaaaaaa.2.00000000"


def begun(**changes: Any) -> RecordedEvent:
    return RecordedEvent(RUN, BEGUN, BEGAN, detail={**json.loads(json.dumps(HEAD.document())), **changes})


def call(**changes: Any) -> dict[str, Any]:
    row = {
        "time": BEGAN + 1,
        "service": "ec2",
        "operation": "CreateVpc",
        "mutating": True,
        "region": "eu-west-1",
        "request_id": "req-1",
        "status": 200,
        "seconds": 0.5,
        "attempt": 1,
        "run": RUN,
    }
    return {name: value for name, value in {**row, **changes}.items() if value is not None}


def test_a_run_is_read_as_it_was_noted() -> None:
    (history,) = histories([begun(), *EVENTS], [], []).values()
    assert history.head.document() == HEAD.document()
    assert (history.head.run, history.head.time, history.head.complete) == (RUN, BEGAN, True)
    assert history.events == EVENTS
    assert history.finished == EVENTS[-1]
    assert history.end == BEGAN + 91


def test_what_is_no_note_is_passed_over() -> None:
    strange = begun(things=[1, {"resource": "A", "type": "T"}], going=None, verbs=[], after=7, others=[{"resource": 1}])
    (history,) = histories([strange], [], []).values()
    assert history.head.things == [Thing("A", "T")]
    assert (history.head.going, history.head.verbs, history.head.after, history.head.others) == ([], {}, {}, [])
    assert histories([begun(others=[{"resource": "A", "what": "x", "stays": False}])], [], [])[RUN].head.others == [
        Other("A", "x", False)
    ]


def test_calls_of_the_run_that_may_have_changed_something() -> None:
    rows = [
        call(),
        call(run=OTHER_RUN, request_id="not ours"),
        call(mutating=False),
        call(request_id=None, status=0, error_code="ReadTimeoutError", attempt=2, resources=["Net"]),
        call(operation=None),
        call(status="x", attempt=None, seconds=None),
    ]
    history = histories([begun()], [], rows)[RUN]
    assert history.calls == [
        LoggedCall(BEGAN + 1, "ec2", "CreateVpc", "req-1", 200, "", 0.5, 1),
        LoggedCall(BEGAN + 1, "ec2", "CreateVpc", "", 0, "ReadTimeoutError", 0.5, 2, ("Net",)),
        LoggedCall(BEGAN + 1, "ec2", "CreateVpc", "req-1", 0, "", 0, 0),
    ]
    assert history.reads == 1


@pytest.mark.parametrize(("after", "expected"), [(-61, 0), (-59, 1), (59, 1), (61, 0)])
def test_lines_of_earlier_versions_count_by_their_time(after: float, expected: int) -> None:
    rows = [call(run=None, time=BEGAN + after)]
    assert len(histories([begun()], [], rows)[RUN].calls) == expected


def test_a_run_of_an_earlier_version_is_made_out_from_its_journal() -> None:
    where = "123456789012/eu-west-1"
    records = [
        Record("proven", BEGAN, RUN, "Old", "T", id="o-1", where=where),
        Record("intent", BEGAN + 1, RUN, "A", "T", token="t", where=where),
        Record("created", BEGAN + 2, RUN, "A", "T", id="a-1", where=where),
        Record("intent", BEGAN + 3, RUN, "B", "T", token="t", where=where),
        Record("refused", BEGAN + 4, RUN, "B", "T", where=where),
        Record("deleted", BEGAN + 5, RUN, "C", "T", id="c-1", where=where),
        Record("settled", BEGAN + 6, RUN, "D", "T", where=where),
    ]
    history = histories([], records, [])[RUN]
    assert not history.head.complete
    assert (history.head.account, history.head.region, history.head.time) == ("123456789012", "eu-west-1", BEGAN)
    assert [(each.name, each.id) for each in history.head.things] == [("Old", "o-1"), ("A", "a-1")]
    assert [(each.name, each.id) for each in history.head.going] == [("C", "c-1")]
    assert [(each.event, each.resource) for each in history.events] == [
        ("started", "A"),
        ("exists", "A"),
        ("started", "B"),
        ("failed", "B"),
        ("deleted", "C"),
    ]
    assert history.finished is None


@pytest.mark.parametrize("time", [float("nan"), float("inf"), -1, 10**400, "1", None, True])
def test_times_that_no_calendar_has_are_no_notes(time: Any) -> None:
    record = Record("created", time, OTHER_RUN, "A", "T", id="a-1")
    found = histories([begun()], [record], [call(time=time), call(seconds=time, status=time, attempt=time)])
    assert list(found) == [RUN]
    assert len(found[RUN].calls) == 1


def test_a_record_of_other_shapes_is_no_record() -> None:
    strange: Any = ["x"]
    assert histories([], [Record("created", BEGAN, RUN, strange, "T")], []) == {}


def test_the_oldest_is_first() -> None:
    later = Record("deleted", BEGAN + 4000, OTHER_RUN, "C", "T", id="c-1")
    assert list(histories([event("finished", 9), begun()], [later], [])) == [RUN, OTHER_RUN]
