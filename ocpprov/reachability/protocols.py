"""Protocols as rules name them: by name where the field has one, else by number."""

from __future__ import annotations

from typing import Final

_NAMES: Final = {"1": "icmp", "6": "tcp", "17": "udp", "all": "-1"}
"""Names that rules of groups have for what entries of ACLs number (IANA's protocol numbers)."""
EVERY_CODE: Final = -1
"""ICMP's code that stands for all."""


def protocol_name(protocol: str | int) -> str:
    """tcp, udp and icmp by name, others by number, -1 for all."""
    text = str(protocol).lower()
    return _NAMES.get(text, text)
