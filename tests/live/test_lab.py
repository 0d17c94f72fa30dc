"""Scratch resources are made as soon as AWS sees what they name; anything else that AWS says is said at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError

from live.asking import ask_all
from live.lab import Lab
from live.questions import Measured, Question, Topic
from live.questions_lags import accepted_after
from ocpprov.sandbox.clocks import VirtualClock
from tests.live.support import REGION, RUN, Ticking, nothing_there


@pytest.fixture
def lab() -> Lab:
    return Lab(nothing_there, Ticking(VirtualClock()), REGION, f"{REGION}a", RUN, seconds=30)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "Create")  # type: ignore[typeddict-item]


def answering(answers: Sequence[Any]) -> Any:
    """Gives one after the other, the last for ever; errors are raised."""
    left = list(answers)

    def call() -> Any:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return call


@pytest.mark.parametrize("code", ["InvalidVpcID.NotFound", "NatGatewayNotFound", "NoSuchEntity", "NoSuchBucket"])
def test_what_isnt_seen_yet_is_tried_again(lab: Lab, code: str) -> None:
    assert lab.made(answering([refusal(code), refusal(code), "made"])) == "made"
    assert lab.clock.monotonic() == 2.0


def test_what_aws_refuses_is_said_at_once_and_what_is_never_seen_in_the_end(lab: Lab) -> None:
    with pytest.raises(ClientError, match="VpcLimitExceeded"):
        lab.made(answering([refusal("VpcLimitExceeded"), "made"]))
    assert lab.clock.monotonic() == 0.0
    with pytest.raises(ClientError, match="NoSuchEntity"):
        lab.made(answering([refusal("NoSuchEntity")]))
    assert 30 < lab.clock.monotonic() < 34


@pytest.mark.parametrize(
    ("answers", "measured"),
    [
        (["made"], Measured("ok", 0.0)),
        ([refusal("X"), refusal("Y"), "made"], Measured("X 400", 1.0)),
        ([refusal("X")], Measured("X 400", None)),
    ],
)
def test_what_is_taken_after_a_while_is_measured(lab: Lab, answers: list[Any], measured: Measured) -> None:
    assert accepted_after(lab, answering(answers)) == measured


def test_a_measurement_looks_less_often_the_longer_it_takes(lab: Lab) -> None:
    lab.seconds = 1000
    looks: list[float] = []

    def happened() -> bool:
        looks.append(lab.clock.monotonic())
        return looks[-1] > 200

    took = lab.took(happened)
    assert took is not None
    assert 200 < took < 210
    assert len(looks) < 80


def test_a_question_that_cant_be_put_leaves_the_others_to_be_asked(lab: Lab) -> None:
    def broken(lab: Lab) -> str:
        raise refusal("VpcLimitExceeded")

    said: list[str] = []
    questions = [Question("one", "", "a.py", broken), Question("two", "", "a.py", lambda lab: "ok")]
    answers = list(ask_all([Topic("all", questions, "nothing")], lambda: lab, said.append))
    assert [(answer.asked, answer.says) for answer in answers] == [
        (False, "ClientError: An error occurred (VpcLimitExceeded) when calling the Create operation: Unknown"),
        (True, "ok"),
    ]
    assert said == ["\nall: at most nothing", f"  one: not asked: {answers[0].says}", "  two: ok"]
