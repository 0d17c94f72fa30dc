"""The journal: what it says of open intents and of what was made, and how it stands what crashes leave on the disk."""

from __future__ import annotations

import errno
import json
import os
import stat
import threading
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from ocpprov.runs.journal import Journal, Made, Record, account_region, made, open_intents, read
from ocpprov.runs.private_files import Untrusted

BUCKET = "AWS::S3::Bucket"
HERE, ELSEWHERE = account_region("1", "eu-west-1"), account_region("2", "eu-west-1")
INTENT = Record("intent", 100.0, "r1", "Bucket", BUCKET, "1-abc", "token", key="bucket one", where=HERE)


def _written(path: Path, *records: Record) -> Path:
    journal = Journal(path)
    for record in records:
        journal.write(record)
    journal.close()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def test_an_intent_is_open_until_something_is_said_of_it(path: Path) -> None:
    assert open_intents(_written(path, INTENT)) == [INTENT]


@pytest.mark.parametrize("event", ["created", "deleted", "refused", "settled"])
def test_whatever_comes_of_it_ends_it(path: Path, event: Any) -> None:
    _written(path, INTENT, Record(event, 101.0, "r1", "Bucket", BUCKET, id="one"))
    assert open_intents(path) == []
    journal = Journal(path)
    assert (journal.is_open(BUCKET, "Bucket"), journal.in_doubt(BUCKET, "Bucket", "1-abc")) == (False, None)
    journal.close()


def test_every_line_says_of_which_account_and_region_it_is(path: Path) -> None:
    journal = Journal(path, HERE)
    journal.write(replace(INTENT, where=""))
    journal.write(Record("created", 101.0, "r1", "Bucket", BUCKET, id="one"))
    journal.close()
    assert [record.where for record in read(path)] == ["1/eu-west-1"] * 2
    assert made(path, [BUCKET]) == {Made(BUCKET, "one", "1/eu-west-1")}


@pytest.mark.parametrize(
    ("earlier", "later", "left"),
    [
        (HERE, HERE, 0),
        (HERE, ELSEWHERE, 1),
        (HERE, account_region("1", "eu-west-2"), 1),
        # An earlier version didn't say it.
        ("", HERE, 0),
        (HERE, "", 0),
    ],
)
def test_what_comes_of_it_in_another_account_or_region_ends_nothing(
    path: Path, earlier: str, later: str, left: int
) -> None:
    intent = replace(INTENT, where=earlier)
    _written(path, intent, Record("created", 101.0, "r1", "Bucket", BUCKET, id="one", where=later))
    assert open_intents(path) == [intent] * left
    gone = Record("deleted", 102.0, "r1", "Bucket", BUCKET, id="one", where=earlier)
    assert len(made(_written(path, gone), [BUCKET])) == left


@pytest.mark.parametrize(("where", "known"), [(HERE, True), ("", True), (ELSEWHERE, False)])
def test_a_run_does_not_know_what_another_account_has_open(path: Path, where: str, known: bool) -> None:
    journal = Journal(_written(path, INTENT), where)
    assert journal.is_open(BUCKET, "Bucket") is known
    assert (journal.in_doubt(BUCKET, "Bucket", "1-abc") == INTENT) is known
    journal.settle("r2", 1000.0, 60.0)
    journal.close()
    assert open_intents(path) == ([] if known else [INTENT])


def test_of_one_resource_two_accounts_may_have_intents(path: Path) -> None:
    other = replace(INTENT, where=ELSEWHERE, token="other")
    assert open_intents(_written(path, INTENT, other)) == [INTENT, other]
    again = replace(INTENT, token="again")
    assert open_intents(_written(path, again)) == [other, again]


def test_another_resource_ends_nothing(path: Path) -> None:
    _written(path, INTENT, Record("created", 101.0, "r1", "Other", BUCKET, id="one"))
    assert open_intents(path) == [INTENT]


@pytest.mark.parametrize(("now", "left"), [(160.0, 1), (161.0, 0)])
def test_what_was_looked_for_long_enough_is_settled(path: Path, now: float, left: int) -> None:
    journal = Journal(_written(path, INTENT))
    journal.settle("r2", now, 60.0)
    assert journal.is_open(BUCKET, "Bucket") is bool(left)
    journal.close()
    assert len(open_intents(path)) == left
    assert made(path, [BUCKET]) == frozenset()


def test_what_was_made_is_known_by_type_and_id_until_it_or_what_it_belongs_to_goes(path: Path) -> None:
    attached = replace(INTENT, event="created", type="Attachment", resource="Policy", id="lab|arn:some")
    journal = Journal(_written(path, replace(INTENT, event="created", id="lab"), attached))
    assert made(path, [BUCKET]) == {Made(BUCKET, "lab", HERE)}
    assert made(path, [BUCKET, "Attachment"]) == {Made(BUCKET, "lab", HERE), Made("Attachment", "lab|arn:some", HERE)}
    journal.write(Record("deleted", 3.0, "r2", "Other", "Another", id="la"))
    journal.write(Record("deleted", 3.0, "r2", "Other", "Another", id="labour"))
    assert len(made(path, [BUCKET, "Attachment"])) == 2
    journal.write(Record("deleted", 4.0, "r2", "Bucket", BUCKET, id="lab"))
    assert made(path, [BUCKET, "Attachment"]) == frozenset()
    journal.close()


def test_a_journal_that_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    assert (open_intents(tmp_path), open_intents(tmp_path / "none")) == ((), [])


def test_a_line_is_one_object_whose_fields_later_versions_read(path: Path) -> None:
    _written(path, INTENT)
    assert path.read_bytes() == (
        b'{"event":"intent","time":100.0,"run":"r1","resource":"Bucket","type":"AWS::S3::Bucket","revision":"1-abc",'
        b'"token":"token","id":"","key":"bucket one","where":"1/eu-west-1"}\n'
    )
    assert list(read(path)) == [INTENT]


def test_a_torn_last_line_is_passed_over_and_ended(path: Path) -> None:
    whole = _written(path, INTENT).read_bytes()
    path.write_bytes(whole + whole[:40])
    assert list(read(path)) == [INTENT]
    later = replace(INTENT, resource="Other")
    _written(path, later)
    assert path.read_bytes().startswith(whole + whole[:40] + b"\n{")
    assert list(read(path)) == [INTENT, later]


@pytest.mark.parametrize(
    "line",
    [b"", b"hello", b"[1]", b"null", b"17", b'{"event":"intent"}', b"\xff\xfe", b'{"event":"created","time":1'],
)
def test_foreign_lines_are_passed_over(path: Path, line: bytes) -> None:
    whole = _written(path, INTENT).read_bytes()
    path.write_bytes(line + b"\n" + whole + line + b"\n")
    assert list(read(path)) == [INTENT]
    assert open_intents(path) == [INTENT]


def test_fields_of_later_versions_are_passed_over_and_those_of_earlier_ones_are_enough(path: Path) -> None:
    path.write_text(
        json.dumps({"event": "intent", "time": 1.0, "run": "r", "resource": "A", "type": "T", "mood": "good"}) + "\n"
    )
    assert list(read(path)) == [Record("intent", 1.0, "r", "A", "T")]


def test_it_is_for_its_owners_eyes_only(path: Path) -> None:
    before = os.umask(0)
    try:
        _written(path, INTENT)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_to_another_file_is_not_followed(path: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    path.symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="symbolic links"):
        Journal(path)
    assert (tmp_path / "precious").read_text() == "precious"


def test_a_journal_that_others_may_write_to_is_believed_by_nobody(path: Path) -> None:
    _written(path, INTENT)
    path.chmod(0o666)
    for read_it in (Journal, open_intents, lambda path: made(path, [BUCKET])):
        with pytest.raises(Untrusted):
            read_it(path)


def test_only_earlier_processes_are_in_doubt_and_only_about_the_same_revision(path: Path) -> None:
    journal = Journal(_written(path, INTENT))
    journal.write(replace(INTENT, resource="New"))
    assert journal.in_doubt(BUCKET, "Bucket", "1-abc") == INTENT
    assert journal.in_doubt(BUCKET, "Bucket", "1-xyz") is None
    assert journal.in_doubt("Another", "Bucket", "1-abc") is None
    assert journal.in_doubt(BUCKET, "New", "1-abc") is None
    assert journal.is_open(BUCKET, "New")
    journal.close()


def test_the_newest_intent_is_the_open_one(path: Path) -> None:
    newer = replace(INTENT, time=200.0, token="another")
    assert open_intents(_written(path, INTENT, newer)) == [newer]
    journal = Journal(path)
    assert journal.in_doubt(BUCKET, "Bucket", "1-abc") == newer
    journal.close()


def test_each_line_is_on_the_disk_when_the_write_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forced: list[int] = []
    force = os.fsync

    def fsync(descriptor: int) -> None:
        forced.append(path.stat().st_size)
        force(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    _written(path, INTENT, INTENT)
    assert forced == [path.stat().st_size // 2, path.stat().st_size]


def test_what_takes_a_part_of_a_line_is_given_the_rest(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:7]))
    _written(path, INTENT)
    assert list(read(path)) == [INTENT]


def test_a_full_disk_stops_the_next_intent_and_nothing_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(_written(path, INTENT))

    def full(_: int, __: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    journal.write(Record("created", 101.0, "r1", "Bucket", BUCKET, id="one"))
    assert not journal.is_open(BUCKET, "Bucket")
    monkeypatch.undo()
    with pytest.raises(OSError, match="the journal can't be written: No space left on device") as caught:
        journal.write(replace(INTENT, resource="Other"))
    assert caught.value.errno == errno.ENOSPC
    assert not journal.is_open(BUCKET, "Other")
    journal.close()
    # Nothing follows a line that may be torn.
    assert list(read(path)) == [INTENT]


def test_who_is_left_behind_by_a_run_that_ended_writes_nowhere(path: Path, tmp_path: Path) -> None:
    journal = Journal(path)
    journal.close()
    with (tmp_path / "another").open("w"):
        journal.write(Record("created", 101.0, "r1", "Bucket", BUCKET, id="one"))
    assert (path.read_bytes(), (tmp_path / "another").read_bytes()) == (b"", b"")


def _write_all(journal: Journal, records: Sequence[Record]) -> None:
    for record in records:
        journal.write(record)


def test_threads_write_whole_lines(path: Path) -> None:
    journal = Journal(path)
    records = [[replace(INTENT, resource=f"{thread} {number}") for number in range(20)] for thread in range(8)]
    threads = [threading.Thread(target=_write_all, args=(journal, each)) for each in records]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    assert sorted(record.resource for record in read(path)) == sorted(one.resource for each in records for one in each)


def _write_many(path: Path, name: str) -> None:
    _written(path, *(replace(INTENT, resource=f"{name} {number}") for number in range(50)))


def test_two_processes_write_whole_lines(path: Path) -> None:
    context = get_context("fork")
    processes = [context.Process(target=_write_many, args=(path, name)) for name in "ab"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(20)
    assert [process.exitcode for process in processes] == [0, 0]
    expected = sorted(f"{name} {number}" for name in "ab" for number in range(50))
    assert sorted(record.resource for record in read(path)) == expected


def test_a_journal_that_is_there_and_cannot_be_read_is_an_error_for_who_reads_it_all(tmp_path: Path) -> None:
    assert list(read(tmp_path / "none")) == []
    with pytest.raises(IsADirectoryError):
        list(read(tmp_path))
