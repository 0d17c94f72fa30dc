"""Whether credentials last, from the AWS CLI's settings."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ocpprov.aws.credential_expiry import (
    CredentialExpiry,
    epoch_seconds,
    expiry_in_environment,
    expiry_of_profile_role,
    needs_mfa_code,
)

ROLE = {"role_arn": "arn:aws:iam::1:role/x"}
STATIC = {"aws_access_key_id": "A", "aws_secret_access_key": "x"}
LASTS, ENDS, RENEWED, NOBODY_SAYS = "lasts", "ends", "renewed", "nobody says"


def word(expiry: CredentialExpiry) -> str:
    if expiry.long_term:
        return LASTS
    if expiry.refreshable:
        return RENEWED
    return ENDS if expiry.expires_at is not None else NOBODY_SAYS


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, LASTS),
        ({"AWS_SESSION_TOKEN": "t"}, NOBODY_SAYS),
        ({"AWS_SECURITY_TOKEN": "t"}, NOBODY_SAYS),
        ({"AWS_SESSION_TOKEN": "t", "AWS_CREDENTIAL_EXPIRATION": "2026-11-26T18:35:03Z"}, ENDS),
        ({"AWS_SESSION_TOKEN": "t", "AWS_CREDENTIAL_EXPIRATION": "soon"}, NOBODY_SAYS),
    ],
)
def test_keys_in_the_environment(environ: Mapping[str, str], expected: str) -> None:
    assert word(expiry_in_environment(environ)) == expected


@pytest.mark.parametrize(
    ("profiles", "expected", "ends"),
    [
        ({"lab": {**ROLE, "source_profile": "own"}, "own": STATIC}, RENEWED, 100),
        ({"lab": {**ROLE, **STATIC, "source_profile": "lab"}}, RENEWED, 100),
        ({"lab": {**ROLE, "source_profile": "own"}, "own": {**STATIC, "aws_session_token": "t"}}, ENDS, 100),
        ({"lab": {**ROLE, "source_profile": "own"}, "own": {"credential_process": "x"}}, RENEWED, 100),
        (
            {"lab": {**ROLE, "source_profile": "hub"}, "hub": {**ROLE, "source_profile": "own"}, "own": STATIC},
            RENEWED,
            100,
        ),
        ({"lab": {**ROLE, "credential_source": "Ec2InstanceMetadata"}}, RENEWED, 100),
        # The role's keys are good to their own end, and the source may give others until it ends.
        ({"lab": {**ROLE, "credential_source": "Environment"}}, ENDS, 1000),
        ({"lab": {**ROLE, "credential_source": "Environment", "mfa_serial": "arn"}}, ENDS, 100),
        (
            {
                "lab": {**ROLE, "source_profile": "hub"},
                "hub": {**ROLE, "source_profile": "own", "mfa_serial": "arn"},
                "own": STATIC,
            },
            ENDS,
            100,
        ),
    ],
)
def test_roles_of_profiles(profiles: Mapping[str, Mapping[str, str]], expected: str, ends: float) -> None:
    environ = {"AWS_SESSION_TOKEN": "t", "AWS_CREDENTIAL_EXPIRATION": "1970-01-01T00:16:40Z"}
    expiry = expiry_of_profile_role(profiles, "lab", environ, 100)
    assert (word(expiry), expiry.expires_at) == (expected, ends)
    assert "profile lab" in expiry.source


def test_profiles_that_name_each_other_are_no_endless_chain() -> None:
    assert not needs_mfa_code({"a": {**ROLE, "source_profile": "b"}, "b": {**ROLE, "source_profile": "a"}}, "a")


@pytest.mark.parametrize(
    "moment", ["2026-11-26T18:35:03Z", "2026-11-26T18:35:03+00:00", "2026-11-26T18:35:03", "2026-11-26T20:35:03+02:00"]
)
def test_times_in_every_spelling(moment: str) -> None:
    assert epoch_seconds(moment) == 1795718103


@pytest.mark.parametrize(
    ("expiry", "seconds", "expected"),
    [
        (CredentialExpiry("x", 1060), 90, True),
        (CredentialExpiry("x", 1060), 30, False),
        (CredentialExpiry("x", 1060, refreshable=True), 90, False),
        (CredentialExpiry("x", long_term=True), 90, False),
        (CredentialExpiry("x"), 90, False),
    ],
)
def test_what_ends_within_a_time(expiry: CredentialExpiry, seconds: float, expected: bool) -> None:
    assert expiry.expires_within(1000, seconds) is expected
