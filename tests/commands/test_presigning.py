"""How long a presigned URL is good, in words: it ends with the credentials that signed it."""

from __future__ import annotations

import pytest

from ocpprov.aws.credential_expiry import CredentialExpiry
from ocpprov.commands.presigning import how_long

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
