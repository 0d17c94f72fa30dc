"""How a fleet ends, by how its members do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.fleet_values import FleetMember, MemberEnd, worst
from ocpprov.runs.folder import RunFolder

MEMBER = FleetMember(Path("lab.yaml"), "lab", "", "eu-west-1", RunFolder(Path(".ocpprov/lab")))


@pytest.mark.parametrize(
    ("codes", "fleet"),
    [
        ((), ExitCode.DONE),
        ((0, 0), ExitCode.DONE),
        ((0, 2), ExitCode.REFUSED),
        ((2, 3), ExitCode.UNKNOWN),
        ((3, 1, 2), ExitCode.FAILED),
        ((1, 130, 0), ExitCode.INTERRUPTED),
    ],
)
def test_a_fleet_ends_as_its_member_that_ended_worst(codes: tuple[int, ...], fleet: ExitCode) -> None:
    assert worst(MemberEnd(MEMBER, ExitCode(code)) for code in codes) is fleet
