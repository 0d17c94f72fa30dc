"""Logical ids that a zone's reference has no room for."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from ocpprov.engine.abbreviated_ids import abbreviated, means, with_whole_ids
from ocpprov.engine.ownership import RESOURCE
from tests.engine.examples import OUR_VPC, ZONE
from tests.engine.planning import inventory, live

LONG: Final = "ZoneOf" * 20
SHORT: Final = f"{LONG[:24]}-a2971f37aaf4"
OUR_ZONE: Final = live(ZONE, "Z1", LONG, {"Name": "x.corp."})


def test_it_is_the_beginning_and_a_part_of_the_sum_for_ever() -> None:
    """Zones have it in their references."""
    assert abbreviated(LONG) == SHORT


@pytest.mark.parametrize(
    ("said", "same"), [(LONG, True), (SHORT, True), (LONG[:24], False), (f"{SHORT}0", False), ("", False)]
)
def test_either_spelling_means_the_same(said: str, same: bool) -> None:
    assert means(said, LONG) is same


def test_a_claim_has_its_whole_id_beside_those_that_never_were_short() -> None:
    short = replace(OUR_ZONE, claim={**OUR_ZONE.claim, RESOURCE: SHORT})
    other = replace(short, id="Z2", claim={**short.claim, RESOURCE: abbreviated("Another")})
    found = with_whole_ids(inventory(OUR_VPC, short, other), [LONG, "Vpc"])
    assert list(found) == [OUR_VPC, OUR_ZONE, other]
    unchanged = inventory(OUR_VPC, OUR_ZONE)
    assert with_whole_ids(unchanged, [LONG]) is unchanged
