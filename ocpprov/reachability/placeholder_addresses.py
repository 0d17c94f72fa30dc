"""Addresses in the place of those that nobody knows before there is a network: blocks for documentation (RFC 5737)."""

from __future__ import annotations

from typing import Final

from ocpprov.reachability.spans import Span, addresses, blocks

INTERNET: Final = addresses("203.0.113.0/24")
"""Somewhere on the internet."""
SERVICE: Final = addresses("192.0.2.0/24")
"""Those of a service behind a gateway endpoint, which only AWS knows."""

_NAMES: Final = {INTERNET: "the internet", SERVICE: "the service's addresses"}


def named(span: Span) -> str:
    """Addresses as a reader knows them: blocks, or what the stand-in is for."""
    return _NAMES.get(span) or blocks(span)
