"""Single things that are missing or bent in a VPC without a plan: which rows notice it, and what they say.

found_breakages.json has, for each: the `statuses` of all rows that are others than in the whole cluster, and of one
`row` the detail and the remedy. `flows`: whether it takes the port matrix to notice. How flows are told is theirs: of
them there is the beginning, and no remedy.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.checks.found_breakages import BROKEN
from tests.checks.found_cases import otherwise, rows

FILE: Final = Path(__file__).with_name("found_breakages.json")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


def test_all_are_told(told: dict[str, Any]) -> None:
    assert [*told] == [*BROKEN]


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named_by_its_row_and_mended_by_what_it_says(told: dict[str, Any], name: str) -> None:
    wanted = told[name]
    found = rows(BROKEN[name], flows=wanted["flows"])
    row = found[wanted["row"]]
    if wanted["remedy"] is None:
        assert row.detail.startswith(wanted["detail"])
    else:
        assert (row.detail, row.remedy) == (wanted["detail"], wanted["remedy"])
    assert otherwise(found) == wanted["statuses"]
