"""The cases of all services together."""

from __future__ import annotations

from typing import Final

from tests.kinds import cases, cases_elb, cases_iam, cases_network, cases_s3, cases_shared_tags

CASES: Final = (
    *cases.CASES,
    *cases_elb.CASES,
    *cases_iam.CASES,
    *cases_network.CASES,
    *cases_s3.CASES,
    *cases_shared_tags.CASES,
)
