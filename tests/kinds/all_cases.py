"""The cases of all services together."""

from __future__ import annotations

from typing import Final

from tests.kinds import cases, cases_elb

CASES: Final = (*cases.CASES, *cases_elb.CASES)
