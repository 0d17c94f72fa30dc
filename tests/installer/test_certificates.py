"""The certificates in a file, and nothing else of it."""

from __future__ import annotations

import pytest

from ocpprov.installer.certificates import certificates

ONE = "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"
TWO = "-----BEGIN CERTIFICATE-----\nWE1M\nTUlJ\n-----END CERTIFICATE-----\n"
OPENSSL = TWO.replace("CERTIFICATE", "TRUSTED CERTIFICATE")
KEY = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ONE, [ONE]),
        (f"# Autorité\n{ONE}\n\nsubject=/CN=b\n{TWO}", [ONE, TWO]),
        (ONE.replace("\n", "\r\n"), [ONE]),
        (ONE + KEY + OPENSSL + TWO, [ONE, TWO]),
        (ONE.rstrip(), [ONE]),
    ],
)
def test_each_stands_alone(text: str, found: list[str]) -> None:
    assert certificates(text) == found


@pytest.mark.parametrize("text", ["", KEY, OPENSSL, ONE.replace("END", "ENDE"), "x" + ONE])
def test_a_file_without_any_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="there is no certificate in it"):
        certificates(text)
