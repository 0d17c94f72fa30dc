"""The journal's open intents: what ends one, also in a file that an earlier process has left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.runs.journal import Journal, Record, made, open_intents

BUCKET = "AWS::S3::Bucket"
INTENT = Record("intent", 100.0, "r1", "Bucket", BUCKET, "1-abc", "token", key="bucket one", where="1/eu-west-1")


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
    assert made(path, [BUCKET]) == {(BUCKET, "lab")}
    assert made(path, [BUCKET, "Attachment"]) == {(BUCKET, "lab"), ("Attachment", "lab|arn:some")}
    journal.write(Record("deleted", 3.0, "r2", "Other", "Another", id="la"))
    journal.write(Record("deleted", 3.0, "r2", "Other", "Another", id="labour"))
    assert len(made(path, [BUCKET, "Attachment"])) == 2
    journal.write(Record("deleted", 4.0, "r2", "Bucket", BUCKET, id="lab"))
    assert made(path, [BUCKET, "Attachment"]) == frozenset()
    journal.close()


def test_a_journal_that_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    assert (open_intents(tmp_path), open_intents(tmp_path / "none")) == ((), [])
