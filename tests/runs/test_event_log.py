"""What happened in a run is kept for its report, and never in the run's way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocpprov.engine.events import Event, EventKind
from ocpprov.runs.event_log import EventLog, RecordedEvent, read_events, read_rows
from ocpprov.runs.private_files import Untrusted


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / ".ocpprov" / "lab").mkdir(parents=True, mode=0o700)
    return tmp_path / ".ocpprov" / "lab" / "runs.jsonl"


def test_what_is_written_is_read(path: Path) -> None:
    said: list[str] = []
    for run in ("one", "two"):
        log = EventLog(path, run, said.append)
        log.begin(1.00049, {"plan": "lab"})
        log.add(Event(EventKind.EXISTS, 2.5, "Net", "T", "t-1"))
        log.add(Event(EventKind.PLANNED, 3, detail={"large": True}))
        log.add(Event(EventKind.OUTPUTS, 3, detail={"large": True}))
        log.add(Event(EventKind.FAILED, 4, "Net", detail={"reason": "x"}))
    assert list(read_events(path))[:3] == [
        RecordedEvent("one", "begun", 1.0, detail={"plan": "lab"}),
        RecordedEvent("one", "exists", 2.5, "Net", "T", "t-1"),
        RecordedEvent("one", "failed", 4, "Net", detail={"reason": "x"}),
    ]
    assert [each.run for each in read_events(path)] == ["one"] * 3 + ["two"] * 3
    assert said == []
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_torn_line_and_what_is_no_event_are_passed_over(path: Path) -> None:
    path.write_text(
        '{"run":"a","event":"exists","time":1}\n[1]\n{"run":"a","event":"exists","time":1e999}\n{"run":1}\n{"run":"a","event":"ready","time":2,"det'
    )
    path.chmod(0o600)
    assert list(read_events(path)) == [RecordedEvent("a", "exists", 1)]
    assert list(read_rows(path.parent / "none")) == []


def test_what_others_may_have_put_there_is_neither_read_nor_written(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Untrusted):
        list(read_events(path))
    said: list[str] = []
    log = EventLog(path, "a", said.append)
    for _ in range(3):
        log.add(Event(EventKind.NOTE, 1))
    assert len(said) == 1
    assert said[0].startswith(f"{path} can't be written (symbolic links aren't followed there")
    assert not (tmp_path / "elsewhere").exists()


def test_a_log_that_takes_nothing_more_stops_nothing(path: Path) -> None:
    said: list[str] = []
    os.mkfifo(path, 0o600)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    log = EventLog(path, "a", said.append)
    log.begin(1, {})
    os.close(reader)
    for _ in range(3):
        log.add(Event(EventKind.NOTE, 1))
    assert said == [f"{path} can't be written (Broken pipe); the run goes on, its report will lack what follows"]


def test_after_the_end_of_a_run_its_file_is_closed_and_nothing_more_is_written(path: Path) -> None:
    open_before = len(os.listdir("/proc/self/fd"))
    log = EventLog(path, "run", lambda _: None)
    log.begin(1.0, {})
    log.close()
    log.add(Event(EventKind.NOTE, 2.0))
    assert [each.event for each in read_events(path)] == ["begun"]
    assert len(os.listdir("/proc/self/fd")) == open_before
