"""Domains that nobody owns."""

from __future__ import annotations

from typing import Final

_REFUSED: Final = ("example.com", "example.net", "example.org")
"""Those of RFC 2606. For a public zone of them, or of a name below them, Route 53 answers InvalidDomainName, "reserved
by AWS"."""
_UNDELEGATED: Final = ("example.edu", "example", "internal", "invalid", "local", "localhost", "test")
"""Those that no name server of the world leads to (RFC 2606, RFC 6761, RFC 6762, ICANN on `internal`)."""


def is_refused(domain: str) -> bool:
    """Whether Route 53 makes no public zone of it: these, and any name without a dot."""
    return _is_in(domain, _REFUSED) or (bool(domain) and "." not in domain.removesuffix("."))


def is_undelegated(domain: str) -> bool:
    """Whether a public zone of it would be of no use."""
    return _is_in(domain, _UNDELEGATED)


def _is_in(domain: str, parents: tuple[str, ...]) -> bool:
    name = domain.removesuffix(".").lower()
    return any(name == each or name.endswith(f".{each}") for each in parents)
