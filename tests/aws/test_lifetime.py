"""Whether credentials last, from the AWS CLI's settings."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ocpprov.aws.lifetime import Lifetime, asks_for_a_code, in_environment, of_profile_role, seconds_of

ROLE = {"role_arn": "arn:aws:iam::1:role/x"}
STATIC = {"aws_access_key_id": "A", "aws_secret_access_key": "x"}
LASTS, ENDS, RENEWED, NOBODY_SAYS = "lasts", "ends", "renewed", "nobody says"


def word(lifetime: Lifetime) -> str:
    if lifetime.lasting:
        return LASTS
    if lifetime.renewed:
        return RENEWED
    return ENDS if lifetime.ends is not None else NOBODY_SAYS


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
    assert word(in_environment(environ)) == expected


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
    lifetime = of_profile_role(profiles, "lab", environ, 100)
    assert (word(lifetime), lifetime.ends) == (expected, ends)
    assert "profile lab" in lifetime.source


def test_profiles_that_name_each_other_are_no_endless_chain() -> None:
    assert not asks_for_a_code({"a": {**ROLE, "source_profile": "b"}, "b": {**ROLE, "source_profile": "a"}}, "a")


@pytest.mark.parametrize(
    "moment", ["2026-11-26T18:35:03Z", "2026-11-26T18:35:03+00:00", "2026-11-26T18:35:03", "2026-11-26T20:35:03+02:00"]
)
def test_times_in_every_spelling(moment: str) -> None:
    assert seconds_of(moment) == 1795718103


@pytest.mark.parametrize(
    ("lifetime", "seconds", "expected"),
    [
        (Lifetime("x", 1060), 90, True),
        (Lifetime("x", 1060), 30, False),
        (Lifetime("x", 1060, renewed=True), 90, False),
        (Lifetime("x", lasting=True), 90, False),
        (Lifetime("x"), 90, False),
    ],
)
def test_what_ends_within_a_time(lifetime: Lifetime, seconds: float, expected: bool) -> None:
    assert lifetime.ends_within(1000, seconds) is expected
