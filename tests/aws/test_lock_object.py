"""The lock's object, where S3's answers aren't what they have to be."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from ocpprov.aws import lock_object
from ocpprov.aws.clock import SystemClock
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError
from ocpprov.aws.lock_object import LockContent, LockObject

WRITTEN = datetime(2026, 11, 29, 2, 0, 0, tzinfo=UTC)
DATE = "Sun, 29 Nov 2026 02:00:05 GMT"


class Body:
    """So many bytes."""

    def __init__(self, size: int = 0) -> None:
        self.size = size

    def read(self, amount: int) -> bytes:
        return b"x" * min(self.size, amount)


class Silent(Body):
    """Never whole."""

    def read(self, amount: int) -> bytes:
        threading.Event().wait(5)
        return b""


class S3:
    """A client with one answer."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer

    def get_object(self, **_: Any) -> dict[str, Any]:
        return self.answer

    def put_object(self, **_: Any) -> dict[str, Any]:
        return self.answer


def lock(answer: dict[str, Any]) -> LockObject:
    s3: Any = S3(answer)
    return LockObject(s3, "lab", "lock", SystemClock())


def answer(date: str = DATE, size: int = 3, **changed: Any) -> dict[str, Any]:
    about = {"HTTPHeaders": {"date": date} if date else {}}
    whole = {"Body": Body(size), "ETag": '"1"', "LastModified": WRITTEN, "ResponseMetadata": about, **changed}
    return {name: value for name, value in whole.items() if value is not None}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (answer(), LockContent("xxx", '"1"', 5.0)),
        (answer(date=""), LockContent("xxx", '"1"', 0.0)),
        (answer(size=10**7), LockContent("x" * 65536, '"1"', 5.0)),
    ],
)
def test_what_is_there_is_read_and_no_more_than_a_holder_takes(given: dict[str, Any], read: LockContent) -> None:
    assert lock(given).read() == read


@pytest.mark.parametrize(
    "given",
    [
        answer(date="yesterday"),
        answer(ETag=None),
        answer(Body=None),
        answer(LastModified="yesterday"),
        answer(LastModified=None),
    ],
)
def test_what_cannot_be_read_is_an_error_of_aws(given: dict[str, Any]) -> None:
    with pytest.raises(AwsError) as caught:
        lock(given).read(patient=False)
    assert (caught.value.error_class, caught.value.code) == (ErrorClass.UNKNOWN_OUTCOME, "UnreadableAnswer")
    assert caught.value.operation == "GetObject"


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_object, "PROBE_CALL_SECONDS", 0.01)
    with pytest.raises(AwsError) as caught:
        lock(answer(Body=Silent())).read(patient=False)
    assert (caught.value.code, caught.value.operation) == ("CallDeadlineError", "GetObject")


def test_a_write_without_its_tag_is_in_doubt() -> None:
    assert lock({"ETag": '"2"'}).create("{}") == '"2"'
    with pytest.raises(AwsError) as caught:
        lock({}).create("{}")
    assert str(caught.value) == "PutObject: UnreadableAnswer: the answer lacks ETag"
