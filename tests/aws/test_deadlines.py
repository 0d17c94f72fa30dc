"""How long a request may take as a whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from ocpprov.aws import deadlines
from ocpprov.aws.deadlines import CallDeadlineError, register_deadline, within_deadline
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import classify


class Session:
    """In place of botocore's."""

    def __init__(self) -> None:
        self.closed = False

    def send(self, request: Any) -> str:
        return f"answer to {request.url}"

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 90),
        ({"Content-Length": b"0"}, 90),
        ({"Content-Length": "50000"}, 95),
        ({"X-Amz-Decoded-Content-Length": "1000000"}, 190),
    ],
)
def test_what_is_uploaded_has_more_time(
    headers: dict[str, str | bytes], seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []

    def timed(limit: float, function: Callable[[], Any]) -> Any:
        given.append(limit)
        return function()

    monkeypatch.setattr(deadlines, "call_with_timeout", timed)
    session = Session()
    client: Any = SimpleNamespace(_endpoint=SimpleNamespace(http_session=session))
    register_deadline(client, 90.0)
    request = SimpleNamespace(headers=headers, url="https://ec2")
    assert client._endpoint.http_session.send(request) == "answer to https://ec2"
    assert given == [seconds]
    client._endpoint.http_session.close()
    assert session.closed


def test_what_takes_longer_has_an_unknown_outcome() -> None:
    for_ever = threading.Event()
    with pytest.raises(CallDeadlineError) as caught:
        within_deadline(for_ever.wait, 0.01, "https://ec2")
    for_ever.set()
    assert classify(caught.value) is ErrorClass.UNKNOWN_OUTCOME
    assert str(caught.value) == "the answer wasn't whole within 0 seconds"
    assert within_deadline(lambda: "in time", 5) == "in time"


def test_an_error_comes_out_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        within_deadline(lambda: 1 // 0, 5)
