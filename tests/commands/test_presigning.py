"""How long a presigned URL is good, in words: it ends with the credentials that signed it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ocpprov.aws.credential_expiry import CredentialExpiry
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.presigning import how_long, presigned_location
from ocpprov.commands.terminal import Terminal

NOW = 1_790_000_000.0
"""2026-09-21 14:13:20 UTC."""
WHOEVER = "whoever has the URL reads bootstrap.ign, if the credentials of a role may (s3:GetObject)"


@pytest.mark.parametrize(
    ("expiry", "seconds", "said"),
    [
        (CredentialExpiry("a role", long_term=True), 3600, ", until 2026-09-21 15:13 UTC"),
        (CredentialExpiry("a role", NOW + 7200), 3600, ", until 2026-09-21 15:13 UTC"),
        (CredentialExpiry("a role", NOW + 3600), 3600, ", until 2026-09-21 15:13 UTC"),
        (
            CredentialExpiry("a role", NOW + 1800, refreshable=True),
            3600,
            ", until these credentials end at 2026-09-21 14:43 UTC: before 2026-09-21 15:13 UTC",
        ),
        (
            CredentialExpiry("a role"),
            86400,
            ", until 2026-09-22 14:13 UTC, or these credentials end before: nobody says when",
        ),
    ],
    ids=["keys without an end", "keys that outlast it", "keys that end with it", "keys that end before", "nobody says"],
)
def test_until_when(expiry: CredentialExpiry, seconds: int, said: str) -> None:
    assert how_long(expiry, NOW, seconds) == WHOEVER + said


@pytest.mark.parametrize("outputs", [{}, {"BootstrapIgnitionLocation": "https://elsewhere.example.com/bootstrap.ign"}])
def test_what_is_in_no_bucket_of_the_plans_is_not_signed(outputs: dict[str, object]) -> None:
    nobody = cast("Any", None)
    with pytest.raises(Refused, match=r"--presign: bootstrap.ign isn't in a bucket of the plan's; name the file in"):
        presigned_location(outputs, nobody, 3600, Terminal("ocpprov"))
