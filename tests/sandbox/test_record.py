"""What is kept of a sandbox that runs."""

from __future__ import annotations

import json

import pytest

from ocpprov.sandbox.processes import Process
from ocpprov.sandbox.record import Running, parse_running

RUNNING = Running("http://127.0.0.1:4566", 4711, "815", 50.0, "s3cret")
DOCUMENT = {"endpoint_url": "http://127.0.0.1:4566", "pid": 4711, "started": "815", "scale": 50.0, "secret": "s3cret"}


def test_it_is_read_as_it_was_written() -> None:
    assert json.loads(RUNNING.to_json()) == DOCUMENT
    assert parse_running(RUNNING.to_json()) == RUNNING
    assert RUNNING.process == Process(4711, "815")


def test_what_is_printed_of_it_has_no_secret() -> None:
    assert "s3cret" not in repr(RUNNING)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[1]",
        "[" * 100_000,
        *(json.dumps({key: DOCUMENT[key] for key in DOCUMENT if key != name}) for name in DOCUMENT),
        *(json.dumps({**DOCUMENT, name: None}) for name in DOCUMENT),
        json.dumps({**DOCUMENT, "pid": "4711"}),
        json.dumps({**DOCUMENT, "secret": ""}),
    ],
)
def test_anything_else_is_none(document: str) -> None:
    assert parse_running(document) is None
