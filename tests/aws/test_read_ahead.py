"""A reader that asks ahead: everything at once, and each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.read_ahead import ReadAheadReader
from ocpprov.aws.reads import Reader
from ocpprov.kinds.reads import Read, read

VPCS, SUBNETS, ZONES = (read("ec2", f"describe_{each}") for each in ("vpcs", "subnets", "availability_zones"))
REFUSED = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no", "r-1", "DescribeSubnets"))


class Rounds(Reader):
    """Notes what is asked for at once; nobody may read `SUBNETS`."""

    def __init__(self) -> None:
        self.rounds: list[list[Read]] = []
        self.forgot = False

    def attempt(self, wanted: Sequence[Any]) -> dict[Any, Any]:
        self.rounds.append(list(wanted))
        return {one: REFUSED if one == SUBNETS else [{"round": len(self.rounds)}] for one in wanted}

    def forget_first_pages(self) -> None:
        self.forgot = True


def test_what_is_ahead_is_asked_with_the_first_question() -> None:
    aws = Rounds()
    reader = ReadAheadReader(aws, [VPCS, SUBNETS, VPCS])
    assert (reader.known, aws.rounds) == ({}, [])
    assert reader.read([ZONES]) == {ZONES: [{"round": 1}]}
    assert aws.rounds == [[ZONES, VPCS, SUBNETS]]
    assert reader.read([VPCS]) == {VPCS: [{"round": 1}]}
    assert reader.attempt([SUBNETS])[SUBNETS] is REFUSED
    assert len(aws.rounds) == 1
    assert reader.known.keys() == {ZONES, VPCS, SUBNETS}


def test_what_was_not_ahead_is_asked_once_too() -> None:
    aws = Rounds()
    reader = ReadAheadReader(aws, [])
    for _ in range(2):
        assert reader.read([VPCS, ZONES]) == {VPCS: [{"round": 1}], ZONES: [{"round": 1}]}
    assert aws.rounds == [[VPCS, ZONES]]


def test_it_has_the_first_pages_of_the_one_below() -> None:
    aws = Rounds()
    ReadAheadReader(aws, []).forget_first_pages()
    assert aws.forgot
