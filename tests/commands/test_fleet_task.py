"""What goes between who starts a fleet and its bastions."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.fleet_task import (
    MemberTask,
    ReachedRegion,
    Word,
    WordKind,
    end_document,
    event_in,
    exit_code_in,
    problems_in_end,
    reaches_of,
    seconds_in,
    word_in,
)
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.problem import Problem
from ocpprov.ui.json_lines import JsonLines

LAB = ReachedRegion("123456789012", "eu-west-1")
WORD = Word(
    "attempt", WordKind.ENDED, "worker", "bastion", "/var/lib/fleet", end_document(2, 1.23, [Problem("a", "b")])
)


def test_a_worker_reaches_what_its_resources_say_and_no_more() -> None:
    labels = [LAB.label, "GPU", "aws:12345678901:eu-west-1", "aws:123456789012:", "xaws:123456789012:eu-west-1"]
    assert reaches_of(labels) == {LAB}


def test_neither_text_nor_parameters_of_a_plan_are_in_words_on_a_task() -> None:
    task = MemberTask("attempt", "stop", "lab", LAB, "apply", "s3cret text", ["--parameter", "Word=s3cret"], "1")
    assert "s3cret" not in repr(task)


def test_a_word_comes_back_as_it_was_said() -> None:
    assert word_in(json.loads(json.dumps(WORD.document()))) == WORD


@pytest.mark.parametrize(
    "said", [None, 3, {}, {"kind": "ended"}, {"kind": "other", "detail": {}}, {"kind": "ended", "detail": 3}]
)
def test_what_is_no_word_is_none(said: object) -> None:
    assert word_in(said) is None


@pytest.mark.parametrize(
    "event",
    [
        Event(EventKind.EXISTS, 1_700_000_000.125, "VPC", "AWS::EC2::VPC", "vpc-1"),
        Event(EventKind.FAILED, 1_700_000_000.0, "VPC", detail={"reason": "full", "code": "Limit"}),
        Event(EventKind.FINISHED, 1_700_000_000.0, detail={"ok": True, "calls": {"ec2:CreateVpc": 1}}),
    ],
)
def test_a_line_of_json_is_the_event_again(event: Event) -> None:
    stream = io.StringIO()
    JsonLines(stream).emit(event)
    assert event_in(json.loads(stream.getvalue())) == event


@pytest.mark.parametrize(
    "row",
    [{}, {"event": "unheard-of", "time": "2026-01-01T00:00:00+00:00"}, {"event": "note"}, {"event": "note", "time": 3}],
)
def test_what_is_no_event_is_none(row: dict[str, object]) -> None:
    assert event_in(row) is None


def test_an_end_says_code_seconds_and_problems() -> None:
    assert exit_code_in(WORD.detail) is ExitCode.REFUSED
    assert seconds_in(WORD.detail) == 1.2
    assert problems_in_end(WORD.detail) == [Problem("a", "b")]


@pytest.mark.parametrize("code", [-9, 77, "none", None, [1]])
def test_an_end_that_nobody_knows_failed(code: object) -> None:
    odd = replace(WORD, detail={"code": code, "seconds": "long", "problems": ["odd", {"detail": "d"}]})
    assert exit_code_in(odd.detail) is ExitCode.FAILED
    assert seconds_in(odd.detail) == 0.0
    assert problems_in_end(odd.detail) == [Problem("", "odd"), Problem("", "d")]
    assert problems_in_end({"problems": 3}) == []
