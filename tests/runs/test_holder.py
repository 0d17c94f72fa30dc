"""Who holds a lock: as it is written, read and said."""

from __future__ import annotations

import getpass
import json
import os
import socket

import pytest

from ocpprov.runs.holder import Holder, parse, span, this_process

HOLDER = Holder("r1", "ann", "bastion", 17, 1000.0, "ready Nat", 3, released=True)


def test_it_is_one_line_of_json_whose_fields_later_versions_read() -> None:
    text = HOLDER.text()
    assert text.endswith("}\n")
    assert text.count("\n") == 1
    assert json.loads(text) == {
        "run": "r1",
        "user": "ann",
        "host": "bastion",
        "pid": 17,
        "since": 1000.0,
        "progress": "ready Nat",
        "beat": 3,
        "released": True,
    }
    assert parse(text) == HOLDER


def test_fields_of_later_versions_are_passed_over_and_those_of_earlier_ones_are_enough() -> None:
    text = '{"run": "r1", "user": "ann", "host": "bastion", "pid": 17, "since": 1000.0, "mood": "good"}'
    assert parse(text) == Holder("r1", "ann", "bastion", 17, 1000.0, "", 0, released=False)


@pytest.mark.parametrize("text", ["", "hello", "[]", "null", '{"run": "r1"}', '{"run": "r1", "user": '])
def test_anything_else_is_none(text: str) -> None:
    assert parse(text) is None


def test_it_is_said_in_one_sentence() -> None:
    assert HOLDER.words(1119.0) == ("ann on bastion, process 17, since 00:16:40 UTC (119 s), run r1, last: ready Nat")
    assert Holder("r1", "ann", "bastion", 17, 1000.0).words(1000.0) == (
        "ann on bastion, process 17, since 00:16:40 UTC (0 s), run r1"
    )


def test_what_others_have_written_cannot_steer_the_terminal() -> None:
    said = Holder("r1", "ann\x1b[2J", "bastion\n", 17, 1000.0).words(1000.0)
    assert "\x1b" not in said
    assert "\n" not in said


def test_this_process_says_who_and_where_it_is() -> None:
    assert this_process("r1", 1000.0) == Holder("r1", getpass.getuser(), socket.gethostname(), os.getpid(), 1000.0)


def test_a_user_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert this_process("r1", 1000.0).user == str(os.getuid())


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3.0, "0 s"),
        (0.4, "0 s"),
        (119.4, "119 s"),
        (119.6, "2 min"),
        (120.0, "2 min"),
        (7199.4, "119 min"),
        (7200.0, "2 h"),
        (90_000.0, "25 h"),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert span(seconds) == said
