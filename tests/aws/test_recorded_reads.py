"""A reader that remembers what AWS answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Reader
from ocpprov.aws.recorded_reads import RecordingReader, failed_reads
from ocpprov.kinds.reads import Read, read

VPCS, SUBNETS, CLOSED = (read("ec2", each) for each in ("describe_vpcs", "describe_subnets", "describe_addresses"))


class Counting(Reader):
    """Answers each read with how often it was asked for; nobody may read `CLOSED`."""

    def __init__(self) -> None:
        self.asked: list[Read] = []

    def attempt(self, wanted: Sequence[Any]) -> dict[Any, Any]:
        self.asked += wanted
        refused = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no", "r-1", "DescribeAddresses"))
        return {one: refused if one == CLOSED else [{"times": self.asked.count(one)}] for one in wanted}


def test_aws_is_asked_each_time_and_the_last_answer_is_remembered() -> None:
    aws = Counting()
    reader = RecordingReader(aws)
    assert reader.read([VPCS]) == {VPCS: [{"times": 1}]}
    assert reader.read([VPCS]) == {VPCS: [{"times": 2}]}
    assert reader.remembering().read([SUBNETS, VPCS]) == {SUBNETS: [{"times": 1}], VPCS: [{"times": 2}]}
    assert aws.asked == [VPCS, VPCS, SUBNETS]


def test_a_refusal_is_asked_for_again() -> None:
    aws = Counting()
    reader = RecordingReader(aws)
    reader.attempt([CLOSED])
    found = reader.remembering().attempt([CLOSED])[CLOSED]
    assert isinstance(found, AwsError)
    assert aws.asked == [CLOSED, CLOSED]


def test_what_could_not_be_read_is_known_with_its_error() -> None:
    aws = Counting()
    reader = RecordingReader(aws)
    reader.attempt([VPCS, CLOSED])
    assert {one: error.code for one, error in failed_reads(reader).items()} == {CLOSED: "UnauthorizedOperation"}
    assert failed_reads(aws) == {}


def test_what_is_asked_beforehand_is_asked_once_though_it_was_refused() -> None:
    aws = Counting()
    reader = RecordingReader(aws)
    reader.read([VPCS])
    known = reader.with_answers_to([VPCS, SUBNETS, CLOSED, SUBNETS])
    assert aws.asked == [VPCS, SUBNETS, CLOSED]
    assert known.attempt([VPCS, SUBNETS]) == {VPCS: [{"times": 1}], SUBNETS: [{"times": 1}]}
    assert isinstance(known.attempt([CLOSED])[CLOSED], AwsError)
    assert aws.asked == [VPCS, SUBNETS, CLOSED]


def test_what_may_be_denied_has_the_answer_that_had_to_come_and_not_the_other_way_round() -> None:
    aws = Counting()
    reader = RecordingReader(aws)
    lenient = [replace(one, may_be_denied=True) for one in (VPCS, SUBNETS)]
    reader.read([VPCS, lenient[1]])
    assert reader.remembering().read(lenient) == {lenient[0]: [{"times": 1}], lenient[1]: [{"times": 1}]}
    reader.remembering().read([SUBNETS])
    assert aws.asked == [VPCS, lenient[1], SUBNETS]
