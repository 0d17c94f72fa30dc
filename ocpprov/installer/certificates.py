"""The certificates in a file of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_CERTIFICATE: Final = re.compile(
    r"^-----BEGIN CERTIFICATE-----$.+?^-----END CERTIFICATE-----$", re.MULTILINE | re.DOTALL
)


def certificates(text: str) -> Sequence[str]:
    """Each certificate (PEM) without what stands around them; OpenSSL's own form (`TRUSTED CERTIFICATE`) isn't one to
    others. Raises ValueError where there is none."""
    found = [f"{each}\n" for each in _CERTIFICATE.findall(text.replace("\r\n", "\n"))]
    if not found:
        raise ValueError("there is no certificate in it (-----BEGIN CERTIFICATE-----)")
    return found


def with_certificates(text: str, more: str) -> str:
    """The text with those certificates of another one that it lacks below what it has. Whatever else the other one
    holds, a key say, stays there."""
    known = {_body(each) for each in _CERTIFICATE.findall(text.replace("\r\n", "\n"))}
    found = {_body(each): f"{each}\n" for each in _CERTIFICATE.findall(more.replace("\r\n", "\n"))}
    added = [each for body, each in found.items() if body not in known]
    above = text.rstrip("\n")
    return "".join([f"{above}\n" if above else "", *added]) if added else text


def _body(certificate: str) -> str:
    """What it says, however its lines are broken."""
    return "".join(certificate.split())
