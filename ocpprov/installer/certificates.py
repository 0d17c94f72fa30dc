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
