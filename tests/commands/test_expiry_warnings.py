"""Whether the credentials last as long as the run: a line before it begins, and a check of preflight."""

from __future__ import annotations

import pytest

from ocpprov.aws.credential_expiry import CredentialExpiry
from ocpprov.checks.result import Status
from ocpprov.commands.expiry_warnings import credentials_check

NOON = 1_767_268_800.0
"""2026-01-01 12:00 UTC."""


@pytest.mark.parametrize(
    ("expiry", "status", "said"),
    [
        (CredentialExpiry("the environment", long_term=True), Status.PASS, "those of the environment have no end"),
        (
            CredentialExpiry("sso", NOON + 60, refreshable=True),
            Status.PASS,
            "those of sso end at 12:01 UTC and are renewed",
        ),
        (CredentialExpiry("a role", refreshable=True), Status.PASS, "those of a role are renewed"),
        (CredentialExpiry("a role"), Status.UNKNOWN, "those of a role are temporary, and nobody says when they end"),
        (
            CredentialExpiry("a role", NOON + 599),
            Status.WARN,
            "the credentials of a role end in 10 minutes and can't be renewed, and the run takes about 10 minutes",
        ),
        (
            CredentialExpiry("a role", NOON - 1),
            Status.WARN,
            "the credentials of a role end in 0 minutes and can't be renewed, and the run takes about 10 minutes",
        ),
        (
            CredentialExpiry("a role", NOON + 601),
            Status.PASS,
            "those of a role end at 12:10 UTC, in 11 minutes, and can't be renewed; the run takes about 10 minutes",
        ),
    ],
)
def test_a_run_of_ten_minutes(expiry: CredentialExpiry, status: Status, said: str) -> None:
    check = credentials_check(expiry, NOON, 600)
    assert (check.id, check.status, check.detail) == ("credentials", status, said)


def test_one_minute_is_one() -> None:
    assert "about 1 minute" in credentials_check(CredentialExpiry("a role", NOON + 30), NOON, 60).detail
    assert "in 1 minute " in credentials_check(CredentialExpiry("a role", NOON + 30), NOON, 60).detail
